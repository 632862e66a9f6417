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

/// All but the administrator, who sees no business.
private let business: [Role] = [.department, .localAuthority, .whatWorks, .evaluator, .auditor]
private let officer: [Capacity] = [.programmeOfficer]
private let senior: [Capacity] = [.seniorOfficerResponsible]
private let whatWorks: [Capacity] = [.reviewer, .reviewLead]
private let certifier: [Capacity] = [.laCertifier]
private let authority: [Capacity] = [.laEditor, .laCertifier]

extension Action {
    /// The rows of practices, ratings and roll-out decisions.
    var evidencePermission: Permission {
        switch self {
        // Practices.
        case .practiceList: see("Administrators do not see practices.", roles: business)
        case .practiceRead:
            see(
                "Only those who work on a practice card can look at it before it is published.", roles: business,
                .openToActor)
        case .practiceCreate:
            change(
                "Only a programme officer, a reviewer or an editor of the authority that developed a practice can describe it.",
                by: officer + [.laEditor, .reviewer], .anyone)
        case .practiceEdit:
            change(
                "Only a programme officer, a reviewer or an editor of the authority that developed a practice can change its card.",
                by: officer + [.laEditor, .reviewer], .ownOrStewarded)
        case .practiceCheck: change("Only What Works can check a practice card.", by: whatWorks, .ownOrStewarded)
        case .practiceReturn:
            change(
                "Only What Works or a programme officer can send a practice card back.", by: whatWorks + officer,
                .ownOrStewarded)
        case .practicePublish:
            change("Only a programme officer can publish a practice card.", by: officer, .ownOrStewarded)
        case .practiceBeginReview:
            change(
                "Only What Works or a programme officer can take a practice card under review.",
                by: whatWorks + officer,
                .ownOrStewarded)
        case .practiceRetire:
            change(
                "Only a senior officer responsible or a review lead can retire a practice.", by: senior + [.reviewLead],
                .ownOrStewarded)
        case .practiceLink:
            change(
                "Only What Works or a programme officer can say which awards a practice was part of.",
                by: whatWorks + officer, .ownOrStewarded)

        // Ratings.
        case .evidenceRatingList: see("Administrators do not see ratings.", roles: business)
        case .evidenceRatingRead:
            see(
                "Only What Works, the department and auditors can look at a rating before it is agreed.",
                roles: business, .openToActor)
        case .evidenceRatingOpen: change("Only a reviewer can begin a rating.", by: [.reviewer], .ownOrStewarded)
        case .evidenceRatingPropose: change("Only a reviewer can propose a rating.", by: [.reviewer], .ownOrStewarded)
        case .evidenceRatingSendToPanel:
            change(
                "Only the reviewer who proposed a rating can send it to the panel.", by: [.reviewer], .ownOrStewarded)
        case .evidenceRatingReturn:
            change("Only a member of the rating panel can send a rating back.", by: [.ratingPanel], .ownOrStewarded)
        case .evidenceRatingAgree:
            change("Only a member of the rating panel can vote on a rating.", by: [.ratingPanel], .ownOrStewarded)
        case .evidenceRatingFlag:
            change("Only What Works can say that a rating needs review.", by: whatWorks, .ownOrStewarded)

        // Roll-out decisions.
        case .adoptionDecisionList: see("Administrators do not see roll-out decisions.", roles: business)
        case .adoptionDecisionRead:
            see(
                "Only the department that decides and auditors can look at a roll-out decision before it is announced.",
                roles: business, .ownDepartmentOrPublished)
        case .adoptionDecisionIdentify:
            change("Only a programme officer can put an option up for decision.", by: officer, .ownDepartment)
        case .adoptionDecisionAssemble:
            change("Only a programme officer can assemble the evidence pack.", by: officer, .ownDepartment)
        case .adoptionDecisionRecommend:
            change(
                "Only a programme officer or the senior officer responsible can recommend a roll-out decision.",
                by: officer + senior, .ownDepartment)
        case .adoptionDecisionSecond:
            change(
                "Only a programme officer or the senior officer responsible can second a recommendation.",
                by: officer + senior, .ownDepartment)
        case .adoptionDecisionReturn:
            change(
                "Only an approver or the senior officer responsible can send a recommendation back.",
                by: [.approver] + senior,
                .ownDepartment)
        case .adoptionDecisionApprove:
            change(
                "Only an approver or the senior officer responsible can approve a roll-out decision.",
                by: [.approver] + senior, .ownDepartment, stepUp: true)
        case .adoptionDecisionAnnounce:
            change(
                "Only the senior officer responsible can announce a roll-out decision.", by: senior, .ownDepartment,
                stepUp: true)
        case .adoptionDecisionReview:
            change(
                "Only a programme officer or the senior officer responsible can review a roll-out decision.",
                by: officer + senior, .ownDepartment)

        // The chain.
        case .chainRead: see("Administrators do not see what led to what.", roles: business)
        default: adoptionPermission
        }
    }

