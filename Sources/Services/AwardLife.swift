public import Domain
import Postgres

// An award in force, and how it ends.

extension Awards {
    /// Sends an agreement back to its drafter.
    public func `return`(_ actor: Actor, _ id: AwardID, version: Int, reason: String) async throws {
        try await because(.sendBack, .awardReturn, actor, id, version, reason, nil)
    }

    /// Stops payments, for a reason that the authority may answer.
    public func suspend(_ actor: Actor, _ id: AwardID, version: Int, reason: String) async throws {
        try await because(.suspend, .awardSuspend, actor, id, version, reason, nil)
    }

    /// Lets payments go on.
    public func resume(_ actor: Actor, _ id: AwardID, version: Int, reason: String) async throws {
        try await because(.resume, .awardResume, actor, id, version, reason, nil)
    }

    /// Ends the award before its time; what was promised and not paid is given back to the budget, and what was paid and is
    /// to come back is raised.
    public func terminate(
        _ actor: Actor, _ id: AwardID, version: Int, reason: String, recovery: Money? = nil,
        once: IdempotencyKey? = nil
    ) async throws {
        _ = try await platform.write("awards.terminate", actor, on: .award(id), once: once) { tx, open in
            let (subject, found, position, inHand) = try tx.pipeline(
                open, AwardStatements.lock(id).optional, MoneyStatements.position(id).optional,
                MoneyStatements.inHand(id).one)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(.awardTerminate, record, subject)
            try version.mustEqual(record.award.version, "award")
            let move = try Workflow.move(AwardEvent.terminate, from: record.award.state)
            try Rules.reason(reason).enforce()
            if let position {
                try Ledger.closable(position, inHand: inHand, recoveryRaised: true).enforce()
                try Ledger.recoverable(recovery, position).mustBeEmpty()
            }
            tx.queue(AwardStatements.terminate(id, because: reason, recovery: recovery ?? .zero).done)
            Self.recordMove(
                tx, record, move, .terminate, subject, actor, grant, reason: reason,
                detail: ["recovery": (recovery ?? .zero).decimal])
            return true
        }
    }

    /// The authority says that its project is complete.
    public func declareComplete(_ actor: Actor, _ id: AwardID, version: Int) async throws {
        try await platform.write("awards.declare_complete", actor, on: .award(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, AwardStatements.lock(id).optional)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(.awardDeclareComplete, record, subject)
            try version.mustEqual(record.award.version, "award")
            let move = try Workflow.move(AwardEvent.declareComplete, from: record.award.state)
            try Self.endPassed(record, today: subject.now.londonDay).enforce()
            tx.queue(AwardStatements.declareComplete(id, by: subject.person).done)
            Self.recordMove(tx, record, move, .declareComplete, subject, actor, grant)
        }
    }

    /// The department agrees that it is.
    public func complete(_ actor: Actor, _ id: AwardID, version: Int) async throws {
        try await platform.write("awards.complete", actor, on: .award(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, AwardStatements.lock(id).optional)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(.awardComplete, record, subject)
            try version.mustEqual(record.award.version, "award")
            let move = try Workflow.move(AwardEvent.complete, from: record.award.state)
            guard record.isDeclaredComplete else {
                throw Refusal(
                    .conflict, code: "not_declared", "The authority declares its project complete first.")
            }
            tx.queue(AwardStatements.move(id, to: move.state, by: .complete).done)
            Self.recordMove(tx, record, move, .complete, subject, actor, grant)
        }
    }

    /// Finance finds the accounts in order.
    public func reconcile(_ actor: Actor, _ id: AwardID, version: Int, note: String, assets: String) async throws {
        try await platform.write("awards.reconcile", actor, on: .award(id)) { tx, open in
            let (subject, found, position, inHand) = try tx.pipeline(
                open, AwardStatements.lock(id).optional, MoneyStatements.position(id).optional,
                MoneyStatements.inHand(id).one)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(.awardReconcile, record, subject)
            try version.mustEqual(record.award.version, "award")
            let move = try Workflow.move(AwardEvent.reconcile, from: record.award.state)
            var problems: [FieldProblem] = []
            if note.orNil == nil { problems.append(FieldProblem("note", "Enter what the reconciliation came to.")) }
            if assets.orNil == nil {
                problems.append(FieldProblem("assets", "Enter what was bought that lasts, or that there is nothing."))
            }
            try problems.mustBeEmpty()
            if let position { try Ledger.closable(position, inHand: inHand, recoveryRaised: false).enforce() }
            tx.queue(AwardStatements.reconcile(id, by: subject.person, note: note, assets: assets).done)
            Self.recordMove(tx, record, move, .reconcile, subject, actor, grant)
        }
    }

