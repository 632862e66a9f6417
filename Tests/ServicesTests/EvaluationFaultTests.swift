import Domain
import Foundation
import Postgres
import Testing

@testable import Services

/// From report to publication, with each statement that writes failing in its turn: nothing half done, and the same
/// outcome when it is tried again.
@Suite struct EvaluationFaultTests {
    /// Makes the n-th write of a transaction fail, on whatever table; none for 0. The count lives in the transaction.
    static func arm(_ fund: Fund) throws {
        let script = """
            create table public.fault (n integer not null); insert into public.fault values (0);
            grant select on public.fault to public;
            create function public.fault() returns trigger language plpgsql as $$
            declare
                seen integer := coalesce(nullif(current_setting('test.writes', true), ''), '0')::integer + 1;
            begin
                perform set_config('test.writes', seen::text, true);
                if seen = (select n from public.fault) then raise exception 'fault' using errcode = 'ZZ001'; end if;
                return null;
            end $$;
            grant execute on function public.fault() to public;
            do $$ declare t record; begin
                for t in select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where c.relkind = 'r' and n.nspname in ('public', 'workflow', 'audit') and c.relname <> 'fault' loop
                    execute format('create trigger aa_fault before insert or update on %s for each statement execute function public.fault()', t.name);
                end loop;
            end $$;
            """
        try TestDatabase.psql(["-c", script], database: fund.name)
    }

    static func fail(_ n: Int, in fund: Fund) throws {
        try TestDatabase.psql(["-c", "update public.fault set n = \(n)"], database: fund.name)
    }

    /// Runs an act with its first, second … write failing until none fails; answers how many there are.
    func everyWrite(
        _ made: EvaluationStage, _ report: EvaluationReportID, leaves state: EvaluationReport.State,
        _ act: (IdempotencyKey) async throws -> Void
    ) async throws -> Int {
        let key = IdempotencyKey(key: "\(UUID())", requestHash: digest("same"))
        for n in 1...200 {
            try Self.fail(n, in: made.test)
            do {
                try await act(key)
                try Self.fail(0, in: made.test)
                // The same command again changes nothing and answers the same.
                try await act(key)
                return n - 1
            } catch let error as StatementError {
                #expect(error.sqlState == "ZZ001", "\(error)")
                try Self.fail(0, in: made.test)
                #expect(try await made.reportState(report) == state, "write \(n)")
            }
        }
        return 0
    }

    @Test("sign-off and publication, each write failing in its turn")
    func reportToPublication() async throws {
        try await EvaluationStage.run { made in
            try await made.approvedPlan()
            let report = try await made.submittedReport()
            try await made.reviewReport(report)
            try Self.arm(made.test)
            let services = made.services
            let version = try await made.reportVersion(report)
            let signing = try await everyWrite(made, report, leaves: .peerReview) { key in
                try await services.evaluationReports.signOff(made.lead, report, version: version, once: key)
            }
            #expect(signing >= 5, "\(signing) writes")
            #expect(try await made.reportState(report) == .signedOff)
            let publishing = try await everyWrite(made, report, leaves: .signedOff) { key in
                try await services.evaluationReports.publish(made.lead, report, version: version + 1, once: key)
            }
            #expect(publishing >= 5, "\(publishing) writes")
            #expect(try await made.reportState(report) == .published)
            let id = report
            #expect(
                try await made.stage.count("select count(*) from evaluation_report_version where report_id = \(id)")
                    == 1)
            #expect(
                try await made.stage.count(
                    "select count(*) from workflow.log where object_id = \(id) and event in ('sign_off', 'publish')")
                    == 2)
        }
    }

    @Test("submitting a report, each write failing in its turn, leaves no half of it")
    func submission() async throws {
        try await EvaluationStage.run { made in
            try await made.approvedPlan()
            let services = made.services
            let report = try await services.evaluationReports.start(
                made.author, made.evaluation, kind: .final, title: "What family meetings do")
            try await made.writeReport(report)
            try await services.evaluationReports.sendForFactCheck(
                made.author, report, version: try await made.reportVersion(report))
            try await services.evaluationReports.finishFactCheck(
                try made.award.editor, report, version: try await made.reportVersion(report))
            try Self.arm(made.test)
            let version = try await made.reportVersion(report)
            let writes = try await everyWrite(made, report, leaves: .laFactCheck) { key in
                _ = try await services.evaluationReports.submit(made.author, report, version: version, once: key)
            }
            #expect(writes >= 10, "\(writes) writes")
            let id = report
            #expect(
                try await made.stage.count("select count(*) from evaluation_report_submission where report_id = \(id)")
                    == 1)
            #expect(try await made.stage.count("select count(*) from report_result where report_id = \(id)") == 1)
        }
    }
}
