import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Postgres
import Testing

@testable import Services
@testable import Web

/// Words that stand in one place only, and everything that anybody else can fetch: not one of them may turn up there.
///
/// Every address of the route table is asked for (what only looks and what changes, with its refusals), with real ids,
/// and every link on every page that is reached is followed.
@Suite struct CanaryTests {
    /// A planted word: where it stands and who may meet it.
    struct Canary {
        let word: String
        let what: String
        let seenBy: Set<String>
    }

    /// Who looks: the cast of the access table, with the second appraiser and the authority whose bid is appraised.
    static let people =
        AccessTests.people.map(\.key) + ["appraiser2", "916.editor", "916.certifier", "approver2", "reviewer2"]

    private static let own: Set = ["840.editor", "840.certifier", "840.users"]
    private static let staff: Set = [
        "officer", "approver", "approver2", "finance", "senior", "appraiser1", "appraiser2",
    ]

    static let canaries = [
        Canary(word: "Zanzibarq", what: "the title of a sealed draft", seenBy: own),
        Canary(word: "Quetzalqx", what: "the text of a sealed draft", seenBy: own),
        Canary(word: "Wolverinq", what: "the title of a sealed submitted bid", seenBy: own),
        Canary(word: "Ocelotqzy", what: "the text of a sealed submitted bid", seenBy: own),
        Canary(
            word: "Marmosetq", what: "the name of an appraiser, to whoever bids or reviews",
            seenBy: staff.union(["auditor", "administrator"])),
        Canary(
            word: "Tapirwxqz", what: "a rationale that was submitted, before all are final",
            seenBy: ["appraiser1", "officer", "auditor"]),
        Canary(
            word: "Axolotlqz", what: "a rationale that is not submitted yet", seenBy: ["appraiser2", "auditor"]),
    ]

    @Test("What is sealed, blind or unfinished turns up nowhere that others can look")
    func nowhere() async throws {
        try await FundStage.run { stage in
            let scene = try await CanaryScene(stage)
            // As an installation is: in a demonstration everybody may read everybody's notices.
            var settings = WebStage.settings
            settings.isDemonstration = false
            try await WebStage.run(stage.test.core, settings: settings) { web in
                var met: [String: Set<String>] = [:]
                for key in [nil] + Self.people.map(Optional.some) {
                    let reader = Reader(key: key, scene: scene, web: web, stage: stage)
                    try await reader.askEverything()
                    try await reader.followLinks()
                    #expect(reader.asked > 150, "\(key ?? "nobody") asked for \(reader.asked) things only")
                    for canary in Self.canaries {
                        let places = reader.places(of: canary.word)
                        met[canary.word, default: []].formUnion(places.isEmpty ? [] : [key ?? "nobody"])
                        guard !canary.seenBy.contains(key ?? "nobody") else { continue }
                        #expect(places.isEmpty, "\(key ?? "nobody") meets \(canary.what) at \(places.prefix(3))")
                    }
                }
                // The words are there to be met: whoever may, does.
                for canary in Self.canaries {
                    #expect(met[canary.word] == canary.seenBy.intersection(Self.people), "\(canary.what)")
                }
            }
        }
    }
}

/// One sealed draft, one sealed submitted bid, and one bid under appraisal by two people and a reviewer.
struct CanaryScene: Sendable {
    /// The objects to ask for, one set after the other, each with the routes that it makes a difference to.
    let places: [(places: Places, about: String)]

    init(_ stage: FundStage) async throws {
        let base = try await Places(stage)
        try await stage.test.sql(
            """
            update public.person set name = 'Helen Marmosetq', version = version + 1
            where id = \(try stage.person("appraiser1"))
            """)
        let open = try await stage.openRound("Round A")
        let draft = try await Self.bid(stage, open, title: "Zanzibarq families", text: "Quetzalqx", submit: false)
        let sealed = try await Self.bid(stage, open, title: "Wolverinq families", text: "Ocelotqzy", submit: true)
        let appraised = try await Self.underAppraisal(stage)
        let appraisals = try await stage.fund.appraisals(appraised).map(\.id)
        places =
            [
                (base.replacing("bids", by: draft), "/"), (base.replacing("bids", by: sealed), "/bids/{id}"),
                (base.replacing("bids", by: appraised.id), "/bids/{id}"),
                (base.replacing("people", by: try stage.person("appraiser1")), "/people/{id}"),
            ] + appraisals.map { (base.replacing("appraisals", by: $0), "/appraisals/{id}") }
    }

    private static func bid(_ stage: FundStage, _ round: RoundID, title: String, text: String, submit: Bool)
        async throws -> BidID
    {
        let bids = stage.services.bids
        let editor = try stage.actor("840.editor")
        let id = try await bids.start(editor, round, title: title)
        var content = stage.fund.bidContent(title, requested: Money(pounds: 90_000))
        content.need.problem = "\(text) is the problem."
        content.evaluation.question = "Does \(text) change?"
        content.delivery.partners = "The \(text) trust."
        for section in BidSection.allCases {
            _ = try await bids.saveSection(editor, id, section, content: content, version: 0)
        }
        guard submit else { return id }
        try await bids.sendForCertification(editor, id, version: try await stage.fund.version(id))
        _ = try await bids.submit(
            try stage.actor("840.certifier"), id, version: try await stage.fund.version(id),
            declarationVersion: Declaration.version)
        return id
    }