    /// Closes the award: by somebody else than who reconciled it, once the final report is there.
    public func close(_ actor: Actor, _ id: AwardID, version: Int, once: IdempotencyKey? = nil) async throws {
        _ = try await platform.write("awards.close", actor, on: .award(id), once: once) { tx, open in
            let (subject, found, report) = try tx.pipeline(
                open, AwardStatements.lock(id).optional, AwardStatements.finalReportSubmitted(id).optional)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(.awardClose, record, subject)
            try version.mustEqual(record.award.version, "award")
            let move = try Workflow.move(AwardEvent.close, from: record.award.state)
            try Self.closable(record, subject.person, hasReport: report ?? false).enforce()
            tx.queue(AwardStatements.close(id, by: subject.person).done)
            tx.queue(AwardStatements.planFollowUps(id).done)
            Self.recordMove(tx, record, move, .close, subject, actor, grant)
            return true
        }
    }

    /// Records whether a condition of the award is met, and on what that rests.
    public func findCondition(
        _ actor: Actor, _ id: AwardID, code: String, met: Bool, evidence: String
    ) async throws {
        try await platform.write("awards.find_condition", actor, on: .award(id)) { tx, open in
            let (subject, found, conditions) = try tx.pipeline(
                open, AwardStatements.lock(id).optional, AgreementStatements.conditions(id).many)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(.awardFindCondition, record, subject)
            var problems: [FieldProblem] = []
            if !conditions.contains(where: { $0.code == code }) {
                problems.append(FieldProblem("code", "Choose a condition of this award."))
            }
            if evidence.orNil == nil { problems.append(FieldProblem("evidence", "Enter what your finding rests on.")) }
            try problems.mustBeEmpty()
            tx.queue(
                AgreementStatements.insertFinding(id, code: code, met: met, evidence: evidence, by: subject.person).done
            )
            tx.queue(
                Record(subject, actor).event(
                    "award.find_condition", on: .award(id), as: grant.capacity,
                    detail: ["code": code, "met": met ? "yes" : "no"]))
        }
    }

    /// Records that money which was due back has come.
    public func receive(_ actor: Actor, _ id: AwardID, recovery: Identifier<RecoveryView>, version: Int, on day: Day)
        async throws
    {
        try await platform.write("awards.receive", actor, on: .award(id)) { tx, open in
            let (subject, found, recoveries) = try tx.pipeline(
                open, AwardStatements.lock(id).optional, MoneyStatements.recoveries(id).many)
            let record = try found.orNotFound("award")
            let grant = try Self.authorise(.recoveryReceive, record, subject)
            let due = try recoveries.first { $0.id == recovery }.orNotFound("sum due back")
            try version.mustEqual(due.version, "sum due back")
            guard day <= subject.now.londonDay else {
                throw Refusal.invalid([FieldProblem("receivedOn", "Enter a day that has come.")])
            }
            tx.queue(MoneyStatements.receive(recovery, on: day, by: subject.person).done)
            tx.queue(
                Record(subject, actor).event(
                    "recovery.receive", on: .award(id), as: grant.capacity,
                    detail: ["amount": due.amount.decimal, "on": day.description]))
        }
    }

    private static func endPassed(_ record: AwardRecord, today: Day) -> Refusal? {
        guard let ends = record.ends, today <= ends else { return nil }
        return Refusal(
            .conflict, code: "not_over",
            "The funding period ends on \(ends.spoken). Declare the project complete after that day.")
    }

    private static func closable(_ record: AwardRecord, _ person: PersonID, hasReport: Bool) -> Refusal? {
        guard let reconciler = record.reconciler else {
            return Refusal(.conflict, code: "not_reconciled", "Finance reconciles the award before it is closed.")
        }
        if reconciler == person {
            return Refusal(
                .forbidden, code: "same_person", "You reconciled this award, so somebody else closes it.")
        }
        return hasReport
            ? nil
            : Refusal(
                .conflict, code: "report_missing",
                "The final report of the evaluation is not submitted. An award is closed after it.")
    }
}
