private let author: [Capacity] = [.evaluationAuthor]
private let lead: [Capacity] = [.reviewLead]
private let authority: [Capacity] = [.laEditor, .laCertifier]

extension Workflow {
    /// V1–V9. Each version goes from approval through the register to work; an amendment that touches what was promised to
    /// be measured, or on whom, goes through review again, and money waits for it.
    public static let evaluationPlan: [Transition] = {
        let rows = Rows<EvaluationPlanEvent>()
        let unfinished = EvaluationPlan.State.allCases.filter { !$0.isOver }
        let team: [Audience] = [.evaluationAuthors, .bidCertifiers, .programmeOfficers]
        let verdict: [Guard] = [.reviewsFinal, .leadIsIndependent, .dutiesSeparate]
        return [
            rows.create(.create, as: .notStarted, by: [], system: true),
            rows.on(
                .start, from: [.notStarted], to: .drafting, by: author, duty: .authoredEvaluation,
                guards: [.independenceDeclared, .dutiesSeparate], tells: [.reviewLeads, .programmeOfficers]),
            rows.on(
                .sendForComment, from: [.drafting, .revise, .amended], to: .laComment, by: author,
                duty: .authoredEvaluation, guards: [.planComplete], tells: [.bidEditors, .bidCertifiers]),
            rows.on(.finishComments, from: [.laComment], to: .laComment, by: authority, tells: [.evaluationAuthors]),
            rows.on(
                .submit, from: [.laComment, .revise], to: .submitted, by: author, duty: .authoredEvaluation,
                guards: [.commentsAnswered, .planComplete, .dutiesSeparate], tells: [.reviewLeads]),
            rows.on(
                .beginReview, from: [.submitted], to: .inReview, by: lead, duty: .ledReview,
                guards: [.twoReviewersClear, .leadIsIndependent, .dutiesSeparate], tells: [.evaluationAuthors]),
            rows.on(
                .askToRevise, from: [.inReview], to: .revise, by: lead, duty: .ledReview,
                guards: [.reasonGiven] + verdict, tells: team),
            rows.on(
                .approve, from: [.inReview], to: .approved, by: lead, duty: .ledReview,
                guards: verdict + [.disagreementsSettled, .rubricPassed, .mustFixClosed, .powerSufficient],
                tells: team + [.seniorOfficer]),
            rows.on(
                .register, from: [.approved], to: .registered, by: author, guards: [.registrationRecorded],
                tells: [.programmeOfficers, .reviewLeads]),
            rows.on(
                .begin, from: [.registered], to: .active, by: author, system: true, guards: [.dataCollectionBegun],
                tells: [.programmeOfficers]),
            rows.on(
                .amend, from: [.registered, .active], to: .amended, by: author, duty: .authoredEvaluation,
                guards: [.amendmentExplained],
                tells: [.reviewLeads, .programmeOfficers, .seniorOfficer, .bidCertifiers, .auditors]),
            rows.on(
                .adopt, from: [.amended], to: .approved, by: author, duty: .authoredEvaluation,
                guards: [.noReviewNeeded], tells: [.reviewLeads, .programmeOfficers, .bidCertifiers]),
            rows.on(
                .complete, from: [.active], to: .completed, by: author, system: true, guards: [.finalReportSignedOff],
                tells: [.programmeOfficers]),
            unfinished.flatMap {
                rows.on(
                    .agreeToAbandon, from: [$0], to: $0, by: lead, duty: .ledReview,
                    guards: [.reasonGiven, .leadIsIndependent], tells: [.seniorOfficer])
            },
            rows.on(
                .abandon, from: unfinished, to: .abandoned, by: [.seniorOfficerResponsible],
                guards: [.reasonGiven, .lessonsRecorded, .leadAgreed], tells: team + [.reviewLeads, .auditors]),
        ].flatMap(\.self)
    }()

