import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// Round trips are counted, because a page that needs another one is slow everywhere at once.
@Suite struct FlightTests {
    private func reads<R>(_ stage: FundStage, _ act: () async throws -> R) async throws -> Int {
        let before = stage.test.app.flights
        _ = try await act()
        let after = stage.test.app.flights
        #expect(after.write == before.write, "a read stays on the read lane")
        return after.read - before.read
    }

    private func writes<R>(_ stage: FundStage, _ act: () async throws -> R) async throws -> Int {
        let before = stage.test.app.flights
        _ = try await act()
        let after = stage.test.app.flights
        #expect(after.read == before.read, "a write stays on the write lane")
        return after.write - before.write
    }

    @Test("Every page is read in one round trip")
    func pages() async throws {
        try await FundStage.run { stage in
            let services = stage.services
            let (bid, approval) = try await stage.clearedApproval(pounds: 200_000)
            let officer = try stage.actor("officer")
            let editor = try stage.actor("916.editor")
            let programme = try #require(try await services.programmes.list(officer).rows.first)
            let round = try #require(try await services.rounds.list(officer).rows.first)
            let appraisal = try #require(try await stage.fund.appraisals(bid).first)
            #expect(try await reads(stage) { try await services.home(officer) } == 1)
            #expect(try await reads(stage) { try await services.programmes.detail(officer, programme.id) } == 1)
            #expect(try await reads(stage) { try await services.rounds.detail(officer, round.id) } == 1)
            #expect(try await reads(stage) { try await services.rounds.open(editor) } == 1)
            #expect(try await reads(stage) { try await services.bids.list(editor) } == 1)
            #expect(try await reads(stage) { try await services.bids.detail(editor, bid.id) } == 1)
            #expect(try await reads(stage) { try await services.bids.section(editor, bid.id, .costs) } == 1)
            #expect(try await reads(stage) { try await services.bids.content(officer, bid.id) } == 1)
            #expect(try await reads(stage) { try await services.bids.detailJSON(editor, bid.id) } == 1)
            #expect(try await reads(stage) { try await services.bids.listJSON(editor) } == 1)
            #expect(try await reads(stage) { try await services.appraisals.detail(officer, appraisal.id) } == 1)
            #expect(try await reads(stage) { try await services.appraisals.summary(officer, bid.id) } == 1)
            #expect(try await reads(stage) { try await services.approvals.queue(officer) } == 1)
            #expect(try await reads(stage) { try await services.approvals.detail(officer, approval) } == 1)
        }
    }

    @Test("Every act is written in two round trips")
    func acts() async throws {
        try await FundStage.run { stage in
            let services = stage.services
            let round = try await stage.openRound()
            let editor = try stage.actor("916.editor")
            let content = stage.fund.bidContent("Counted", requested: Money(pounds: 200_000))
            let bid = try await services.bids.start(editor, round, title: "Counted")
            for section in BidSection.allCases {
                let count = try await writes(stage) {
                    try await services.bids.saveSection(editor, bid, section, content: content, version: 0)
                }
                #expect(count == 2)
            }
            let sent = try await stage.fund.version(bid)
            #expect(
                try await writes(stage) { try await services.bids.sendForCertification(editor, bid, version: sent) }
                    == 2)
            let version = try await stage.fund.version(bid)
            let certifier = try stage.actor("916.certifier")
            let key = IdempotencyKey(key: "count", requestHash: digest("count"))
            #expect(
                try await writes(stage) {
                    try await services.bids.submit(
                        certifier, bid, version: version, declarationVersion: Declaration.version, once: key)
                } == 2)
        }
    }

    @Test("The list of bids pages by key: nothing twice, nothing left out, the same as rows and as JSON")
    func paging() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let editor = try stage.actor("840.editor")
            var made: Set<BidID> = []
            for number in 1...7 {
                made.insert(try await stage.services.bids.start(editor, round, title: "Bid \(number)"))
            }
            var seen: [BidID] = []
            var json: [String] = []
            var after: String?
            var pages = 0
            repeat {
                let page = PageRequest(after: after, size: 3)
                let rows = try await stage.services.bids.list(editor, page: page)
                let text = try await stage.services.bids.listJSON(editor, page: page)
                let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
                let items = try #require(object["items"] as? [[String: Any]])
                json += items.compactMap { $0["id"] as? String }
                #expect(object["next"] as? String == rows.next)
                seen += rows.rows.map(\.id)
                after = rows.next
                pages += 1
            } while after != nil && pages < 10
            #expect(pages == 3)
            #expect(seen.count == 7 && Set(seen) == made)
            #expect(json == seen.map(\.description))
            let draft = try await stage.services.bids.listJSON(editor, filter: BidFilter(state: .submitted))
            #expect(draft == #"{"items" : [], "next" : null}"#)
        }
    }
}
