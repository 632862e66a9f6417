import Domain
import Logging
import Postgres

/// What happens by the clock: rounds open and close, drafts expire, approvals and delegations lapse, the audit trail is
/// sealed. Runs on the worker's connection; any number at the same time do each thing once.
public struct Scheduler: Sendable {
    let platform: Platform

    /// Rows moved in one transaction.
    private static let batch = 100

    /// On the core that stands on the worker's connection.
    public init(_ core: Touchstone) {
        platform = core.platform
    }

    /// Does everything that is due now. What fails is logged and tried again the next time; the rest goes on.
    @discardableResult
    public func tick() async -> SchedulerReport {
        var report = SchedulerReport()
        for job in Self.jobs {
            do {
                report.moved["\(job.machine.rawValue).\(job.event)"] = try await run(job)
            } catch {
                report.failed.append("\(job.machine.rawValue).\(job.event)")
                platform.logger.error(
                    "scheduled work failed",
                    metadata: ["machine": "\(job.machine.rawValue)", "event": "\(job.event)", "error": "\(error)"])
            }
        }
        for (what, reminder) in Self.reminders {
            do {
                report.reminded += try await platform.system("scheduler.remind") { tx in try tx.run(reminder.one) }
            } catch {
                report.failed.append("\(what).remind")
                platform.logger.error("reminders were not written", metadata: ["of": "\(what)", "error": "\(error)"])
            }
        }
        do {
            report.sealed = try await Audit(platform: platform).seal()
        } catch {
            report.failed.append("audit.seal")
            platform.logger.error("the audit trail was not sealed", metadata: ["error": "\(error)"])
        }
        return report
    }

    private struct Job: Sendable {
        let machine: Machine
        let event: String
        let due: @Sendable (Int) -> Statement<SchedulerStatements.Moved>

        init<Event: WorkflowEvent>(
            _ event: Event, _ due: @escaping @Sendable (Int) -> Statement<SchedulerStatements.Moved>
        ) {
            machine = Event.machine
            self.event = event.rawValue
            self.due = due
        }
    }

    /// In this order: a round that closes lets its unfinished bids expire in the same tick.
    private static let jobs = [
        Job(RoundEvent.schedule, SchedulerStatements.scheduleRounds),
        Job(RoundEvent.open, SchedulerStatements.openRounds),
        Job(RoundEvent.close, SchedulerStatements.closeRounds),
        Job(BidEvent.expire, SchedulerStatements.expireBids),
        Job(ApprovalEvent.lapse, SchedulerStatements.lapseApprovals),
        Job(DelegationEvent.expire, SchedulerStatements.expireDelegations),
        Job(AwardEvent.expire, SchedulerStatements.expireOffers),
        Job(EvidenceRatingEvent.flag, EvidenceSchedule.reviewRatings),
        Job(CapacityAssessmentEvent.lock, EvidenceSchedule.lockAssessments),
        Job(FollowUpEvent.open, EvidenceSchedule.openFollowUps),
        Job(FollowUpEvent.giveUp, EvidenceSchedule.giveUpFollowUps),
        Job(MonitoringReturnEvent.open, SchedulerStatements.openReturns),
        Job(EvaluationPlanEvent.begin, EvaluationSchedule.begin),
        Job(EvaluationReportEvent.publish, EvaluationSchedule.publish),
    ]

    /// Who is reminded of what; each notice is written once, however often these run.
    private static let reminders: [(what: String, Statement<Int>)] = [
        ("capacity_assessment", EvidenceSchedule.openAssessments), ("follow_up", EvidenceSchedule.remindOfFollowUps),
        ("la_adoption", EvidenceSchedule.remindOfAdoptions),
        ("approval", SchedulerStatements.remindOfWaitingApprovals),
        ("award", SchedulerStatements.remindOfOffers), ("return", SchedulerStatements.remindOfReturns),
        ("evaluation", EvaluationSchedule.remindOfEvaluations),
        ("publication", EvaluationSchedule.remindOfPublication),
    ]

    private func run(_ job: Job) async throws -> Int {
        var total = 0
        while true {
            let moved = try await platform.system("scheduler.run", retrying: 2) { tx in
                let rows = try tx.run(job.due(Self.batch).many)
                for row in rows { Self.record(row, job, tx) }
                return rows.count
            }
            total += moved
            if moved < Self.batch { return total }
        }
    }

    private static func record(_ row: SchedulerStatements.Moved, _ job: Job, _ tx: borrowing Transaction) {
        let object = ObjectReference(kind: job.machine.rawValue, id: row.id)
        guard let transition = Workflow.next(job.machine, from: row.from, event: job.event) else { return }
        tx.queue(
            Record().event(
                "\(job.machine.rawValue).\(job.event)", on: object, from: row.from, to: transition.to,
                detail: ["version": "\(row.version)", "by": "schedule"]))
        let noun = job.machine.rawValue
        let words = transition.to.replacing("_", with: " ")
        tx.tell(
            transition,
            Outbox(
                "\(noun).\(job.event)", on: object, subject: "A \(noun) is now \(words)",
                body: "It was due by the clock. Sign in to see the \(noun).", dedupe: "\(noun):\(row.id):\(row.version)"
            ))
    }
}

/// What a tick did.
public struct SchedulerReport: Hashable, Sendable {
    /// How many objects moved, by `machine.event`.
    public internal(set) var moved: [String: Int] = [:]
    /// Reminders written.
    public internal(set) var reminded = 0
    /// Audit events sealed.
    public internal(set) var sealed = 0
    /// What failed, by `machine.event`.
    public internal(set) var failed: [String] = []
}
