private let officer: [Capacity] = [.programmeOfficer]
private let senior: [Capacity] = [.seniorOfficerResponsible]
private let certifier: [Capacity] = [.laCertifier]
private let authority: [Capacity] = [.laEditor, .laCertifier]

extension Workflow {
    /// A practice card: written, checked by What Works, published, looked at again, retired.
    public static let practice: [Transition] = {
        let rows = Rows<PracticeEvent>()
        let whatWorks: [Capacity] = [.reviewer, .reviewLead]
        return [
            rows.create(.create, as: .draft, by: [.programmeOfficer, .laEditor, .reviewer]),
            rows.on(
                .check, from: [.draft, .underReview], to: .wwChecked, by: whatWorks,
                guards: [.cardComplete, .checkerIsNotAuthor], tells: [.author]),
            rows.on(
                .sendBack, from: [.wwChecked], to: .draft, by: whatWorks + officer, guards: [.reasonGiven],
                tells: [.author]),
            rows.on(
                .publish, from: [.wwChecked], to: .published, by: officer, guards: [.cardComplete],
                tells: [.author, .whatWorks]),
            rows.on(
                .beginReview, from: [.published], to: .underReview, by: whatWorks + officer, guards: [.reasonGiven],
                tells: [.author]),
            rows.on(
                .retire, from: [.published, .underReview], to: .retired, by: senior + [.reviewLead],
                guards: [.reasonGiven],
                tells: [.author]),
        ].flatMap(\.self)
    }()

    /// A rating: proposed by rule and judgement, agreed by a panel, reviewed when what it rests on changes.
    public static let evidenceRating: [Transition] = {
        let rows = Rows<EvidenceRatingEvent>()
        return [
            rows.create(.open, as: .notRated, by: [.reviewer]),
            rows.on(
                .propose, from: [.notRated, .proposed], to: .proposed, by: [.reviewer], duty: .rated,
                guards: [.reportsPublished, .ratingComplete, .dutiesSeparate]),
            rows.on(
                .sendToPanel, from: [.proposed], to: .panel, by: [.reviewer], guards: [.ownProposal],
                tells: [.ratingPanel]),
            rows.on(
                .sendBack, from: [.panel], to: .proposed, by: [.ratingPanel],
                guards: [.reasonGiven, .panelIsIndependent], tells: [.author]),
            rows.on(
                .agree, from: [.panel], to: .agreed, by: [.ratingPanel], duty: .rated,
                guards: [.panelIsIndependent, .panelQuorum, .evidenceUnchanged, .dutiesSeparate],
                tells: [.author, .whatWorks]),
            rows.on(
                .flag, from: [.agreed], to: .reviewNeeded, by: [.reviewer, .reviewLead], system: true,
                guards: [.reasonGiven], tells: [.author, .whatWorks]),
            rows.on(.supersede, from: [.agreed, .reviewNeeded], to: .superseded, system: true, guards: [.newerRating]),
        ].flatMap(\.self)
    }()

    /// A roll-out decision: an option, what is known, a recommendation that cites it, a decision, and a look back.
    public static let adoptionDecision: [Transition] = {
        let rows = Rows<AdoptionDecisionEvent>()
        return [
            rows.create(.identify, as: .optionIdentified, by: officer, guards: [.practicePublished]),
            rows.on(.assemble, from: [.optionIdentified, .evidencePack], to: .evidencePack, by: officer),
            rows.on(
                .recommend, from: [.evidencePack], to: .recommended, by: officer + senior, duty: .recommendedRollOut,
                guards: [.evidenceCited, .evidenceUnchanged, .overrideWhenShort, .dutiesSeparate], tells: [.approvers]),
            rows.on(
                .sendBack, from: [.recommended], to: .evidencePack, by: [.approver] + senior, guards: [.reasonGiven],
                tells: [.author]),
            rows.on(
                .approve, from: [.recommended], to: .approved, by: [.approver] + senior, duty: .approvedRollOut,
                guards: [.evidenceUnchanged, .recommendationSeconded, .dutiesSeparate],
                tells: [.author, .seniorOfficer]),
            rows.on(.announce, from: [.approved], to: .announced, by: senior, tells: [.department, .everyAuthority]),
            rows.on(
                .review, from: [.announced, .reviewed], to: .reviewed, by: officer + senior, guards: [.reasonGiven],
                tells: [.author, .seniorOfficer]),
        ].flatMap(\.self)
    }()

