/// Writes rows of one machine; several starting states make several rows.
struct Rows<Event: WorkflowEvent> {
    func on(
        _ event: Event, from: [Event.State], to: Event.State, by capacities: [Capacity] = [], system: Bool = false,
        duty: Duty? = nil, guards: [Guard] = [], tells: [Audience] = []
    ) -> [Transition] {
        from.map { row(event, $0.rawValue, to, capacities, system, duty, guards, tells) }
    }

    func create(
        _ event: Event, as state: Event.State, by capacities: [Capacity], system: Bool = false, duty: Duty? = nil,
        guards: [Guard] = [], tells: [Audience] = []
    ) -> [Transition] {
        [row(event, "", state, capacities, system, duty, guards, tells)]
    }

    private func row(
        _ event: Event, _ from: String, _ to: Event.State, _ capacities: [Capacity], _ system: Bool, _ duty: Duty?,
        _ guards: [Guard], _ tells: [Audience]
    ) -> Transition {
        Transition(
            machine: Event.machine, from: from, event: event.rawValue, to: to.rawValue, capacities: capacities,
            bySystem: system, duty: duty, guards: guards, notifies: tells)
    }
}

private let senior: [Capacity] = [.seniorOfficerResponsible]
private let officer: [Capacity] = [.programmeOfficer]

extension Workflow {
    /// P1–P7. `closing → closed` and `archived` need awards and evaluations, which come later: the states exist so that
    /// their codes never move, and nothing leads to them yet.
    public static let programme: [Transition] = {
        let rows = Rows<ProgrammeEvent>()
        return [
            rows.create(.create, as: .draft, by: officer),
            rows.on(
                .submit, from: [.draft], to: .inApproval, by: officer, guards: [.programmeComplete], tells: [.approvers]
            ),
            rows.on(
                .approve, from: [.inApproval], to: .approved, by: [.approver],
                guards: [.programmeComplete, .limitCoversWholeLife, .approverIsIndependent],
                tells: [.author, .programmeOfficers, .finance, .seniorOfficer]),
            rows.on(
                .reject, from: [.inApproval], to: .rejected, by: [.approver],
                guards: [.reasonGiven, .approverIsIndependent], tells: [.author, .seniorOfficer]),
            rows.on(
                .sendBack, from: [.inApproval], to: .draft, by: [.approver],
                guards: [.reasonGiven, .approverIsIndependent], tells: [.author]),
            rows.on(
                .open, from: [.approved], to: .open, by: senior, guards: [.schemeReferencePresent], tells: [.department]
            ),
            rows.on(.suspend, from: [.open], to: .suspended, by: senior, guards: [.reasonGiven], tells: [.department]),
            rows.on(.resume, from: [.suspended], to: .open, by: senior, guards: [.reasonGiven], tells: [.department]),
            rows.on(
                .beginClosing, from: [.open], to: .closing, by: senior, guards: [.roundsDecided], tells: [.department]),
        ].flatMap(\.self)
    }()

    /// R1–R6 and RX. `decided → announced` needs outcome letters, which come later.
    public static let round: [Transition] = {
        let rows = Rows<RoundEvent>()
        return [
            rows.create(.create, as: .draft, by: officer),
            rows.on(
                .approve, from: [.draft], to: .approved, by: [.approver],
                guards: [.roundComplete, .approverIsNotAuthor], tells: [.author, .seniorOfficer]),
            rows.on(.schedule, from: [.approved], to: .scheduled, system: true, tells: [.author]),
            rows.on(
                .open, from: [.scheduled], to: .open, system: true, guards: [.timeReached],
                tells: [.everyAuthority, .programmeOfficers, .seniorOfficer]),
            rows.on(
                .extend, from: [.open], to: .open, by: senior, guards: [.closesLater, .reasonGiven],
                tells: [.roundBidders, .programmeOfficers]),
            rows.on(
                .close, from: [.open], to: .closed, system: true, guards: [.timeReached],
                tells: [.roundBidders, .programmeOfficers, .seniorOfficer]),
            rows.on(
                .beginAppraisal, from: [.closed], to: .appraising, by: officer, guards: [.appraisersAssigned],
                tells: [.seniorOfficer]),
            rows.on(
                .decide, from: [.appraising], to: .decided, by: [.approver],
                guards: [.bidsDecided, .dutiesSeparate], tells: [.programmeOfficers, .seniorOfficer]),
            rows.on(
                .cancel, from: [.draft, .approved, .scheduled, .open, .closed, .appraising], to: .cancelled, by: senior,
                guards: [.reasonGiven], tells: [.roundBidders, .department]),
        ].flatMap(\.self)
    }()

