import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// Drafting, certifying and submitting, as the authority and the department meet them.
@Suite struct BidJourneyTests {
    @Test("A bid goes from a blank draft to a receipt whose digest is that of the text")
    func submission() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let bid = try await stage.fund.sentBid(round, "916")
            let certifier = try stage.actor("916.certifier")
            let version = try await stage.fund.version(bid.id)
            let receipt = try await stage.services.bids.submit(
                certifier, bid.id, version: version, declarationVersion: Declaration.version)
            let content = try await stage.services.bids.content(certifier, bid.id)
            #expect(receipt.number == 1)
            #expect(receipt.hash == Hex.text(digest(content.content.canonicalText)))
            #expect(content.isSubmitted && content.problems.isEmpty)
            #expect(try await stage.services.bids.receipt(certifier, bid.id).hash == receipt.hash)
            let id = bid.id
            #expect(try await stage.count("select count(*) from bid_cost_line where bid_id = \(id)") == 12)
            #expect(try await stage.count("select count(*) from bid_outcome where bid_id = \(id)") == 1)
        }
    }

    @Test("Scenario 3: an editor who certifies their own bid is refused, by name of the rule, and it is recorded")
    func editorCannotCertify() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            // editor2 holds both capacities: only what they did to this bid stands between them and certifying.
            let both = try stage.actor("840.editor2")
            let bid = try await stage.services.bids.start(both, round, title: "Own bid")
            let content = stage.fund.bidContent("Own bid", requested: Money(pounds: 500_000))
            for section in BidSection.allCases {
                _ = try await stage.services.bids.saveSection(both, bid, section, content: content, version: 0)
            }
            try await stage.services.bids.sendForCertification(both, bid, version: try await stage.fund.version(bid))
            let version = try await stage.fund.version(bid)
            let refused = try await refusal {
                try await stage.services.bids.submit(
                    both, bid, version: version, declarationVersion: Declaration.version)
            }
            #expect(refused?.kind == .forbidden)
            #expect(refused?.code == "SOD_W_CE")
            #expect(refused?.sentence.contains("edited this bid") == true)
            #expect(
                try await stage.count(
                    "select count(*) from audit.event where action = 'duty.denied' and object_id = \(bid)") == 1)
            // Another certifier may.
            _ = try await stage.services.bids.submit(
                try stage.actor("840.certifier"), bid, version: version, declarationVersion: Declaration.version)
        }
    }

    @Test("The database refuses the same pair to whoever writes past the services")
    func databaseSeparatesDuties() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let bid = try await stage.fund.sentBid(round, "840").id
            let editor = try stage.actor("840.editor")
            let person = try stage.person("840.editor")
            do {
                try await stage.test.app.transaction("test.bypass") { tx in
                    _ = try tx.run(ActorStatements.open(editor.credential).one)
                    tx.queue(BidStatements.perform(.certified, in: bid, by: person, version: 1).done)
                }
                Issue.record("the trigger let it pass")
            } catch let error as StatementError {
                #expect(error.sqlState == "TS003")
                #expect(error.message == "SOD_W_CE")
            }
        }
    }

    @Test("Two editors: the second to save over an old version is refused and the first one's text stays")
    func conflictingEditors() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let first = try stage.actor("840.editor")
            let second = try stage.actor("840.editor2")
            let bid = try await stage.services.bids.start(first, round, title: "Shared")
            var content = BidContent()
            content.need.problem = "As the first editor wrote it"
            #expect(try await stage.services.bids.saveSection(first, bid, .need, content: content, version: 0) == 1)
            var other = BidContent()
            other.need.problem = "As the second wrote it, not knowing"
            let late = try await refusal {
                try await stage.services.bids.saveSection(second, bid, .need, content: other, version: 0)
            }
            #expect(late?.kind == .stale)
            let seen = try await stage.services.bids.section(second, bid, .need)
            #expect(seen.content.need.problem == "As the first editor wrote it")
            #expect(seen.version == 1 && seen.editable)
            // Another section is nobody's conflict.
            #expect(try await stage.services.bids.saveSection(second, bid, .delivery, content: other, version: 0) == 1)
            #expect(try await stage.services.bids.saveSection(second, bid, .need, content: other, version: 1) == 2)
        }
    }

    @Test("Until the round closes nobody outside the authority finds the bid; then the department reads all of it")
    func sealedUntilClose() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let bid = try await stage.fund.submittedBid(round, "916").id
            for key in ["officer", "approver", "senior", "auditor", "reviewer", "840.editor"] {
                let actor = try stage.actor(key)
                #expect(
                    try await refusal { try await stage.services.bids.content(actor, bid) }?.kind == .notFound, "\(key)"
                )
                #expect(
                    try await refusal { try await stage.services.bids.detail(actor, bid) }?.kind == .notFound, "\(key)")
                #expect(
                    try await refusal { try await stage.services.bids.detailJSON(actor, bid) }?.kind == .notFound,
                    "\(key)")
            }
            // The auditor sees that it is there, and neither what it is called nor what it asks for.
            let auditor = try stage.actor("auditor")
            let row = try await stage.services.bids.list(auditor).rows.first
            #expect(row?.id == bid && row?.title == "" && row?.requested == nil)
            #expect(try await !stage.services.bids.listJSON(auditor).contains("900000"))
            let officer = try stage.actor("officer")
            #expect(try await stage.services.bids.list(officer).rows.isEmpty)
            #expect(try await stage.services.rounds.detail(officer, round).bids.isEmpty)
            try await stage.close(round)
            let content = try await stage.services.bids.content(officer, bid)
            #expect(content.content.need.expectedNumber == 240)
            #expect(try await stage.services.bids.list(officer).rows.map(\.id) == [bid])
            #expect(
                try await refusal { try await stage.services.bids.content(try stage.actor("840.editor"), bid) }?.kind
                    == .notFound)
        }
    }

    @Test("Scenario 2: the last second counts, the closing second does not")
    func closingSecond() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let inTime = try await stage.fund.sentBid(round, "916").id
            let late = try await stage.fund.sentBid(round, "840").id
            _ = try await stage.services.bids.submit(
                try stage.actor("916.certifier"), inTime, version: try await stage.fund.version(inTime),
                declarationVersion: Declaration.version)
            // The worker has not closed the round yet; the clock has.
            try await stage.asOwner(
                Statement<Void>(
                    "test.close",
                    "update round set closes_at = clock_timestamp(), version = version + 1 where id = \(round)"
                ).done)
            let version = try await stage.fund.version(late)
            let refused = try await refusal {
                try await stage.services.bids.submit(
                    try stage.actor("840.certifier"), late, version: version, declarationVersion: Declaration.version)
            }
            #expect(refused?.kind == .conflict)
            #expect(refused?.code == "round_closed")
            try await stage.fund.tick()
            #expect(
                try await stage.services.bids.detail(try stage.actor("840.editor"), late).bid.state == .notSubmitted)
        }
    }

    @Test("A draft survives reopening: the submitted version is kept, the new one gets a new number")
    func reopening() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let bid = try await stage.fund.submittedBid(round, "916").id
            let editor = try stage.actor("916.editor")
            let certifier = try stage.actor("916.certifier")
            try await stage.services.bids.reopen(certifier, bid, version: try await stage.fund.version(bid))
            var content = stage.fund.bidContent("Revised", requested: Money(pounds: 900_000))
            content.need.expectedNumber = 300
            _ = try await stage.services.bids.saveSection(editor, bid, .need, content: content, version: 1)
            try await stage.services.bids.sendForCertification(editor, bid, version: try await stage.fund.version(bid))
            let receipt = try await stage.services.bids.submit(
                certifier, bid, version: try await stage.fund.version(bid), declarationVersion: Declaration.version)
            #expect(receipt.number == 2)
            #expect(
                try await stage.count("select count(distinct content_hash) from bid_version where bid_id = \(bid)") == 2
            )
        }
    }

    @Test("Eligibility is judged as at the closing day, with evidence; ineligible needs a second officer")
    func eligibility() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let good = try await stage.fund.submittedBid(round, "916")
            let bad = try await stage.fund.submittedBid(round, "812")
            try await stage.close(round)
            let officer = try stage.actor("officer")
            let findings = try await stage.services.bids.check(
                officer, bad.id, version: try await stage.fund.version(bad.id))
            #expect(findings.filter { !$0.passed }.map(\.code) == ["ofsted"])
            let version = try await stage.fund.version(bad.id)
            #expect(
                try await refusal { try await stage.services.bids.findEligible(officer, bad.id, version: version) }?
                    .code
                    == "rules_unmet")
            #expect(
                try await refusal {
                    try await stage.services.bids.findIneligible(
                        officer, bad.id, version: version, reason: DemonstrationFund.reason)
                }?.code == "second_officer")
            try await stage.services.bids.findIneligible(
                try stage.actor("officer2"), bad.id, version: version, reason: DemonstrationFund.reason)
            try await stage.fund.findEligible(good)
            let detail = try await stage.services.bids.detail(officer, good.id)
            #expect(detail.bid.state == .eligible)
            #expect(detail.findings.count == 5 && detail.findings.allSatisfy { $0.passed && !$0.evidence.isEmpty })
        }
    }

    @Test("A retried submission with the same key returns the first receipt and writes nothing")
    func idempotentSubmission() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let bid = try await stage.fund.sentBid(round, "916").id
            let certifier = try stage.actor("916.certifier")
            let version = try await stage.fund.version(bid)
            let key = IdempotencyKey(key: "submit-once", requestHash: digest("body"))
            let first = try await stage.services.bids.submit(
                certifier, bid, version: version, declarationVersion: Declaration.version, once: key)
            let again = try await stage.services.bids.submit(
                certifier, bid, version: version, declarationVersion: Declaration.version, once: key)
            #expect(first == again)
            #expect(try await stage.count("select count(*) from bid_version where bid_id = \(bid)") == 1)
            let reused = try await refusal {
                try await stage.services.bids.submit(
                    certifier, bid, version: version, declarationVersion: Declaration.version,
                    once: IdempotencyKey(key: "submit-once", requestHash: digest("another body")))
            }
            #expect(reused?.kind == .keyReused)
        }
    }
}