    /// The first appraiser has submitted, the second is writing, the reviewer has not begun.
    private static func underAppraisal(_ stage: FundStage) async throws -> DemonstrationBid {
        let round = try await stage.openRound("Round B")
        let bid = try await stage.fund.submittedBid(round, "916", "Under appraisal", pounds: 90_000)
        try await stage.close(round)
        try await stage.fund.findEligible(bid)
        try await stage.fund.assign(bid)
        try await stage.fund.beginAppraisal(round)
        let rows = try await stage.fund.appraisals(bid)
        for (key, word, submits) in [("appraiser1", "Tapirwxqz", true), ("appraiser2", "Axolotlqz", false)] {
            let person = try stage.person(key)
            guard let row = rows.first(where: { $0.appraiser == person }) else { continue }
            let actor = try stage.actor(key)
            try await stage.services.appraisals.begin(actor, row.id, version: 1)
            let criteria = try await stage.services.appraisals.detail(actor, row.id).criteria
            let scores = criteria.compactMap(\.id).map {
                Score(
                    criterion: $0, value: 3, rationale: "\(word): specific, with local figures and names of who acts.")
            }
            _ = try await stage.services.appraisals.saveScores(actor, row.id, version: 2, scores)
            if submits { try await stage.services.appraisals.submit(actor, row.id, version: 3) }
        }
        return bid
    }
}

/// Everything that one person can fetch, kept by the address that gave it.
private final class Reader {
    let key: String?
    let scene: CanaryScene
    let web: WebStage
    let stage: FundStage
    private var found: [String: Set<String>] = [:]
    private(set) var asked = 0

    init(key: String?, scene: CanaryScene, web: WebStage, stage: FundStage) {
        self.key = key
        self.scene = scene
        self.web = web
        self.stage = stage
    }

    /// Where a word was met.
    func places(of word: String) -> [String] { (found[word] ?? []).sorted() }

    private var session: String?

    /// The session of this person; a new one after whatever may have ended or replaced it.
    private func token(fresh: Bool = false) async throws -> String? {
        guard let key else { return nil }
        if session == nil || fresh { session = try await stage.signedIn(key) }
        return session
    }

    private func keep(_ response: TestResponse, of address: String) {
        asked += 1
        let text = response.text + response.headers.map(\.value).joined(separator: "\n")
        for canary in CanaryTests.canaries where text.localizedCaseInsensitiveContains(canary.word) {
            found[canary.word, default: []].insert(address)
        }
    }

    /// Every route of the table on every object, and the same word searched for.
    func askEverything() async throws {
        for (places, about) in scene.places {
            for route in RouteTable.routes
            where route.path.contains(about) && route.path != "/assets/{version}/{name}" {
                // With a reason on record an auditor may: that is tested where it belongs.
                if route.action == .bidReadSealed, key == "auditor" { continue }
                let response = try await AccessTests.attempt(route, places, web, token: try await token())
                keep(response, of: "\(route.method.rawValue) \(places.fill(route.path))")
                let own = ["account", "token"].contains(route.action?.noun ?? "")
                if own, route.method != .get { _ = try await token(fresh: true) }
            }
        }
        for path in Self.searches {
            let sender = try await token().map { WebStage.Sender.bearer($0) } ?? .nobody
            keep(try await web.send(.get, path, as: sender), of: path)
            let cookie = try await token().map { WebStage.Sender.cookie($0) } ?? .nobody
            let page = path.replacing("/api/v1", with: "")
            keep(try await web.send(.get, page, as: cookie), of: page)
        }
    }

    /// Lists as wide as they go, and exports. The words themselves are not asked for: a page repeats what was typed.
    private static let searches =
        ["bids", "rounds", "programmes", "appraisals", "approvals", "notices", "people", "delegations"].map {
            "/api/v1/\($0)?size=100"
        } + Bid.State.allCases.map { "/api/v1/bids?state=\($0.rawValue)" }
        + ReportCode.allCases.flatMap { ["/api/v1/reports/\($0.rawValue)", "/api/v1/reports/\($0.rawValue)/csv"] }
        + ["/api/v1/people?search=Helen", "/api/v1/people?role=department&size=100", "/api/v1/me/tasks"]

    private static let pagesMost = 200

    /// Breadth first from the home page, each address once.
    func followLinks() async throws {
        guard let token = try await token(fresh: true) else { return }
        var waiting = ["/"]
        var seen: Set = ["/"]
        var read = 0
        while !waiting.isEmpty, read < Self.pagesMost {
            let address = waiting.removeFirst()
            read += 1
            let response = try await web.send(.get, address, as: .cookie(token))
            keep(response, of: address)
            guard response.headers[.contentType]?.hasPrefix("text/html") == true else { continue }
            for match in response.text.matches(of: #/href="(/[^"#]*)"/#) {
                let next = String(match.1).replacing("&amp;", with: "&")
                if !next.hasPrefix("/assets/"), seen.insert(next).inserted { waiting.append(next) }
            }
        }
    }
}