    /// B1–B8. What follows an offer belongs to the award, which makes the offer.
    public static let bid: [Transition] = {
        let rows = Rows<BidEvent>()
        return [
            rows.create(.start, as: .draft, by: [.laEditor], guards: [.roundOpen]),
            rows.on(
                .sendForCertification, from: [.draft], to: .inCertification, by: [.laEditor], duty: .wrote,
                guards: [.bidComplete, .roundOpen], tells: [.bidCertifiers]),
            rows.on(
                .declineCertification, from: [.inCertification], to: .draft, by: [.laCertifier],
                guards: [.reasonGiven, .certifierIsNotEditor], tells: [.bidEditors]),
            rows.on(
                .submit, from: [.inCertification], to: .submitted, by: [.laCertifier], duty: .certified,
                guards: [.roundOpen, .bidComplete, .certifierIsNotEditor], tells: [.bidEditors, .bidCertifiers]),
            rows.on(
                .reopen, from: [.submitted], to: .draft, by: [.laCertifier], guards: [.roundOpen],
                tells: [.bidEditors, .bidCertifiers]),
            rows.on(
                .expire, from: [.draft, .inCertification], to: .notSubmitted, system: true, guards: [.timeReached],
                tells: [.bidEditors, .bidCertifiers]),
            rows.on(.check, from: [.submitted], to: .eligibilityCheck, by: officer, guards: [.timeReached]),
            rows.on(
                .findEligible, from: [.eligibilityCheck], to: .eligible, by: officer, guards: [.rulesPassed],
                tells: [.programmeOfficers]),
            rows.on(
                .findIneligible, from: [.eligibilityCheck], to: .ineligible, by: officer,
                guards: [.secondOfficer, .reasonGiven], tells: [.bidEditors, .bidCertifiers]),
            rows.on(
                .appraise, from: [.eligible], to: .appraised, by: officer, system: true, guards: [.appraisalsFinal],
                tells: [.programmeOfficers]),
            rows.on(
                .approve, from: [.appraised], to: .approvedForOffer, by: [.approver], guards: [.approvalDecided],
                tells: [.programmeOfficers, .finance, .seniorOfficer]),
            rows.on(
                .reserve, from: [.appraised], to: .reserve, by: [.approver], guards: [.reasonGiven, .dutiesSeparate],
                tells: [.programmeOfficers]),
            rows.on(
                .decline, from: [.appraised], to: .declined, by: [.approver], guards: [.reasonGiven, .dutiesSeparate],
                tells: [.programmeOfficers]),
            rows.on(.offer, from: [.approvedForOffer], to: .offered, system: true, guards: [.awardOffered]),
            rows.on(
                .withdraw,
                from: [.draft, .inCertification, .submitted, .eligibilityCheck, .eligible, .appraised, .reserve],
                to: .withdrawn, by: [.laCertifier], guards: [.reasonGiven], tells: [.bidEditors, .programmeOfficers]),
        ].flatMap(\.self)
    }()

    /// Appraisal of one bid by one person. Moderation and the panel come later.
    public static let appraisal: [Transition] = {
        let rows = Rows<AppraisalEvent>()
        let scorers: [Capacity] = [.appraiser, .reviewer]
        return [
            rows.create(.assign, as: .assigned, by: officer, guards: [.dutiesSeparate], tells: [.appraiser]),
            rows.on(.begin, from: [.assigned], to: .inProgress, by: scorers, guards: [.ownAppraisal]),
            rows.on(
                .submit, from: [.inProgress], to: .submitted, by: scorers, duty: .appraised,
                guards: [.ownAppraisal, .scoresComplete, .dutiesSeparate], tells: [.programmeOfficers]),
            rows.on(
                .sendBack, from: [.submitted], to: .returned, by: officer,
                guards: [.reasonGiven, .appraisalBeforeDecision], tells: [.appraiser]),
            rows.on(.resume, from: [.returned], to: .inProgress, by: scorers, guards: [.ownAppraisal]),
            rows.on(
                .finalise, from: [.submitted], to: .final, by: officer, guards: [.scoresComplete], tells: [.appraiser]),
        ].flatMap(\.self)
    }()

