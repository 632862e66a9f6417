import Domain
import Foundation
import Postgres
import Testing

@testable import Services

@Suite struct ReportTests {
    @Test("Approvals are counted against the limits that were used, and what was refused is counted too")
    func reports() async throws {
        try await FundStage.run { stage in
            let reports = stage.services.reports
            let officer = try stage.actor("officer")
            let before = try await reports.run(officer, .r11)
            #expect(before.denominator == 0 && before.rows.isEmpty)
            let (_, approval) = try await stage.clearedApproval(pounds: 200_000)
            _ = try await stage.approve(approval, by: "approver.low")
            let limits = try await reports.run(officer, .r11)
            #expect(limits.numerator == 1 && limits.denominator == 1)
            #expect(limits.rows.allSatisfy { $0.count == limits.columns.count })
            #expect(limits.rows.first?[1] == .text("Grade 6"))
            #expect(limits.sqlHash.count == 64)
            let early = try await reports.run(officer, .r11, asAt: Instant(seconds: 1_700_000_000))
            #expect(early.denominator == 0, "as things stood then")
            let duties = try await reports.run(try stage.actor("auditor"), .r12)
            #expect(duties.rows.allSatisfy { $0.count == duties.columns.count && $0[3] == .count(0) }, "no violations")
            #expect(duties.denominator > 0)
        }
    }

    @Test("The audit trail pages by number, filters, and is counted with what is sealed")
    func trail() async throws {
        try await FundStage.run { stage in
            let round = try await stage.openRound()
            let bid = try await stage.fund.submittedBid(round, "916").id
            try await stage.fund.tick()
            let auditor = try stage.actor("auditor")
            let all = try await stage.services.reports.run(auditor, .r59, filters: ["kind": "bid", "id": "\(bid)"])
            #expect(all.rows.allSatisfy { $0.count == all.columns.count })
            #expect(all.rows.contains { $0[5] == .text("bid.submit") })
            #expect(all.denominator >= all.numerator)
            let first = try await stage.services.reports.run(
                auditor, .r59, filters: ["kind": "bid", "id": "\(bid)", "size": "3"])
            #expect(first.rows.count == 3)
            guard case .count(let number) = first.rows[2][0] else {
                Issue.record("no number")
                return
            }
            let next = try await stage.services.reports.run(
                auditor, .r59, filters: ["kind": "bid", "id": "\(bid)", "size": "3", "before": "\(number)"])
            #expect(next.rows.first?[0] != first.rows[2][0])
            #expect(
                try await refusal { try await stage.services.reports.run(auditor, .r59, filters: ["region": "x"]) }?
                    .kind
                    == .invalid)
            #expect(
                try await refusal {
                    try await stage.services.reports.run(try stage.actor("administrator"), .r59)
                }?.kind == .forbidden)
        }
    }

    @Test("Home lists what waits for each person, by due date, and nothing that waits for others")
    func home() async throws {
        try await FundStage.run { stage in
            let services = stage.services
            let round = try await stage.openRound()
            func kinds(_ key: String) async throws -> [HomeTask.Kind] {
                try await services.home(try stage.actor(key)).tasks.map(\.kind)
            }
            #expect(try await kinds("916.editor") == [.bidToStart])
            let bid = try await stage.fund.sentBid(round, "916")
            #expect(try await kinds("916.editor").isEmpty)
            #expect(try await kinds("916.certifier") == [.bidToCertify])
            _ = try await services.bids.submit(
                try stage.actor("916.certifier"), bid.id, version: try await stage.fund.version(bid.id),
                declarationVersion: Declaration.version)
            #expect(try await services.home(try stage.actor("916.certifier")).receipts.map(\.bid) == [bid.id])
            #expect(try await kinds("officer").isEmpty, "sealed")
            try await stage.close(round)
            #expect(try await kinds("officer").contains(.bidToCheck))
            try await stage.fund.findEligible(bid)
            try await stage.fund.assign(bid)
            #expect(try await kinds("appraiser1") == [.appraisalToScore])
            #expect(try await kinds("reviewer") == [.appraisalToScore])
            try await stage.fund.beginAppraisal(round)
            try await stage.fund.finishAppraisals(bid)
            #expect(try await kinds("officer") == [.approvalToPrepare])
            let approval = try await services.approvals.prepare(
                try stage.actor("officer"), bid.id, stage.fund.approvalContent(bid.requested))
            #expect(try await kinds("finance") == [.approvalToClear])
            try await stage.fund.clear(approval)
            #expect(try await kinds("approver") == [.approvalToApprove])
            #expect(try await kinds("approver.low") == [.approvalToReferUp])
            #expect(try await kinds("administrator").isEmpty)
        }
    }

    @Test("The measured SQL names every parameter that the product sends")
    func bench() {
        let oids = Dictionary(
            FundStatementTests.all.map { ($0.text, $0.parameterOIDs.count) }, uniquingKeysWith: { first, _ in first })
        for statement in Touchstone.benchSQL {
            let highest = (1...40).last { statement.text.contains("$\($0)") } ?? 0
            #expect(statement.parameters.count == highest, "\(statement.path) \(statement.name)")
            if let count = oids[statement.text] { #expect(count == highest) }
        }
        #expect(Set(Touchstone.benchSQL.map(\.path)) == ["W1", "W2", "W3"])
        #expect(Touchstone.benchSQL.filter { $0.path == "W3" && $0.startsFlight }.count == 2)
    }
}