    /// The rows of adoptions, capacity assessments, follow-ups and dissemination.
    private var adoptionPermission: Permission {
        switch self {
        // Adoptions.
        case .laAdoptionList: see("Administrators do not see who took up what.", roles: business)
        case .laAdoptionRead:
            see(
                "Only the adopting authority, the originator, the department, What Works and auditors can look at an adoption.",
                roles: business, .openToActor)
        case .laAdoptionDeclare:
            change(
                "Only a certifier of the adopting authority can declare an adoption.", by: certifier, .ownOrganisation)
        case .laAdoptionConsider:
            change(
                "Only a certifier of the adopting authority can say that it considers a practice.", by: certifier,
                .ownOrganisation)
        case .laAdoptionPilot:
            change("Only a certifier of the adopting authority can declare a pilot.", by: certifier, .ownOrganisation)
        case .laAdoptionAdopt:
            change(
                "Only a certifier of the adopting authority can declare full adoption.", by: certifier, .ownOrganisation
            )
        case .laAdoptionSustain:
            change(
                "Only a certifier of the adopting authority can declare that a practice is sustained.", by: certifier,
                .ownOrganisation)
        case .laAdoptionConfirm:
            change(
                "Only a certifier of the adopting authority can confirm that a practice still runs.", by: certifier,
                .ownOrganisation)
        case .laAdoptionStop:
            change(
                "Only a certifier of the adopting authority can say that it stopped.", by: certifier, .ownOrganisation)
        case .laAdoptionReject:
            change(
                "Only a certifier of the adopting authority can decide against a practice.", by: certifier,
                .ownOrganisation)
        case .laAdoptionReconsider:
            change(
                "Only a certifier of the adopting authority can take a practice up for consideration again.",
                by: certifier,
                .ownOrganisation)
        case .laAdoptionVerify:
            change(
                "Only a certifier of the originator, a programme officer or a reviewer can verify an adoption of another authority.",
                by: certifier + officer + [.reviewer], .anotherOrganisation)

        // Capacity assessments.
        case .capacityAssessmentList: see("Sign in to list capacity assessments.", roles: business)
        case .capacityAssessmentRead:
            see(
                "Only the authority itself, a peer that it asked, its case team and auditors can look at a capacity assessment.",
                roles: [.localAuthority, .department, .auditor], .openToActor)
        case .capacityAssessmentOpen:
            change(
                "Only an editor or certifier can open a capacity assessment of their own authority.", by: authority,
                .ownOrganisation)
        case .capacityAssessmentBegin:
            change(
                "Only an editor or certifier can answer in a capacity assessment of their own authority.",
                by: authority,
                .ownOrganisation)
        case .capacityAssessmentCertify:
            change(
                "Only a certifier can certify the capacity assessment of their own authority.", by: certifier,
                .ownOrganisation)
        case .capacityAssessmentReopen:
            change(
                "Only a certifier can reopen the capacity assessment of their own authority.", by: certifier,
                .ownOrganisation)
        case .capacityAssessmentLock:
            change(
                "Only a certifier can lock the capacity assessment of their own authority.", by: certifier,
                .ownOrganisation)
        case .capacityAssessmentModerate:
            change(
                "Only a certifier of the authority that was asked as a peer can moderate a capacity assessment.",
                by: certifier, .anotherOrganisation)

        // Follow-ups.
        case .followUpList:
            see(
                "Only authorities, the department and auditors can list follow-ups.",
                roles: [.localAuthority, .department, .auditor])
        case .followUpRead:
            see(
                "Only the authority that had the award, its case team and auditors can look at a follow-up.",
                roles: [.localAuthority, .department, .auditor], .openToActor)
        case .followUpAnswer:
            change(
                "Only an editor or certifier of the authority that had the award can answer a follow-up.",
                by: authority, .ownOrganisation)
        case .followUpReturn: change("Only a programme officer can send a follow-up back.", by: officer, .ownDepartment)
        case .followUpAccept: change("Only a programme officer can accept a follow-up.", by: officer, .ownDepartment)

        // Dissemination.
        case .disseminationList: see("Administrators do not see what was done to spread the word.", roles: business)
        case .disseminationRecord:
            change(
                "Only What Works or a programme officer can record what was done to spread the word.",
                by: whatWorks + officer, .ownOrStewarded)
        default: preconditionFailure("PermissionTable.swift lists the actions of this file")
        }
    }
}
