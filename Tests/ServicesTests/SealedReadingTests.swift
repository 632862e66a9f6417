import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// An auditor reads a bid before its round closes: only for a reason, and never without a record of it.
@Suite("Sealed readings")
struct SealedReadingTests {
    static let reason = "A complaint says that this bid copies another one."

    private func records(_ stage: FundStage, _ bid: BidID) async throws -> [String] {
        try await stage.test.value(
            """
            select coalesce(array_agg(e.reason order by e.seq), '{}') from audit.event e
            where e.action = 'bid.read_sealed' and e.object_id = \(bid)
            """)
    }

    @Test("The auditor sees that it is there; what it says comes with a reason, and the reason is on record")
    func reading() async throws {
        try await FundStage.run { stage in
            let bid = try await stage.fund.sentBid(try await stage.openRound(), "840", "Families first", pounds: 90_000)
            let bids = stage.services.bids
            let auditor = try stage.actor("auditor")
            let sealed = try await bids.sealed(auditor, bid.id)
            #expect(sealed.state == .inCertification)
            #expect(try await refusal { try await bids.content(auditor, bid.id) }?.kind == .notFound)
            #expect(try await records(stage, bid.id).isEmpty)

            let reading = try await bids.readSealed(auditor, bid.id, reason: Self.reason)
            #expect(reading.title == "Families first")
            #expect(reading.sections == BidSection.allCases)
            #expect(reading.content.costs.requested == Money(pounds: 90_000))
            #expect(try await records(stage, bid.id) == [Self.reason])
            let who: PersonID = try await stage.test.value(
                "select e.person_id from audit.event e where e.action = 'bid.read_sealed'")
            #expect(who == (try stage.person("auditor")))
            // Sealed as before to every other way of reading.
            #expect(try await refusal { try await bids.content(auditor, bid.id) }?.kind == .notFound)
        }
    }

    @Test("A bid of which only the title is there is read too")
    func titleOnly() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let id = try await stage.services.bids.start(try stage.actor("840.editor"), round, title: "Only a title")
            let reading = try await stage.services.bids.readSealed(
                try stage.actor("auditor"), id, reason: Self.reason)
            #expect(reading.title == "Only a title")
            #expect(reading.sections.isEmpty)
        }
    }

    @Test("Without a reason that says something nothing is read and nothing recorded")
    func reasons() async throws {
        try await FundStage.run { stage in
            let bid = try await stage.fund.draftBid(try await stage.openRound(), "840")
            let tooLong = String(repeating: "word ", count: 401)
            for reason in ["", "Curious.", "                    ", "\u{a0}\u{a0}19 characters long.\u{2003}", tooLong] {
                let refused = try await refusal {
                    try await stage.services.bids.readSealed(try stage.actor("auditor"), bid.id, reason: reason)
                }
                #expect(refused?.kind == .invalid, "\(reason.prefix(30))")
                #expect(refused?.problems.map(\.field) == ["reason"])
            }
            #expect(try await records(stage, bid.id).isEmpty)
        }
    }

    @Test(
        "Nobody but an auditor: those who see the bid are refused, the others do not find it",
        arguments: [
            ("840.editor", Refusal.Kind.forbidden), ("840.certifier", .forbidden), ("919.editor", .notFound),
            ("officer", .notFound), ("approver", .notFound), ("senior", .notFound), ("reviewer", .notFound),
            ("administrator", .notFound),
        ])
    func others(_ key: String, _ kind: Refusal.Kind) async throws {
        try await FundStage.run { stage in
            let bid = try await stage.fund.draftBid(try await stage.openRound(), "840")
            let actor = try stage.actor(key)
            let looked = try await refusal { try await stage.services.bids.sealed(actor, bid.id) }
            #expect(looked?.kind == kind)
            let read = try await refusal {
                try await stage.services.bids.readSealed(actor, bid.id, reason: Self.reason)
            }
            #expect(read?.kind == kind)
            #expect(try await records(stage, bid.id).isEmpty)
        }
    }

    @Test("After the close a submitted bid needs no reason; one that was never submitted still does")
    func afterClose() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let submitted = try await stage.fund.submittedBid(round, "916", pounds: 90_000)
            let left = try await stage.fund.draftBid(round, "840", "Never sent")
            try await stage.close(round)
            let auditor = try stage.actor("auditor")
            let bids = stage.services.bids
            #expect(try await bids.content(auditor, submitted.id).isSubmitted)
            let open = try await refusal { try await bids.readSealed(auditor, submitted.id, reason: Self.reason) }
            #expect(open?.code == "not_sealed")
            #expect(try await refusal { try await bids.content(auditor, left.id) }?.kind == .notFound)
            let listed = try await bids.list(auditor).rows
            #expect(listed.first { $0.id == left.id }?.title == "")
            #expect(listed.first { $0.id == left.id }?.requested == nil)
            #expect(listed.first { $0.id == submitted.id }?.title.isEmpty == false)
            #expect(try await bids.readSealed(auditor, left.id, reason: Self.reason).title == "Never sent")
        }
    }
}
