public import Domain
import Postgres

/// What is asked six, twelve, 24 and 36 months after an award ended, whatever became of its programme.
public struct FollowUps: Sendable {
    let platform: Platform

    /// What is due first on top; those that nobody answered stay in the list.
    public func list(_ actor: Actor, page: PageRequest = PageRequest(), state: FollowUp.State? = nil) async throws
        -> Page<FollowUpRow>
    {
        let after = try page.keys(2).map { (try Keys.day($0[0]), try Keys.id($0[1], of: FollowUp.self)) }
        let (subject, rows) = try await platform.read(
            "follow_ups.list", actor, FollowUpStatements.list(state: state, after: after, limit: page.limit).many)
        _ = try Permission.authorise(.followUpList, subject: subject)
        return Page(rows, page) { ["\($0.dueOn)", "\($0.id)"] }
    }

    /// One follow-up with what is published already.
    public func detail(_ actor: Actor, _ id: FollowUpID) async throws -> FollowUpDetail {
        let (subject, found, values, indicators, reminders) = try await platform.read(
            "follow_ups.detail", actor, FollowUpStatements.find(id).optional, FollowUpStatements.values(id).many,
            FollowUpStatements.indicators(id).many, FollowUpStatements.reminders(id).many)
        let record = try found.orNotFound("follow-up")
        _ = try Permission.authorise(.followUpRead, subject: subject, facts: record.facts)
        let followUp = record.followUp
        var content = followUp.content
        content.values = values
        return FollowUpDetail(
            followUp: FollowUp(
                id: followUp.id, reference: followUp.reference, award: followUp.award, bid: followUp.bid,
                organisation: followUp.organisation, months: followUp.months, opensOn: followUp.opensOn,
                dueOn: followUp.dueOn, state: followUp.state, version: followUp.version, answers: followUp.answers,
                content: content),
            awardTitle: record.awardTitle, organisationName: record.organisationName, indicators: indicators,
            reminders: reminders, answeredAt: record.answeredAt, reason: record.reason,
            allowed: offered(FollowUpEvent.self, from: followUp.state, to: subject, facts: record.facts, as: \.action))
    }

    /// Answers; also after silence was taken for an answer.
    public func answer(
        _ actor: Actor, _ id: FollowUpID, version: Int, _ content: FollowUp.Content, once: IdempotencyKey? = nil
    ) async throws {
        _ = try await platform.write("follow_ups.answer", actor, on: .followUp(id), once: once) { tx, open in
            let (subject, found, indicators) = try tx.pipeline(
                open, FollowUpStatements.lock(id).optional, FollowUpStatements.indicators(id).many)
            let (record, grant) = try Self.authorise(.followUpAnswer, found, subject)
            let followUp = record.followUp
            try version.mustEqual(followUp.version, "follow-up")
            let move = try Workflow.move(FollowUpEvent.answer, from: followUp.state)
            try FollowUpRules.problems(content, indicators: indicators.map(\.code)).mustBeEmpty()
            let number = followUp.answers + 1
            for value in content.values {
                // A figure counts as published only when it is the one that is published.
                var value = value
                let known = indicators.first { $0.code == value.indicator }
                value.source = known?.figure == value.value && known?.period == value.period ? .published : .authority
                tx.queue(FollowUpStatements.value(id, answer: number, value).done)
            }
            tx.queue(FollowUpStatements.answer(id, by: subject.person, number: number, content).done)
            EvidenceAct(subject: subject, actor: actor, grant: grant, object: .followUp(id), name: followUp.reference)
                .move(
                    FollowUpEvent.answer, move, from: followUp.state, version: version,
                    says:
                        "\(record.organisationName) answered, \(followUp.months) months after the end. Sign in to see it.",
                    tx)
            return true
        }
    }

    /// Accepts an answer, or sends it back.
    public func move(_ actor: Actor, _ id: FollowUpID, _ event: FollowUpEvent, version: Int, reason: String? = nil)
        async throws
    {
        guard event == .accept || event == .sendBack, let action = event.action else {
            throw Refusal.notFound("follow-up")
        }
        try await platform.write("follow_ups.move", actor, on: .followUp(id)) { tx, open in
            let (subject, found) = try tx.pipeline(open, FollowUpStatements.lock(id).optional)
            let (record, grant) = try Self.authorise(action, found, subject)
            try version.mustEqual(record.followUp.version, "follow-up")
            let move = try Workflow.move(event, from: record.followUp.state)
            if event == .sendBack { try Rules.reason(reason ?? "").enforce() }
            tx.queue(FollowUpStatements.move(id, event, to: move.state, because: reason).done)
            EvidenceAct(
                subject: subject, actor: actor, grant: grant, object: .followUp(id), name: record.followUp.reference
            ).move(event, move, from: record.followUp.state, version: version, reason: reason, tx)
        }
    }

    private static func authorise(_ action: Action, _ found: FollowUpRecord?, _ subject: Subject) throws -> (
        FollowUpRecord, Grant
    ) {
        let record = try found.orNotFound("follow-up")
        _ = try Permission.authorise(.followUpRead, subject: subject, facts: record.facts)
        return (record, try Permission.authorise(action, subject: subject, facts: record.facts))
    }
}

extension FollowUpEvent {
    /// The permission that the event needs; nil when nobody does it by hand.
    var action: Action? { Action(rawValue: "follow_up.\(rawValue)") }
}