    /// A1–A6. Any change of what is approved goes back through `revise`, and keys turned for the old digest do not count.
    public static let approval: [Transition] = {
        let rows = Rows<ApprovalEvent>()
        let waiting: [Approval.State] = [.financeCleared, .referredUp, .awaitingSecondKey]
        let keyGuards: [Guard] = [.limitCoversWholeLife, .contentUnchanged, .dutiesSeparate]
        let outcome: [Audience] = [.author, .finance, .seniorOfficer]
        return [
            rows.create(
                .prepare, as: .prepared, by: officer, duty: .prepared, guards: [.approvalComplete, .dutiesSeparate],
                tells: [.finance]),
            rows.on(
                .clear, from: [.prepared], to: .financeCleared, by: [.finance], duty: .cleared,
                guards: [.budgetLeft, .clearerIsNotPreparer, .dutiesSeparate], tells: [.approvers]),
            rows.on(
                .referUp, from: [.financeCleared], to: .referredUp, by: [.approver], system: true,
                guards: [.limitIsTooLow], tells: [.approvers, .seniorOfficer]),
            rows.on(
                .firstKey, from: [.financeCleared, .referredUp], to: .awaitingSecondKey, by: [.approver],
                duty: .approved,
                guards: keyGuards + [.moreKeysNeeded], tells: [.approvers]),
            rows.on(
                .approve, from: waiting, to: .approved, by: [.approver], duty: .approved,
                guards: keyGuards + [.enoughKeys], tells: outcome),
            rows.on(
                .reject, from: waiting, to: .rejected, by: [.approver], guards: [.reasonGiven, .dutiesSeparate],
                tells: outcome),
            rows.on(
                .sendBack, from: [.prepared], to: .returned, by: [.finance], guards: [.reasonGiven], tells: [.author]),
            rows.on(.sendBack, from: waiting, to: .returned, by: [.approver], guards: [.reasonGiven], tells: [.author]),
            rows.on(
                .revise, from: [.prepared, .returned] + waiting, to: .prepared, by: officer, duty: .prepared,
                guards: [.approvalComplete, .dutiesSeparate], tells: [.finance]),
            rows.on(
                .lapse, from: [.approved], to: .lapsed, system: true, guards: [.lapseDateReached],
                tells: [.author, .finance, .seniorOfficer, .bidCertifiers]),
        ].flatMap(\.self)
    }()

    /// An account from invitation to leaving.
    public static let person: [Transition] = {
        let rows = Rows<PersonEvent>()
        let keepers: [Capacity] = [.administrator, .laUserAdministrator]
        return [
            rows.create(
                .invite, as: .invited, by: keepers, system: true, guards: [.roleFitsOrganisation], tells: [.subject]),
            rows.on(
                .activate, from: [.invited], to: .active, system: true, guards: [.tokenAccepted], tells: [.subject]),
            rows.on(
                .suspend, from: [.active], to: .suspended, by: keepers, guards: [.notOneself, .reasonGiven],
                tells: [.subject, .auditors]),
            rows.on(
                .reinstate, from: [.suspended], to: .active, by: keepers, guards: [.notOneself],
                tells: [.subject, .auditors]),
            rows.on(
                .leave, from: [.invited, .active, .suspended], to: .left, by: keepers,
                guards: [.notOneself, .handover],
                tells: [.auditors]),
        ].flatMap(\.self)
    }()

    /// A spending limit from proposal to its end. Proposer, activator and holder are three people.
    public static let delegation: [Transition] = {
        let rows = Rows<DelegationEvent>()
        let openers: [Capacity] = [.administrator, .seniorOfficerResponsible]
        return [
            rows.create(.propose, as: .proposed, by: [.administrator], guards: [.notOneself], tells: [.seniorOfficer]),
            rows.on(
                .activate, from: [.proposed], to: .active, by: openers, guards: [.threePeople],
                tells: [.subject, .seniorOfficer, .auditors]),
            rows.on(
                .revoke, from: [.proposed, .active], to: .revoked, by: openers, guards: [.notOneself, .reasonGiven],
                tells: [.subject, .seniorOfficer, .auditors]),
            rows.on(.expire, from: [.active], to: .expired, system: true, guards: [.validityOver], tells: [.subject]),
        ].flatMap(\.self)
    }()
}
