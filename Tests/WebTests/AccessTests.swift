import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Postgres
import Testing

@testable import Services
@testable import Web

/// Every route as nobody, as the wrong person, as the right one: what comes back is compared with a checked-in table.
/// A new route without a row fails; so does a changed answer. `TOUCHSTONE_UPDATE_GOLDEN=1` writes the table anew, for review.
@Suite struct AccessTests {
    /// Who tries, by the key of the demonstration's cast. The bid and its draft belong to authority 840.
    static let people: [(column: String, key: String)] = [
        ("officer", "officer"), ("approver", "approver"), ("finance", "finance"), ("senior", "senior"),
        ("appraiser", "appraiser1"), ("own_editor", "840.editor"), ("own_certifier", "840.certifier"),
        ("own_users", "840.users"), ("other_editor", "919.editor"), ("other_certifier", "919.certifier"),
        ("reviewer", "reviewer"), ("auditor", "auditor"), ("administrator", "administrator"),
    ]

    static let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "access.golden.tsv")

    /// What an answer says about access, whatever else it says.
    static func verdict(_ response: TestResponse) -> String {
        switch response.status.code {
        case 401: return response.code?.contains("step_up") == true ? "step_up" : "sign_in"
        case 303:
            let location = response.headers[.location] ?? ""
            if location.hasPrefix("/sign-in?next") { return "sign_in" }
            return location.hasPrefix("/account/step-up") ? "step_up" : "allowed"
        case 403: return "refused"
        case 404: return "absent"
        case 200..<300, 400, 409, 412, 422, 429: return "allowed"
        default: return "status_\(response.status.code)"
        }
    }

    @Test("Every route answers everybody as the table says")
    func matrix() async throws {
        try await FundStage.run { stage in
            let places = try await Places(stage)
            try await WebStage.run(stage.test.core) { web in
                var found: [String: [String: String]] = [:]
                for route in RouteTable.routes where route.path != "/assets/{version}/{name}" {
                    let name = "\(route.method.rawValue) \(route.path)"
                    found[name] = try await Self.row(route, places, web, stage)
                    if route.path.contains("/bids/{id}") {
                        found[name + " (after close)"] = try await Self.row(route, places.afterClose, web, stage)
                    }
                }
                try Self.compare(found)
            }
        }
    }

    /// What everybody gets from one route.
    static func row(_ route: Route, _ places: Places, _ web: WebStage, _ stage: FundStage) async throws -> [String:
        String]
    {
        var row = ["nobody": verdict(try await attempt(route, places, web, token: nil))]
        for (column, key) in people {
            row[column] = verdict(try await attempt(route, places, web, token: try await stage.signedIn(key)))
        }
        return row
    }

    /// One attempt: the right form, and a version that nothing has, so that nothing changes.
    static func attempt(_ route: Route, _ places: Places, _ web: WebStage, token: String?) async throws -> TestResponse
    {
        let path = places.fill(route.path)
        switch (route.face, route.method) {
        case (.page, .get), (.system, _):
            return try await web.send(.get, path, as: token.map { .cookie($0) } ?? .nobody)
        case (.page, _) where !route.needsSignIn: return try await web.openForm(path, [("email", "nobody@example.com")])
        case (.page, _):
            guard let token else {
                return try await web.send(
                    .post, path, headers: [("Content-Type", "application/x-www-form-urlencoded")], body: "a=b")
            }
            return try await web.form(
                path, as: token,
                [
                    ("_version", "999999"), ("reason", "A reason of more than twenty characters."),
                    ("round", places.round),
                ])
        case (.api, _):
            var headers: [(String, String)] = []
            if route.versioned { headers.append(("If-Match", "\"999999\"")) }
            if route.once { headers.append(("Idempotency-Key", "\"\(UUID())\"")) }
            if route.body != nil { headers.append(("Content-Type", "application/json")) }
            let body = route.body.map { String(decoding: places.fill($0.sample).bytes, as: UTF8.self) }
            return try await web.send(
                route.method, path, as: token.map { .bearer($0) } ?? .nobody, headers: headers, body: body)
        }
    }

    static func compare(_ found: [String: [String: String]]) throws {
        let columns = ["nobody"] + people.map(\.column)
        let lines = found.keys.sorted().map { key in
            ([key] + columns.map { found[key]?[$0] ?? "" }).joined(separator: "\t")
        }
        let text = ([(["route"] + columns).joined(separator: "\t")] + lines).joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["TOUCHSTONE_UPDATE_GOLDEN"] == "1" {
            try text.write(to: golden, atomically: true, encoding: .utf8)
        }
        let wanted = (try? String(contentsOf: golden, encoding: .utf8)) ?? ""
        let wantedLines = Set(wanted.split(separator: "\n"))
        for line in text.split(separator: "\n") where !wantedLines.contains(line) {
            Issue.record("not in the table: \(line)")
        }
        let foundLines = Set(text.split(separator: "\n"))
        for line in wantedLines where !foundLines.contains(line) { Issue.record("in the table, not found: \(line)") }
    }

    /// What must hold of the table itself, from the rules and not from the program.
    @Test("The table keeps the rules that no route may break")
    func rules() throws {
        let text = try String(contentsOf: Self.golden, encoding: .utf8)
        let rows = text.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
        let columns = try #require(rows.first)
        let routes = Dictionary(
            RouteTable.routes.map { ("\($0.method.rawValue) \($0.path)", $0) }, uniquingKeysWith: { first, _ in first })
        for cells in rows.dropFirst() {
            let row = Dictionary(zip(columns, cells), uniquingKeysWith: { first, _ in first })
            let closed = cells[0].hasSuffix(" (after close)")
            let route = try #require(routes[cells[0].replacing(" (after close)", with: "")], "\(cells[0]) is no route")
            let ownAccount = ["/account", "/sign-out", "/api/v1/me"].contains { route.path.hasPrefix($0) }
            if route.needsSignIn { #expect(row["nobody"] == "sign_in", "\(cells[0]) as nobody") }
            #expect(!cells.contains { $0.hasPrefix("status_5") }, "\(cells[0]) broke")
            guard route.needsSignIn, route.method != .get, !ownAccount else { continue }
            // A page shows its form again before the core is asked; the API has no such step.
            guard route.face == .api else { continue }
            if route.action?.permission.writes != false {
                #expect(["refused", "absent"].contains(row["auditor"] ?? ""), "\(cells[0]) as the auditor")
            }
            if !["people", "capacities", "delegations"].contains(route.tag) {
                #expect(["refused", "absent"].contains(row["administrator"] ?? ""), "\(cells[0]) as the administrator")
            }
            if route.path.contains("/bids/{id}") {
                // The bid after the close belongs to none of these authorities; the draft to 840.
                let others = ["other_editor", "other_certifier"] + (closed ? ["own_editor", "own_certifier"] : [])
                for other in others { #expect(row[other] == "absent", "\(cells[0]) as another authority") }
            }
        }
    }

    @Test("Names of operations are unique, and so are methods of an address")
    func unique() {
        let names = RouteTable.routes.map(\.operation)
        #expect(Set(names).count == names.count, "\(Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys)")
        let addresses = RouteTable.routes.map { "\($0.method.rawValue) \($0.path)" }
        #expect(Set(addresses).count == addresses.count)
    }

    /// What no operation of the API does by itself, and why that is right.
    static let notInTheAPI: [Domain.Action: String] = [
        .peopleEdit: "no page offers it either: a name or address that changes comes with a later issue",
        .organisationCreate: "organisations come from the register: touchstone reference load",
        .organisationRecordFact: "facts come from the register: touchstone reference load",
        .referenceLoad: "for the operator on the host: touchstone reference load",
        .bidAppraise: "follows from the last appraisal: finaliseAppraisal",
        .bidApprove: "follows from the approval of the award: turnKey",
        .bankRead: "part of the award and of the page of bank details",
        .claimPartVerify: "verifyClaim, with what is disallowed",
        .evaluationReportRenewDelay: "delayEvaluationReport, once it is delayed",
        .reportReadOwn: "getReport asks for it, where the report does",
        .reportReadWhole: "getReport asks for it, where the report does",
        .reviewCheckInterests: "follows from the declaration of interests",
        .reviewRecuse: "ruleOnInterest, with its outcome",
        .variationList: "part of getAward",
        .auditRead: "report 59 is the trail: getReport",
        .auditReadSecurity: "report 59 is the trail: getReport",
        .auditVerify: "done offline on an export, by somebody who need not trust this server: touchstone audit verify",
    ]

    @Test("Whatever somebody may do has an operation of the API, but for what is listed with its reason")
    func everyAction() {
        let reached = Set(RouteTable.routes.filter { $0.face == .api }.compactMap(\.action))
        for action in Domain.Action.allCases {
            let isListed = Self.notInTheAPI[action] != nil
            #expect(reached.contains(action) != isListed, "\(action.rawValue)")
        }
        // What a page does, the API does.
        for route in RouteTable.routes where route.face == .page {
            let isListed = route.action.map { Self.notInTheAPI[$0] != nil } ?? false
            #expect(isListed || route.action.map(reached.contains) ?? true, "\(route.operation)")
        }
    }

    @Test("Nothing that only looks is a write, and nothing that writes is a GET")
    func reads() {
        for route in RouteTable.routes where route.method == .get {
            // Whom one could assign is for those to know who assign.
            guard route.operation != "listAssignablePeople", route.face == .api else { continue }
            #expect(route.action?.permission.writes != true, "\(route.operation)")
        }
    }
}

/// Real objects for the addresses of the table.
struct Places: Sendable {
    private var ids: [String: String]

    /// The round that takes bids.
    var round: String { ids["round"] ?? "" }

    /// The same with a bid of another authority, submitted, in a round that has closed.
    var afterClose: Places {
        var places = self
        places.ids["bids"] = ids["closedBid"]
        return places
    }

    /// The same with another object of one kind.
    func replacing(_ kind: String, by id: some CustomStringConvertible) -> Places {
        var places = self
        places.ids[kind] = "\(id)"
        return places
    }

    init(_ stage: FundStage) async throws {
        let round = try await stage.openRound()
        let bid = try await stage.services.bids.start(try stage.actor("840.editor"), round, title: "A bid to look at")
        let (closedBid, approval) = try await stage.clearedApproval(pounds: 100_000)
        let appraisal: AppraisalID = try await stage.test.value(
            "select id from appraisal where bid_id <> \(bid) order by id limit 1")
        let programme: ProgrammeID = try await stage.test.value("select programme_id from round where id = \(round)")
        let money = try await AwardStage.inForce(on: stage, of: "840")
        let claim = try await money.approved(1, [Money(pounds: 100)])
        let batch = try await money.assembled([claim])
        let variation = try await money.services.variations.draft(
            try money.editor, money.award, Self.variation)
        let evidence = try EvidenceStage.on(money)
        let practice = try await evidence.practice()
        let rating = try await evidence.proposed(practice)
        let option = try await evidence.option(practice)
        let adoption = try await evidence.adopted(practice, by: "926")
        let assessment: CapacityAssessmentID = try await stage.test.value(
            "select id from capacity_assessment where bid_id = \(money.bid.id)")
        let followUp = try evidence.openFollowUp()
        let person = try stage.person("840.editor")
        let capacity: CapacityID = try await stage.test.value(
            "select id from capacity where person_id = \(person) limit 1")
        let delegation: DelegationID = try await stage.test.value("select id from delegation order by id limit 1")
        let organisation: OrganisationID = try await stage.test.value(
            "select organisation_id from person where id = \(person)")
        ids = [
            "programmes": "\(programme)", "rounds": "\(round)", "bids": "\(bid)", "appraisals": "\(appraisal)",
            "approvals": "\(approval)", "people": "\(person)", "capacities": "\(capacity)",
            "delegations": "\(delegation)",
            "organisations": "\(organisation)", "programme": "\(programme)", "round": "\(round)", "bid": "\(bid)",
            "awards": "\(money.award)", "award": "\(money.award)", "claims": "\(claim)", "payments": "\(batch)",
            "practices": "\(practice)", "practice": "\(practice)", "ratings": "\(rating)",
            "roll-out-decisions": "\(option)",
            "adoptions": "\(adoption)", "capacity-assessments": "\(assessment)", "follow-ups": "\(followUp)",
            "variations": "\(variation)", "person": "\(person)", "organisation": "\(organisation)",
            "closedBid": "\(closedBid.id)",
        ]
    }

    private static var variation: Variation.Content {
        var content = Variation.Content()
        content.kind = .dates
        content.reason = AwardStage.reason
        return content
    }

    /// An address with its variable parts filled in.
    func fill(_ path: String) -> String {
        var parts: [String] = []
        for part in path.split(separator: "/").map(String.init) {
            switch part {
            case "{id}":
                parts.append(ids[parts.last ?? ""] ?? ids[parts.first ?? ""] ?? "0190b0a0-0000-7000-8000-000000000000")
            case "{capacity}": parts.append(ids["capacities"] ?? "")
            case "{bid}": parts.append(ids["bid"] ?? "")
            case "{kind}": parts.append("bid")
            case "{code}": parts.append("r11")
            case "{section}": parts.append("need")
            case "{part}":
                parts.append(
                    parts.first == "rounds" ? RoundPart.allCases[0].rawValue : ProgrammePart.allCases[0].rawValue)
            case _ where part.hasPrefix("{"): parts.append("0190b0a0-0000-7000-8000-000000000000")
            default: parts.append(part)
            }
        }
        let query = path == "/bids/new" ? "?round=\(ids["round"] ?? "")" : ""
        return "/" + parts.joined(separator: "/") + query
    }

    /// A document that names real objects.
    func fill(_ json: Web.JSON) -> Web.JSON {
        guard case .object(let members) = json else { return json }
        return .object(
            members.map { member in
                guard let id = ids[member.name], member.value.string?.count == 36 else { return member }
                return Web.JSON.Member(name: member.name, value: .text(id))
            })
    }
}

extension FundStage {
    /// A session of its own for somebody of the cast.
    func signedIn(_ key: String) async throws -> String {
        let token = Tokens.fresh()
        _ = try await test.signIn(try person(key), token: token)
        return token
    }
}
