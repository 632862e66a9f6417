/// Where a case goes when one approver says yes.
public enum ApprovalRoute: Hashable, Sendable {
    /// It is approved, under this delegation.
    case approve(DelegationID)
    /// Their key is turned, under this delegation; a second approver is needed.
    case firstKey(DelegationID)
    /// It is above their limit: somebody with a higher one decides.
    case referUp(String)
    /// Consent from outside comes first, whatever the amount.
    case needsConsent(String)
    /// They may not decide this case.
    case refused(Refusal)

    /// What the page tells the approver; nil when nothing stands in the way.
    public var sentence: String? {
        switch self {
        case .approve: nil
        case .firstKey: "This sum needs two approvers. After you, a second one decides."
        case .referUp(let sentence), .needsConsent(let sentence): sentence
        case .refused(let refusal): refusal.sentence
        }
    }
}

/// One turn of one key.
public struct ApprovalKey: Hashable, Sendable {
    /// What it brings about: `approve`, or `firstKey`.
    public let event: ApprovalEvent
    /// The delegation under which it is turned.
    public let delegation: DelegationID
}

extension ApprovalRules {
    /// How many approvers a whole-life sum needs: two above the threshold, one at it.
    public static func keysNeeded(_ wholeLife: Money, threshold: Money) -> Int { wholeLife > threshold ? 2 : 1 }

    /// The largest limit that a person holds on a day. Limits do not add up.
    public static func limit(of person: PersonID, _ delegations: [Delegation], on day: Day) -> Delegation? {
        delegations.filter { $0.person == person && $0.isValid(on: day) }.max { $0.limit < $1.limit }
    }

    /// Where a case goes when this person says yes. The limit is tested on the whole life of the award: all that was promised
    /// before and this, never on the instalment. `turned` is who has turned a key for the content as it stands.
    public static func route(
        _ approval: Approval, by person: PersonID, delegations: [Delegation], turned: [PersonID], threshold: Money,
        on today: Day
    ) -> ApprovalRoute {
        switch approval.state {
        case .financeCleared, .referredUp, .awaitingSecondKey: break
        case .prepared, .approved, .rejected, .returned, .lapsed:
            return .refused(
                Refusal(.conflict, code: "not_waiting", "This approval is not waiting for an approver at this moment."))
        }
        if approval.preparer == person { return .refused(Duty.refusal(already: .prepared, new: .approved)) }
        if approval.clearer == person { return .refused(Duty.refusal(already: .cleared, new: .approved)) }
        if turned.contains(person) {
            return .refused(
                Refusal(
                    .forbidden, code: "key_turned",
                    "You have approved this case already. A second approver must be somebody else."))
        }
        let consented = approval.content.consent.map { $0.date <= today } ?? false
        if approval.content.screening.needsConsent && !consented {
            return .needsConsent(consentNeeded(approval.content.screening).sentence)
        }
        guard let limit = limit(of: person, delegations, on: today) else { return .refused(noLimit) }
        guard approval.wholeLife <= limit.limit else {
            return .referUp(aboveLimit(approval.wholeLife, limit.limit).sentence)
        }
        let keys = Set(turned).count + 1
        return keys >= keysNeeded(approval.wholeLife, threshold: threshold) ? .approve(limit.id) : .firstKey(limit.id)
    }

    /// The key that a yes turns, or why it turns none. `others` are the names of people who could decide instead.
    public static func key(
        _ approval: Approval, by person: PersonID, delegations: [Delegation], turned: [PersonID], threshold: Money,
        on today: Day, others: [String] = []
    ) throws(Refusal) -> ApprovalKey {
        let route = route(
            approval, by: person, delegations: delegations, turned: turned, threshold: threshold, on: today)
        switch route {
        case .approve(let delegation): return ApprovalKey(event: .approve, delegation: delegation)
        case .firstKey(let delegation): return ApprovalKey(event: .firstKey, delegation: delegation)
        case .referUp(let sentence):
            let who = others.isEmpty ? "" : " Those who could: \(others.joined(separator: ", "))."
            throw Refusal(.conflict, code: "above_limit", sentence + who)
        case .needsConsent(let sentence): throw Refusal(.conflict, code: "consent_needed", sentence)
        case .refused(let refusal): throw refusal
        }
    }

    /// Whether an approver may refer a case up: only what is above their own limit.
    public static func limitIsTooLow(_ wholeLife: Money, delegations: [Delegation], on today: Day) -> Refusal? {
        let highest = delegations.filter { $0.isValid(on: today) }.map(\.limit).max()
        guard let highest, wholeLife <= highest else { return nil }
        return Refusal(
            .conflict, code: "within_limit",
            "This case is within your limit of \(highest). Approve it, reject it or return it.")
    }

    /// The refusal of somebody who holds no limit today.
    static let noLimit = Refusal(
        .forbidden, code: "no_limit",
        "You hold no delegated limit that is valid today. Ask an administrator to have one put into force.")

    /// The refusal of a sum above a limit.
    static func aboveLimit(_ wholeLife: Money, _ limit: Money) -> Refusal {
        Refusal(
            .conflict, code: "above_limit",
            "The whole-life sum is \(wholeLife), above your limit of \(limit). Refer it to somebody with a higher limit."
        )
    }

    /// The refusal of spending that no delegation covers.
    static func consentNeeded(_ screening: SpendScreening) -> Refusal {
        let answers = [
            screening.novel == true ? "novel" : nil, screening.contentious == true ? "contentious" : nil,
            screening.repercussive == true ? "repercussive" : nil,
        ].compactMap(\.self)
        return Refusal(
            .conflict, code: "consent_needed",
            "This spending is \(answers.joined(separator: " and ")), so nobody may approve it without consent from the Treasury, "
                + "whatever the amount. Return it, so that the reference and date of the consent are recorded.")
    }
}
