private let author: [Capacity] = [.evaluationAuthor]
private let lead: [Capacity] = [.reviewLead]
private let reviewer: [Capacity] = [.reviewer]
private let authority: [Capacity] = [.laEditor, .laCertifier]
private let senior: [Capacity] = [.seniorOfficerResponsible]
/// Everybody with business in an evaluation.
private let parties: [Role] = [.department, .localAuthority, .whatWorks, .evaluator, .auditor]

private func see(
    _ sentence: String, by capacities: [Capacity] = [], roles: [Role] = [], _ condition: Permission.Condition = .anyone
) -> Permission {
    Permission(
        capacities: capacities, roles: roles, condition: condition, writes: false, needsStepUp: false,
        sentence: sentence)
}

private func change(
    _ sentence: String, by capacities: [Capacity], _ condition: Permission.Condition, stepUp: Bool = false
) -> Permission {
    Permission(
        capacities: capacities, roles: [], condition: condition, writes: true, needsStepUp: stepUp, sentence: sentence)
}

extension Action {
    /// The rows of evaluations, plans, reviews and reports. One long function because it is one table.
    var evaluationPermission: Permission {
        switch self {
        // Evaluations.
        case .evaluationList: see("Sign in to list evaluations.", roles: parties)
        case .evaluationAppoint:
            change("Only a programme officer can appoint an evaluator.", by: [.programmeOfficer], .ownDepartment)
        case .evaluationRecordDates:
            change(
                "Only an author of the evaluation can record when data collection begins.", by: author, .ownEvaluation)

        // Plans.
        case .evaluationPlanRead:
            see(
                "Only those with a part in the evaluation can look at its plan before it is approved.", roles: parties,
                .evaluationParty)
        case .evaluationPlanStart:
            change("Only an author of the appointed evaluator can start the plan.", by: author, .ownEvaluation)
        case .evaluationPlanEdit:
            change("Only an author of the evaluation can edit its plan.", by: author, .ownEvaluation)
        case .evaluationPlanSendForComment:
            change(
                "Only an author of the evaluation can send the plan to the authority for comment.", by: author,
                .ownEvaluation)
        case .evaluationPlanComment:
            change(
                "Only an editor or certifier of the authority can comment on the plan.", by: authority, .ownOrganisation
            )
        case .evaluationPlanFinishComments:
            change(
                "Only an editor or certifier of the authority can say that it has no more comments on the plan.",
                by: authority, .ownOrganisation)
        case .evaluationPlanAnswer:
            change("Only an author of the evaluation can answer comments on the plan.", by: author, .ownEvaluation)
        case .evaluationPlanSubmit:
            change("Only an author of the evaluation can submit its plan for review.", by: author, .ownEvaluation)
        case .evaluationPlanBeginReview:
            change(
                "Only a review lead who is independent of the evaluator and the authority can begin the review of a plan.",
                by: lead, .independentOfEvaluation)
        case .evaluationPlanAskToRevise:
            change(
                "Only a review lead who is independent of the evaluator and the authority can send a plan back.",
                by: lead, .independentOfEvaluation)
        case .evaluationPlanApprove:
            change(
                "Only a review lead who is independent of the evaluator and the authority can approve a plan.",
                by: lead,
                .independentOfEvaluation, stepUp: true)
        case .evaluationPlanRegister:
            change("Only an author of the evaluation can record its registration.", by: author, .ownEvaluation)
        case .evaluationPlanBegin:
            change("Only an author of the evaluation can say that it has begun.", by: author, .ownEvaluation)
        case .evaluationPlanAmend:
            change("Only an author of the evaluation can amend its plan.", by: author, .ownEvaluation)
        case .evaluationPlanAdopt:
            change(
                "Only an author of the evaluation can adopt an amendment that needs no review.", by: author,
                .ownEvaluation)
        case .evaluationPlanComplete:
            change("Only an author of the evaluation can say that it is complete.", by: author, .ownEvaluation)
        case .evaluationPlanAgreeToAbandon:
            change(
                "Only a review lead who is independent of the evaluator and the authority can agree that an evaluation is abandoned.",
                by: lead, .independentOfEvaluation)
        case .evaluationPlanAbandon:
            change(
                "Only the senior officer responsible can abandon an evaluation, once a review lead has agreed.",
                by: senior, .ownDepartment, stepUp: true)
        default: reviewPermission
        }
    }