    /// One reviewer's work, locked while a declared interest waits for a ruling. What was scored before stays on record.
    public static let review: [Transition] = {
        let rows = Rows<ReviewEvent>()
        let reviewer: [Capacity] = [.reviewer]
        let inHand: [Review.State] = [.accepted, .coiChecked, .inProgress, .submitted, .clarification]
        return [
            rows.create(
                .invite, as: .invited, by: lead, guards: [.reviewerIsIndependent, .dutiesSeparate], tells: [.reviewer]),
            rows.on(
                .accept, from: [.invited], to: .accepted, by: reviewer, guards: [.ownReview], tells: [.author]),
            rows.on(
                .decline, from: [.invited], to: .declined, by: reviewer, guards: [.ownReview, .reasonGiven],
                tells: [.author]),
            rows.on(
                .checkInterests, from: [.accepted], to: .coiChecked, by: reviewer + lead, guards: [.interestsClear]),
            rows.on(
                .begin, from: [.coiChecked], to: .inProgress, by: reviewer, guards: [.ownReview, .underReview]),
            rows.on(
                .submit, from: [.inProgress], to: .submitted, by: reviewer, duty: .reviewedProtocol,
                guards: [.ownReview, .reviewComplete, .dutiesSeparate], tells: [.author]),
            rows.on(
                .askToClarify, from: [.submitted], to: .clarification, by: lead, guards: [.reasonGiven],
                tells: [.reviewer]),
            rows.on(
                .clarify, from: [.clarification], to: .submitted, by: reviewer, guards: [.ownReview, .reviewComplete],
                tells: [.author]),
            rows.on(.finalise, from: [.submitted], to: .final, by: lead, tells: [.reviewer]),
            rows.on(
                .declareInterest, from: inHand + [.final], to: .locked, by: reviewer, guards: [.ownReview],
                tells: [.author]),
            rows.on(
                .manage, from: [.locked], to: .coiChecked, by: lead, guards: [.rulingRecorded], tells: [.reviewer]),
            rows.on(
                .recuse, from: [.locked], to: .withdrawn, by: lead, guards: [.rulingRecorded], tells: [.reviewer]),
            rows.on(
                .release, from: [.invited, .accepted, .coiChecked, .inProgress], to: .withdrawn, by: lead,
                guards: [.reasonGiven], tells: [.reviewer]),
        ].flatMap(\.self)
    }()

    /// Q1–Q6. From sign-off on nothing leads to "not published": only a delay with a coded reason, in public by title.
    public static let evaluationReport: [Transition] = {
        let rows = Rows<EvaluationReportEvent>()
        let team: [Audience] = [.evaluationAuthors, .bidCertifiers, .programmeOfficers]
        let verdict: [Guard] = [.reviewsFinal, .leadIsIndependent, .dutiesSeparate]
        let ready: [EvaluationReport.State] = [.signedOff, .publicationScheduled, .delayed]
        let public_: [EvaluationReport.State] = [.published, .corrected]
        return [
            rows.create(
                .start, as: .drafting, by: author, duty: .authoredEvaluation, guards: [.planApproved, .dutiesSeparate]),
            rows.on(
                .sendForFactCheck, from: [.drafting], to: .laFactCheck, by: author, duty: .authoredEvaluation,
                guards: [.reportComplete], tells: [.bidEditors, .bidCertifiers, .programmeOfficers]),
            rows.on(
                .finishFactCheck, from: [.laFactCheck], to: .laFactCheck, by: authority, tells: [.evaluationAuthors]),
            rows.on(
                .submit, from: [.laFactCheck, .revise], to: .submitted, by: author, duty: .authoredEvaluation,
                guards: [.commentsAnswered, .reportComplete, .dutiesSeparate], tells: [.reviewLeads]),
            rows.on(
                .beginReview, from: [.submitted], to: .peerReview, by: lead, duty: .ledReview,
                guards: [.twoReviewersClear, .leadIsIndependent, .dutiesSeparate], tells: [.evaluationAuthors]),
            rows.on(
                .askToRevise, from: [.peerReview], to: .revise, by: lead, duty: .ledReview,
                guards: [.reasonGiven] + verdict, tells: team),
            rows.on(
                .signOff, from: [.peerReview], to: .signedOff, by: lead, duty: .ledReview,
                guards: verdict
                    + [.disagreementsSettled, .rubricPassed, .mustFixClosed, .outcomesReported, .figuresAgree],
                tells: team + [.seniorOfficer]),
            rows.on(
                .schedule, from: ready, to: .publicationScheduled, by: lead + author + [.programmeOfficer],
                guards: [.withinDeadline], tells: team),
            rows.on(
                .publish, from: ready, to: .published, by: lead + author, system: true, guards: [.publicationDue],
                tells: team + [.seniorOfficer, .reviewLeads]),
            rows.on(
                .delay, from: [.signedOff, .publicationScheduled], to: .delayed,
                by: [.programmeOfficer, .seniorOfficerResponsible], guards: [.delayIsCoded],
                tells: team + [.seniorOfficer, .reviewLeads, .auditors]),
            rows.on(
                .renewDelay, from: [.delayed], to: .delayed, by: [.seniorOfficerResponsible], guards: [.delayIsCoded],
                tells: team + [.reviewLeads, .auditors]),
            public_.flatMap {
                rows.on(
                    .proposeCorrection, from: [$0], to: $0, by: author, duty: .authoredEvaluation,
                    guards: [.reasonGiven, .reportComplete], tells: [.reviewLeads])
            },
            rows.on(
                .correct, from: public_, to: .corrected, by: lead, duty: .ledReview,
                guards: [.correctionProposed, .leadIsIndependent, .dutiesSeparate],
                tells: team + [.seniorOfficer, .auditors]),
            rows.on(
                .withdraw, from: public_, to: .withdrawn, by: lead, duty: .ledReview,
                guards: [.reasonGiven, .leadIsIndependent, .dutiesSeparate],
                tells: team + [.seniorOfficer, .auditors]),
        ].flatMap(\.self)
    }()
}
