import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// Monitoring returns, from the clock that opens them to a restatement.
@Suite struct ReturnTests {
    @Test("From activation to acceptance: planned, opened, written, certified by another, sent back, accepted")
    func journey() async throws {
        try await ReturnStage.run { stage in
            #expect(stage.returns.count >= 2)
            let services = stage.services
            let (editor, certifier, officer) = (
                try stage.award.editor, try stage.award.certifier, try stage.award.actor("officer")
            )
            let list = try await services.returns.list(editor)
            #expect(
                list.rows.count == stage.returns.count && list.rows.allSatisfy { $0.from < $0.to && $0.to < $0.due })
            #expect(try await stage.state(stage.first) == .open)
            let home = try await services.home(editor)
            #expect(home.tasks.contains { $0.kind == .returnToWrite })
            // Nothing is sent on before it is whole; which rules spoke is kept.
            var content = try await stage.content(stage.first)
            content.reach.peopleReached = nil
            try await stage.save(stage.first, content)
            #expect(try await stage.state(stage.first) == .inProgress)
            let early = try await refusal {
                try await services.returns.sendForCertification(
                    editor, stage.first, version: try await stage.version(stage.first))
            }
            #expect(early?.problems.map(\.field) == ["reach.peopleReached"], "\(String(describing: early))")
            let kept: String = try await stage.award.stage.test.value(
                "select counts::text from return_check where return_id = \(stage.first) order by at desc limit 1")
            #expect(kept.contains("reach_given"))
            content.reach.peopleReached = 41
            _ = try await services.returns.saveSection(editor, stage.first, .reach, content: content, version: 1)
            // Somebody who opened it before is told, and overwrites nothing.
            let stale = try await refusal {
                try await services.returns.saveSection(
                    editor, stage.first, .reach, content: ReturnContent(), version: 1)
            }
            #expect(stale?.kind == .stale)
            try await services.returns.sendForCertification(
                editor, stage.first, version: try await stage.version(stage.first))
            #expect(
                try await refusal {
                    try await services.returns.saveSection(editor, stage.first, .reach, content: content, version: 2)
                }?.code == "return_not_editable")
            #expect(try await services.home(certifier).tasks.contains { $0.kind == .returnToCertify })
            let receipt = try await services.returns.submit(
                certifier, stage.first, version: try await stage.version(stage.first),
                declarationVersion: ReturnDeclaration.version)
            #expect(receipt.number == 1 && receipt.hash.utf8.count == 64)
            #expect(try await services.home(officer).tasks.contains { $0.kind == .returnToReview })
            // Back, with a question about one field.
            try await services.returns.beginReview(officer, stage.first, version: try await stage.version(stage.first))
            try await services.returns.requestChanges(
                officer, stage.first, version: try await stage.version(stage.first),
                reason: "Please look at the count again.",
                comments: [ReturnComment(field: "reach.peopleReached", comment: "Is this everybody?")])
            let back = try await services.returns.detail(editor, stage.first)
            #expect(back.comments.map(\.comment) == ["Is this everybody?"] && back.editable && back.changesDue != nil)
            content.reach.peopleReached = 42
            _ = try await services.returns.saveSection(editor, stage.first, .reach, content: content, version: 2)
            try await services.returns.sendForCertification(
                editor, stage.first, version: try await stage.version(stage.first))
            _ = try await services.returns.submit(
                certifier, stage.first, version: try await stage.version(stage.first),
                declarationVersion: ReturnDeclaration.version)
            try await services.returns.beginReview(officer, stage.first, version: try await stage.version(stage.first))
            try await services.returns.accept(officer, stage.first, version: try await stage.version(stage.first))
            let done = try await services.returns.detail(officer, stage.first)
            #expect(done.subject.state == .accepted && done.versions.map(\.number) == [2, 1])
            // Both versions can be read, word for word.
            #expect(
                try await services.returns.content(officer, stage.first, number: 1).content.reach.peopleReached == 41)
            #expect(
                try await services.returns.content(officer, stage.first, number: 2).content.reach.peopleReached == 42)
            let told: [String] = try await stage.award.stage.test.value(
                "select array_agg(distinct event order by event) from outbox where object_kind = 'monitoring_return'")
            #expect(
                Set(told).isSuperset(of: [
                    "monitoring_return.submit", "monitoring_return.request_changes", "monitoring_return.accept",
                    "monitoring_return.open",
                ]), "\(told)")
        }
    }

    @Test("An editor of this version does not certify it: refused by the service and by the database")
    func separateDuties() async throws {
        try await ReturnStage.run { stage in
            try await stage.save(stage.first, try await stage.content(stage.first))
            try await stage.services.returns.sendForCertification(
                try stage.award.editor, stage.first, version: try await stage.version(stage.first))
            // The editor becomes a certifier as well.
            let person = try stage.award.stage.person("\(stage.award.bid.authority).editor")
            try await stage.award.stage.test.sql(
                """
                insert into capacity (id, person_id, role, code, valid_from)
                values (public.uuid7(), \(person), 'local_authority', 'la_certifier', public.london_today() - 1)
                """)
            let refused = try await refusal {
                try await stage.services.returns.submit(
                    try stage.award.editor, stage.first, version: try await stage.version(stage.first),
                    declarationVersion: ReturnDeclaration.version)
            }
            #expect(refused?.code == "SOD_W_CE")
            let denied: Int = try await stage.award.stage.test.value(
                "select count(*) from audit.event where action = 'duty.denied'")
            #expect(denied == 1)
        }
    }

    @Test("Scenario 21: a restatement keeps both figures, and the view as at an earlier moment does not move")
    func restatement() async throws {
        try await ReturnStage.run { stage in
            try await stage.accepted(stage.first, numerator: 22)
            let before = try await stage.now()
            #expect(try await stage.figure(at: before) == "22.0")
            let senior = try stage.award.actor("senior")
            #expect(
                try await refusal {
                    try await stage.services.returns.reopen(
                        try stage.award.actor("officer"), stage.first, version: try await stage.version(stage.first),
                        reason: "A school was counted twice.")
                }?.kind == .forbidden)
            try await stage.services.returns.reopen(
                senior, stage.first, version: try await stage.version(stage.first),
                reason: "A school was counted twice.")
            #expect(try await stage.figure(at: try await stage.now()) == "22.0", "what was accepted counts meanwhile")
            try await stage.accepted(stage.first, numerator: 19)
            #expect(try await stage.figure(at: try await stage.now()) == "19.0")
            #expect(try await stage.figure(at: before) == "22.0")
            let detail = try await stage.services.returns.detail(try stage.award.actor("auditor"), stage.first)
            let numerator = try #require(detail.restatements.first { $0.field.hasSuffix(".numerator") })
            #expect(
                numerator.before == "22.00" && numerator.after == "19.00"
                    && numerator.cause == "A school was counted twice.")
            #expect(detail.rulings.map(\.ruling) == ["accepted", "reopened", "accepted"])
        }
    }

    @Test("Two officers accept at once: one wins, and a repeat with its key answers the same")
    func race() async throws {
        try await ReturnStage.run { stage in
            try await stage.submitted(stage.first)
            let officers = try ["officer", "officer2"].map { try stage.award.actor($0) }
            try await stage.services.returns.beginReview(
                officers[0], stage.first, version: try await stage.version(stage.first))
            let version = try await stage.version(stage.first)
            let answers = await withTaskGroup(of: Refusal.Kind?.self) { group in
                for officer in officers {
                    group.addTask {
                        do {
                            try await stage.services.returns.accept(officer, stage.first, version: version)
                            return nil
                        } catch {
                            return (error as? Refusal)?.kind
                        }
                    }
                }
                var answers: [Refusal.Kind?] = []
                for await answer in group { answers.append(answer) }
                return answers
            }
            #expect(answers.filter { $0 == nil }.count == 1)
            #expect(answers.contains(.stale))
            let rulings: Int = try await stage.award.stage.test.value("select count(*) from return_ruling")
            #expect(rulings == 1)
        }
    }

    @Test("Template, fill, upload: the same answers; a dry run changes nothing; after certification one clear refusal")
    func upload() async throws {
        try await ReturnStage.run { stage in
            let (services, editor) = (stage.services, try stage.award.editor)
            let content = try await stage.content(stage.first)
            let template = try await services.returns.template(editor, stage.first)
            #expect(template.name.hasPrefix("RET-"))
            let view = try await services.returns.section(editor, stage.first, .outcomes)
            let filled = ReturnSheet(reference: view.subject.reference, content: content, indicators: view.indicators)
                .csv
            #expect(filled.split(separator: "\r\n").count == template.csv.split(separator: "\r\n").count)
            let dry = try await services.returns.upload(editor, stage.first, file: Array(filled.utf8), dryRun: true)
            #expect(!dry.applied && dry.changes > 0)
            #expect(try await stage.state(stage.first) == .open, "a dry run begins nothing")
            let taken = try await services.returns.upload(editor, stage.first, file: Array(filled.utf8), dryRun: false)
            #expect(taken.applied && taken.messages.allSatisfy { $0.kind != .unreadable })
            let after = try await services.returns.content(editor, stage.first)
            #expect(after.content.canonicalText == content.canonicalText)
            // The same again: nothing differs.
            #expect(
                try await services.returns.upload(editor, stage.first, file: Array(filled.utf8), dryRun: false).changes
                    == 0)
            let bad = filled.replacing(",40\r\n", with: ",=SUM(1)\r\n")
            let refused = try await services.returns.upload(editor, stage.first, file: Array(bad.utf8), dryRun: false)
            #expect(!refused.applied && refused.messages.map(\.kind) == [.unreadable])
            #expect(refused.messages.first?.id == "reach.peopleReached")
            for (bytes, words) in [
                ([0x50, 0x4B, 3, 4] as [UInt8], "workbook"), ([], "empty"), ([0xFF, 0xFE, 0x41], "UTF-8"),
                (Array("id,answer\n".utf8) + Array(repeating: UInt8(ascii: "x"), count: 1 << 20), "megabyte"),
            ] {
                let answer = try await services.returns.upload(editor, stage.first, file: bytes, dryRun: false)
                #expect(!answer.applied && answer.messages.count == 1, "\(words)")
                #expect(answer.messages.first?.sentence.contains(words) == true, "\(answer.messages)")
            }
            #expect(
                try await services.returns.content(editor, stage.first).content.canonicalText == content.canonicalText)
            let runs: Int = try await stage.award.stage.test.value(
                "select count(*) from return_check where source = 'upload' and return_id = \(stage.first)")
            #expect(runs == 8)
            try await services.returns.sendForCertification(
                editor, stage.first, version: try await stage.version(stage.first))
            let late = try await refusal {
                try await services.returns.upload(editor, stage.first, file: Array(filled.utf8), dryRun: true)
            }
            #expect(late?.code == "return_not_editable")
        }
    }

    @Test("Who sees what: the draft is the authority's own, what is certified the case team's; nobody else's")
    func visibility() async throws {
        try await ReturnStage.run { stage in
            let services = stage.services
            try await stage.save(stage.first, try await stage.content(stage.first, numerator: 3))
            func sees(_ key: String) async throws -> Bool {
                try await refusal { try await services.returns.detail(try stage.award.actor(key), stage.first) } == nil
            }
            for key in ["officer", "auditor", "senior"] { #expect(try await sees(key), "\(key)") }
            for key in ["840.editor", "840.certifier", "reviewer", "administrator"] {
                #expect(try await sees(key) == false, "\(key)")
            }
            #expect(
                try await refusal {
                    try await services.returns.section(try stage.award.actor("officer"), stage.first, .reach)
                }?.kind
                    == .notFound, "a draft")
            try await services.returns.sendForCertification(
                try stage.award.editor, stage.first, version: try await stage.version(stage.first))
            _ = try await services.returns.submit(
                try stage.award.certifier, stage.first, version: try await stage.version(stage.first),
                declarationVersion: ReturnDeclaration.version)
            let view = try await services.returns.content(try stage.award.actor("officer"), stage.first)
            #expect(view.content.outcomes.values.first?.numerator == "3")
            try await services.returns.beginReview(
                try stage.award.actor("officer"), stage.first, version: try await stage.version(stage.first))
            try await services.returns.accept(
                try stage.award.actor("officer"), stage.first, version: try await stage.version(stage.first))
            // Passed on, the three children are a letter, for the case team too.
            let code = try #require(view.indicators.first?.code)
            for key in ["officer", "reviewer", "auditor"] {
                let table = try await services.returns.table(try stage.award.actor(key), code)
                #expect(table.cells == [["c"]], "\(key): \(table)")
                #expect(table.columnTotals.allSatisfy { $0 == "c" })
            }
            #expect(try await services.returns.table(try stage.award.actor("840.editor"), code).authorities.isEmpty)
        }
    }

    @Test("Beside each value: the last return, the authority's own, its neighbours and England")
    func beside() async throws {
        try await ReturnStage.run { stage in
            let view = try await stage.services.returns.section(try stage.award.editor, stage.first, .outcomes)
            let code = try #require(view.indicators.first?.code)
            let load = Identifier<StatisticsReport>.fresh()
            try await stage.award.stage.test.sql(
                """
                insert into statistics_load (id, file, format, sha256, rows_read, figures, added, changed, unchanged, suppressed, unmatched, diff)
                values (\(load), 'x', 'c1', sha256('x'), 1, 1, 1, 0, 0, 0, 0, '{}')
                """)
            try await stage.award.stage.test.sql(
                """
                insert into statistic (load_id, format, indicator_code, period, geography, area_code, organisation_id, value, value_text, status, line)
                select \(load), 'c1', \(code), '2025', 'authority', o.dfe_code, o.id,
                    case when o.id = b.organisation_id then null else 10 + n.rank end,
                    case when o.id = b.organisation_id then 'c' else (10 + n.rank)::text end,
                    case when o.id = b.organisation_id then 'suppressed' else 'value' end, 2
                from bid b join organisation o on o.id = b.organisation_id
                    or o.id in (select x.neighbour_id from organisation_neighbour x where x.organisation_id = b.organisation_id)
                left join organisation_neighbour n on n.organisation_id = b.organisation_id and n.neighbour_id = o.id
                where b.id = \(stage.award.bid.id)
                """)
            try await stage.award.stage.test.sql(
                """
                insert into statistic (load_id, format, indicator_code, period, geography, area_code, value, value_text, status, line)
                values (\(load), 'c1', \(code), '2025', 'country', 'E92000001', 22.6, '22.6', 'value', 3)
                """)
            try await stage.accepted(stage.first)
            let second = try await stage.services.returns.section(try stage.award.editor, stage.returns[1], .outcomes)
            let beside = try #require(second.comparisons.first { $0.code == code })
            #expect(beside.own == "c", "a letter, not nought")
            #expect(beside.england == "22.6" && beside.neighbours == "15.5" && beside.neighbourCount == 10)
            #expect(beside.last == "22.0")
            #expect(second.last?.spendToDate == Money(pounds: 10_000))
        }
    }

    @Test("The clock opens what has ended and reminds, each once")
    func clock() async throws {
        try await ReturnStage.run { stage in
            let test = stage.award.stage.test
            func notices() async throws -> Int {
                try await test.value("select count(*) from outbox where event like 'return.%'")
            }
            let before = try await notices()
            try await stage.award.stage.fund.tick()
            #expect(try await notices() == before, "nothing is said twice")
            // The first return is long overdue: it went to the senior officer.
            let told: [String] = try await test.value(
                "select array_agg(distinct event) from outbox where object_id = \(stage.first) and event like 'return.%'"
            )
            #expect(told == ["return.held"])
            let detail = try await stage.services.returns.list(
                try stage.award.actor("officer"), filter: ReturnFilter(overdueOnly: true))
            #expect(detail.rows.map(\.id).contains(stage.first))
            try await stage.services.returns.waive(
                try stage.award.actor("senior"), stage.first, version: try await stage.version(stage.first),
                reason: "The project paused for three months.")
            #expect(try await stage.state(stage.first) == .waived)
        }
    }
}