    private var reviewPermission: Permission {
        switch self {
        case .reviewList:
            see("Only reviewers, review leads and auditors can list reviews.", roles: [.whatWorks, .auditor])
        case .reviewRead:
            see(
                "Only the reviewer, the review lead and auditors can look at a review.", by: reviewer + lead,
                roles: [.auditor], .assignedOrLeading)
        case .reviewInvite:
            change("Only an independent review lead can invite a reviewer.", by: lead, .independentOfEvaluation)
        case .reviewAccept: change("Only the invited reviewer can accept a review.", by: reviewer, .assigned)
        case .reviewDecline: change("Only the invited reviewer can decline a review.", by: reviewer, .assigned)
        case .reviewDeclareInterest:
            change("Only the reviewer can declare their interests.", by: reviewer, .assigned)
        case .reviewCheckInterests:
            change(
                "Only the reviewer or an independent review lead can confirm that no interest stands in the way.",
                by: reviewer + lead, .assignedOrLeading)
        case .reviewBegin: change("Only the reviewer can begin a review.", by: reviewer, .assigned)
        case .reviewScore: change("Only the reviewer can score a review.", by: reviewer, .assigned)
        case .reviewSubmit: change("Only the reviewer can hand in a review.", by: reviewer, .assigned)
        case .reviewAskToClarify:
            change(
                "Only an independent review lead can ask a reviewer to clarify.", by: lead, .independentOfEvaluation)
        case .reviewClarify: change("Only the reviewer can clarify a review.", by: reviewer, .assigned)
        case .reviewFinalise:
            change("Only an independent review lead can make a review final.", by: lead, .independentOfEvaluation)
        case .reviewManage:
            change(
                "Only an independent review lead can rule that a declared interest can be managed.", by: lead,
                .independentOfEvaluation)
        case .reviewRecuse:
            change(
                "Only an independent review lead can rule that a declared interest excludes a reviewer.", by: lead,
                .independentOfEvaluation)
        case .reviewRelease:
            change("Only an independent review lead can release a reviewer.", by: lead, .independentOfEvaluation)
        case .reviewCloseItem:
            change(
                "Only an independent review lead can close a point that a reviewer raised.", by: lead,
                .independentOfEvaluation)
        case .reviewAdjudicate:
            change(
                "Only an independent review lead can settle a disagreement between reviewers.", by: lead,
                .independentOfEvaluation)
        case .reviewCompare:
            see(
                "Only an independent review lead and auditors can compare reviews.", by: lead, roles: [.auditor],
                .assignedOrLeading)
        default: evaluationReportPermission
        }
    }

    private var evaluationReportPermission: Permission {
        switch self {
        case .evaluationReportList: see("Sign in to list reports of evaluations.", roles: parties)
        case .evaluationReportRead:
            see(
                "Only those with a part in the evaluation can look at its report before it is published.",
                roles: parties,
                .evaluationParty)
        case .evaluationReportStart:
            change("Only an author of the evaluation can start its report.", by: author, .ownEvaluation)
        case .evaluationReportEdit:
            change("Only an author of the evaluation can edit its report.", by: author, .ownEvaluation)
        case .evaluationReportSendForFactCheck:
            change(
                "Only an author of the evaluation can send the report to the authority to check its facts.", by: author,
                .ownEvaluation)
        case .evaluationReportComment:
            change(
                "Only the authority and the department's programme officers can comment on the facts of a report.",
                by: authority + [.programmeOfficer], .evaluationParty)
        case .evaluationReportFinishFactCheck:
            change(
                "Only an editor or certifier of the authority can say that its fact check is done.", by: authority,
                .ownOrganisation)
        case .evaluationReportAnswer:
            change("Only an author of the evaluation can answer comments on the report.", by: author, .ownEvaluation)
        case .evaluationReportSubmit:
            change("Only an author of the evaluation can submit its report for review.", by: author, .ownEvaluation)
        case .evaluationReportBeginReview:
            change(
                "Only a review lead who is independent of the evaluator and the authority can begin the review of a report.",
                by: lead, .independentOfEvaluation)
        case .evaluationReportAskToRevise:
            change(
                "Only a review lead who is independent of the evaluator and the authority can send a report back.",
                by: lead, .independentOfEvaluation)
        case .evaluationReportSignOff:
            change(
                "Only a review lead who is independent of the evaluator and the authority can sign off a report.",
                by: lead, .independentOfEvaluation, stepUp: true)
        case .evaluationReportSchedule:
            change(
                "Only the review lead, the author and programme officers can set the day of publication.",
                by: lead + author + [.programmeOfficer], .evaluationParty)
        case .evaluationReportPublish:
            change(
                "Only the review lead and the author can publish a report before its day.", by: lead + author,
                .evaluationParty)
        case .evaluationReportDelay:
            change(
                "Only the department can delay a report that is signed off, for one of six reasons and at most twelve weeks.",
                by: [.programmeOfficer] + senior, .ownDepartment)
        case .evaluationReportRenewDelay:
            change(
                "Only the senior officer responsible can prolong a delay.", by: senior, .ownDepartment, stepUp: true)
        case .evaluationReportProposeCorrection:
            change("Only an author of the evaluation can propose a correction.", by: author, .ownEvaluation)
        case .evaluationReportCorrect:
            change(
                "Only a review lead who is independent of the evaluator and the authority can publish a correction.",
                by: lead, .independentOfEvaluation)
        case .evaluationReportWithdraw:
            change(
                "Only a review lead who is independent of the evaluator and the authority can withdraw a report.",
                by: lead, .independentOfEvaluation, stepUp: true)
        case .evaluationReportFlagPressure:
            change(
                "Only the author and the review lead can report pressure on a report.", by: author + lead,
                .evaluationParty)
        case .evaluationRead:
            see("Only those with a part in an evaluation can look at it.", roles: parties, .evaluationParty)
        default: preconditionFailure("\(rawValue) has no row in the permission table")
        }
    }
}
