public import Domain
import Postgres

/// Evaluations: one for each award, with its evaluator, its dates, its plan and its reports.
public struct Evaluations: Sendable {
    let platform: Platform

    /// Newest first: those in which the actor has a part.
    public func list(_ actor: Actor, page: PageRequest = PageRequest()) async throws -> Page<EvaluationRow> {
        let after = try page.keys(2).map { (try Keys.instant($0[0]), try Keys.id($0[1], of: Evaluation.self)) }
        let (subject, rows) = try await platform.read(
            "evaluations.list", actor, EvaluationStatements.list(after: after, limit: page.limit).many)
        _ = try Permission.authorise(.evaluationList, subject: subject)
        return Page(rows, page) { ["\($0.createdAt)", "\($0.id)"] }
    }

    /// Everything an evaluation's page shows.
    public func detail(_ actor: Actor, _ id: EvaluationID) async throws -> EvaluationDetail {
        let (subject, found, plan, reports, milestones, evaluators) = try await platform.read(
            "evaluations.detail", actor, EvaluationStatements.find(id).optional,
            EvaluationPlanStatements.ofEvaluation(id).optional, EvaluationReportStatements.ofEvaluation(id).many,
            EvaluationStatements.milestones(of: id).many, EvaluationStatements.evaluators(for: id).many)
        let record = try found.orNotFound("evaluation")
        let facts = record.facts(for: subject)
        _ = try Permission.authorise(.evaluationRead, subject: subject, facts: facts)
        let candidates: [Action] = [.evaluationAppoint, .evaluationRecordDates, .evaluationReportStart]
        let may = Set(
            candidates.filter { action in
                guard Permission.allows(action, subject: subject, facts: facts) else { return false }
                return action != .evaluationReportStart || (plan?.approvedVersion ?? 0) > 0
            })
        return EvaluationDetail(
            evaluation: record.evaluation, authorityName: record.authorityName, evaluatorName: record.evaluatorName,
            contractRef: record.contractRef, stage: record.stage, reportDue: record.reportDue,
            unblindedOn: record.unblindedOn, plan: plan, reports: reports, milestones: milestones,
            evaluators: may.contains(.evaluationAppoint) ? evaluators : [], may: may)
    }

    /// Appoints who evaluates. Answers the new version.
    public func appoint(
        _ actor: Actor, _ id: EvaluationID, version: Int, evaluator: OrganisationID, contract: String,
        reportDue: Day? = nil
    ) async throws -> Int {
        try await platform.write("evaluations.appoint", actor, on: .evaluation(id)) { tx, open in
            let (subject, found, choices) = try tx.pipeline(
                open, EvaluationStatements.lock(id).optional, EvaluationStatements.evaluators(for: id).many)
            let (record, grant) = try Self.authorise(.evaluationAppoint, found, subject)
            try version.mustEqual(record.evaluation.version, "evaluation")
            var problems: [FieldProblem] = []
            if !choices.contains(where: { $0.id == evaluator }) {
                problems.append(FieldProblem("evaluator", "Choose an organisation from the list."))
            }
            if contract.allSatisfy(\.isWhitespace) || contract.unicodeScalars.count > 140 {
                problems.append(FieldProblem("contract", "Enter the reference of the contract or grant."))
            }
            try problems.mustBeEmpty()
            tx.queue(
                EvaluationStatements.appoint(
                    id, evaluator, contract: contract, by: subject.person, reportDue: reportDue
                ).affecting(1))
            tx.queue(
                Record(subject, actor).event(
                    "evaluation.appoint", on: .evaluation(id), as: grant.capacity,
                    detail: ["evaluator": "\(evaluator)", "contract": contract]))
            return record.evaluation.version + 1
        }
    }

    /// Records when data collection is to begin, when it began, and when results by group were first seen. What was once
    /// recorded as having happened can only be moved to an earlier day. Answers the new version.
    public func recordDates(
        _ actor: Actor, _ id: EvaluationID, version: Int, planned: Day?, actual: Day?, unblinded: Day?
    ) async throws -> Int {
        try await platform.write("evaluations.record_dates", actor, on: .evaluation(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, EvaluationStatements.lock(id).optional)
            let (record, grant) = try Self.authorise(.evaluationRecordDates, found, subject)
            try version.mustEqual(record.evaluation.version, "evaluation")
            let today = subject.now.londonDay
            var problems: [FieldProblem] = []
            if let actual, actual > today {
                problems.append(FieldProblem("actual", "Enter a day that is not in the future."))
            }
            if let unblinded, unblinded > today {
                problems.append(FieldProblem("unblinded", "Enter a day that is not in the future."))
            }
            if let before = record.evaluation.actualStart, actual.map({ $0 > before }) ?? true {
                problems.append(
                    FieldProblem(
                        "actual", "Data collection began on \(before.spoken). Only an earlier day can correct that."))
            }
            try problems.mustBeEmpty()
            tx.queue(
                EvaluationStatements.recordDates(id, planned: planned, actual: actual, unblinded: unblinded).affecting(
                    1))
            tx.queue(
                Record(subject, actor).event(
                    "evaluation.record_dates", on: .evaluation(id), as: grant.capacity,
                    detail: [
                        "planned": planned?.description ?? "", "actual": actual?.description ?? "",
                        "unblinded": unblinded?.description ?? "",
                    ]))
            return record.evaluation.version + 1
        }
    }

    static func authorise(_ action: Action, _ found: EvaluationRecord?, _ subject: Subject) throws -> (
        EvaluationRecord, Grant
    ) {
        let record = try found.orNotFound("evaluation")
        let facts = record.facts(for: subject)
        _ = try Permission.authorise(.evaluationRead, subject: subject, facts: facts)
        return (record, try Permission.authorise(action, subject: subject, facts: facts))
    }
}