    /// One authority's way with one practice. The authority says where it stands.
    public static let laAdoption: [Transition] = {
        let rows = Rows<AdoptionEvent>()
        let running: [Adoption.State] = [.adoptedPilot, .adoptedFull, .sustained]
        return [
            rows.create(.declare, as: .aware, by: certifier, guards: [.practicePublished, .notOriginator]),
            rows.on(.consider, from: [.aware], to: .considering, by: certifier),
            rows.on(
                .pilot, from: [.aware, .considering], to: .adoptedPilot, by: certifier, guards: [.adoptionStated],
                tells: [.originators]),
            rows.on(
                .adopt, from: [.aware, .considering, .adoptedPilot], to: .adoptedFull, by: certifier,
                guards: [.adoptionStated], tells: [.originators]),
            rows.on(
                .sustain, from: [.adoptedFull], to: .sustained, by: certifier, guards: [.sustainedLongEnough],
                tells: [.originators]),
            running.flatMap { rows.on(.confirm, from: [$0], to: $0, by: certifier) },
            rows.on(
                .stop, from: running, to: .stopped, by: certifier, guards: [.reasonGiven], tells: [.originators]),
            rows.on(.reject, from: [.aware, .considering], to: .rejected, by: certifier, guards: [.reasonGiven]),
            rows.on(.reconsider, from: [.stopped, .rejected], to: .considering, by: certifier),
        ].flatMap(\.self)
    }()

    /// An authority's view of its own capacity to evaluate.
    public static let capacityAssessment: [Transition] = {
        let rows = Rows<CapacityAssessmentEvent>()
        return [
            rows.create(.open, as: .opened, by: authority, system: true, tells: [.bidEditors, .bidCertifiers]),
            rows.on(.begin, from: [.opened], to: .inProgress, by: authority),
            rows.on(
                .certify, from: [.inProgress], to: .certified, by: certifier, guards: [.capacityComplete],
                tells: [.bidEditors, .bidCertifiers]),
            rows.on(
                .reopen, from: [.certified], to: .inProgress, by: certifier, guards: [.reasonGiven],
                tells: [.bidEditors]),
            rows.on(
                .moderate, from: [.certified], to: .moderated, by: certifier, guards: [.peerInvited, .reasonGiven],
                tells: [.bidCertifiers]),
            rows.on(.lock, from: [.certified, .moderated], to: .locked, by: certifier, system: true),
        ].flatMap(\.self)
    }()

    /// What is asked after the money ended.
    public static let followUp: [Transition] = {
        let rows = Rows<FollowUpEvent>()
        return [
            rows.create(.schedule, as: .scheduled, by: [], system: true),
            rows.on(
                .open, from: [.scheduled], to: .open, system: true, guards: [.timeReached],
                tells: [.bidEditors, .bidCertifiers]),
            rows.on(
                .answer, from: [.open, .noResponse], to: .returned, by: authority, guards: [.followUpComplete],
                tells: [.programmeOfficers]),
            rows.on(
                .sendBack, from: [.returned], to: .open, by: officer, guards: [.reasonGiven],
                tells: [.bidEditors, .bidCertifiers]),
            rows.on(.accept, from: [.returned], to: .accepted, by: officer),
            rows.on(
                .giveUp, from: [.open], to: .noResponse, system: true, guards: [.remindersSent],
                tells: [.bidEditors, .bidCertifiers, .programmeOfficers]),
        ].flatMap(\.self)
    }()
}
