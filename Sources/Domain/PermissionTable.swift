private func see(
    _ sentence: String, by capacities: [Capacity] = [], roles: [Role] = [], _ condition: Permission.Condition = .anyone
) -> Permission {
    Permission(
        capacities: capacities, roles: roles, condition: condition, writes: false, needsStepUp: false,
        sentence: sentence)
}

private func change(
    _ sentence: String, by capacities: [Capacity] = [], roles: [Role] = [], _ condition: Permission.Condition,
    stepUp: Bool = false
) -> Permission {
    Permission(
        capacities: capacities, roles: roles, condition: condition, writes: true, needsStepUp: stepUp,
        sentence: sentence)
}

private let everyone = Role.allCases
/// All but the administrator, who keeps the accounts and sees no business.
private let business: [Role] = [.department, .localAuthority, .whatWorks, .evaluator, .auditor]
private let keepers: [Capacity] = [.administrator, .laUserAdministrator]
private let senior: [Capacity] = [.seniorOfficerResponsible]
private let officer: [Capacity] = [.programmeOfficer]
private let scorers: [Capacity] = [.appraiser, .reviewer]

extension Action {
    /// The permission table, one row for each action and no default: an action without a row does not compile.
    /// It is one long function because it is one table; read it as such.
    public var permission: Permission {
        switch self {
        // One's own account.
        case .accountRead: see("You can look only at your own account here.", roles: everyone, .themselves)
        case .accountChangePassphrase:
            change("You can change only your own passphrase.", roles: everyone, .themselves)
        case .accountSetUpSecondFactor:
            change("You can set up a second factor only for your own account.", roles: everyone, .themselves)
        case .accountRenewRecoveryCodes:
            change("You can renew only your own recovery codes.", roles: everyone, .themselves, stepUp: true)
        case .accountStepUp: change("You can confirm only your own identity.", roles: everyone, .themselves)
        case .accountEndSessions: change("You can end only your own sessions here.", roles: everyone, .themselves)
        case .tokenList: see("You can list only your own API tokens.", roles: everyone, .themselves)
        case .tokenCreate:
            change("You can create API tokens only for yourself.", roles: everyone, .themselves, stepUp: true)
        case .tokenRevoke: change("You can revoke only your own API tokens.", roles: everyone, .themselves)
        case .homeRead: see("Sign in to see your tasks.", roles: everyone)
        case .inboxRead: see("You can read only messages addressed to you.", roles: everyone, .themselves)

        // People, what they may act as, and what they may promise.
        case .peopleList:
            see(
                "Only administrators, user administrators and auditors can list people.", by: keepers, roles: [.auditor]
            )
        case .peopleRead:
            see(
                "Only administrators, auditors and the user administrators of an organisation can look at its people.",
                by: keepers, roles: [.auditor], .personInReach)
        case .peopleInvite:
            change(
                "Only an administrator, or a user administrator of the organisation, can invite people to it.",
                by: keepers,
                .personInReach)
        case .peopleEdit:
            change(
                "Only an administrator, or a user administrator of the organisation, can change somebody's details.",
                by: keepers, .anotherPersonInReach)
        case .peopleSuspend:
            change(
                "Only an administrator, or a user administrator of the organisation, can suspend somebody else.",
                by: keepers, .anotherPersonInReach)
        case .peopleReinstate:
            change(
                "Only an administrator, or a user administrator of the organisation, can reinstate somebody else.",
                by: keepers, .anotherPersonInReach)
        case .peopleLeave:
            change(
                "Only an administrator, or a user administrator of the organisation, can record that somebody else has left.",
                by: keepers, .anotherPersonInReach)
        case .peopleResetSignIn:
            change(
                "Only an administrator, or a user administrator of the organisation, can reset somebody else's sign-in.",
                by: keepers, .anotherPersonInReach, stepUp: true)
        case .capacityList:
            see(
                "Only administrators, auditors and the user administrators of an organisation can see who acts as what.",
                by: keepers, roles: [.auditor], .personInReach)
        case .capacityGrant:
            change(
                "Only an administrator, or a user administrator of the organisation, can give somebody else a capacity.",
                by: keepers, .anotherPersonInReach, stepUp: true)
        case .capacityEnd:
            change(
                "Only an administrator, or a user administrator of the organisation, can end somebody else's capacity.",
                by: keepers, .anotherPersonInReach)
        case .delegationList:
            see(
                "Only the department, administrators and auditors can list delegated limits.", by: [.administrator],
                roles: [.department, .auditor])
        case .delegationRead:
            see(
                "Only the holder's department, administrators and auditors can look at a delegated limit.",
                by: [.administrator], roles: [.department, .auditor], .personInReach)
        case .delegationPropose:
            change(
                "Only an administrator can propose a delegated limit, and never for themselves.", by: [.administrator],
                .anotherPersonInReach, stepUp: true)
        case .delegationActivate:
            change(
                "Only a second administrator or a senior officer responsible can put a delegated limit into force.",
                by: [.administrator] + senior, .anotherPersonInReach, stepUp: true)
        case .delegationRevoke:
            change(
                "Only an administrator or a senior officer responsible can revoke somebody else's delegated limit.",
                by: [.administrator] + senior, .anotherPersonInReach, stepUp: true)

        // Reference data.
        case .organisationList: see("Sign in to list organisations.", roles: everyone)
        case .organisationRead: see("Sign in to look at an organisation.", roles: everyone)
        case .organisationCreate:
            change("Only an administrator can add an organisation.", by: [.administrator], .anyone)
        case .organisationRecordFact:
            change(
                "Only an administrator can record a dated fact about an organisation.", by: [.administrator], .anyone)
        case .referenceLoad:
            change("Only an administrator can load reference data.", by: [.administrator], .anyone)
        case .indicatorList: see("Sign in to list the outcome indicators.", roles: everyone)
        case .settingList: see("Sign in to see the settings of this fund.", roles: everyone)

        // Programmes.
        case .programmeList: see("Administrators do not see programmes.", roles: business)
        case .programmeRead:
            see(
                "Only the department can look at a programme before it opens.", roles: business,
                .ownDepartmentOrPublished)
        case .programmeCreate:
            change("Only a programme officer can start a programme.", by: officer, .ownDepartment)
        case .programmeEdit:
            change("Only a programme officer can change a programme.", by: officer, .ownDepartment)
        case .programmeSubmit:
            change("Only a programme officer can submit a programme for approval.", by: officer, .ownDepartment)
        case .programmeApprove:
            change("Only an approver can approve a programme.", by: [.approver], .ownDepartment, stepUp: true)
        case .programmeReject:
            change("Only an approver can reject a programme.", by: [.approver], .ownDepartment, stepUp: true)
        case .programmeReturn:
            change("Only an approver can return a programme for changes.", by: [.approver], .ownDepartment)
        case .programmeOpen:
            change(
                "Only the senior officer responsible can open a programme.", by: senior, .ownDepartment, stepUp: true)
        case .programmeSuspend:
            change(
                "Only the senior officer responsible can suspend a programme.", by: senior, .ownDepartment, stepUp: true
            )
        case .programmeResume:
            change(
                "Only the senior officer responsible can resume a programme.", by: senior, .ownDepartment, stepUp: true)
        case .programmeBeginClosing:
            change(
                "Only the senior officer responsible can begin to close a programme.", by: senior, .ownDepartment,
                stepUp: true)

        // Rounds.
        case .roundList: see("Administrators do not see rounds.", roles: business)
        case .roundRead:
            see(
                "Only the department can look at a round before it is published.", roles: business,
                .ownDepartmentOrPublished)
        case .roundCreate: change("Only a programme officer can start a round.", by: officer, .ownDepartment)
        case .roundEdit: change("Only a programme officer can change a round.", by: officer, .ownDepartment)
        case .roundApprove:
            change("Only an approver can approve a round.", by: [.approver], .ownDepartment, stepUp: true)
        case .roundExtend:
            change(
                "Only the senior officer responsible can move the closing time of a round.", by: senior, .ownDepartment,
                stepUp: true)
        case .roundBeginAppraisal:
            change("Only a programme officer can begin the appraisal of a round.", by: officer, .ownDepartment)
        case .roundDecide:
            change(
                "Only an approver can record that a round is decided.", by: [.approver], .ownDepartment, stepUp: true)
        case .roundCancel:
            change("Only the senior officer responsible can cancel a round.", by: senior, .ownDepartment, stepUp: true)

        // Bids.
        case .bidList:
            see("Administrators do not see bids.", roles: [.department, .localAuthority, .whatWorks, .auditor])
        case .bidRead:
            see(
                "A bid is sealed: until the round closes, only the authority that writes it can read it.",
                roles: [.department, .localAuthority, .whatWorks, .auditor], .ownOrganisationOrAfterClose)
        case .bidReadSealed:
            see("Only an auditor can read a bid before its round closes, and says why.", by: [.auditor])
        case .bidStart: change("Only an editor of an authority can start a bid.", by: [.laEditor], .ownOrganisation)
        case .bidEdit:
            change("Only an editor of the lead authority can change a bid.", by: [.laEditor], .ownOrganisation)
        case .bidSendForCertification:
            change(
                "Only an editor of the lead authority can send a bid for certification.", by: [.laEditor],
                .ownOrganisation)
        case .bidDeclineCertification:
            change(
                "Only a certifier of the lead authority can send a bid back to its editors.", by: [.laCertifier],
                .ownOrganisation)
        case .bidSubmit:
            change("Only a certifier of the lead authority can submit a bid.", by: [.laCertifier], .ownOrganisation)
        case .bidReopen:
            change("Only a certifier of the lead authority can reopen a bid.", by: [.laCertifier], .ownOrganisation)
        case .bidWithdraw:
            change("Only a certifier of the lead authority can withdraw a bid.", by: [.laCertifier], .ownOrganisation)
        case .bidCheck:
            change(
                "Only a programme officer can check eligibility, and only after the round has closed.", by: officer,
                .ownDepartmentAfterClose)
        case .bidFindEligible:
            change("Only a programme officer can find a bid eligible.", by: officer, .ownDepartmentAfterClose)
        case .bidFindIneligible:
            change("Only a programme officer can find a bid ineligible.", by: officer, .ownDepartmentAfterClose)
        case .bidAppraise:
            change("Only a programme officer can close the appraisal of a bid.", by: officer, .ownDepartmentAfterClose)
        case .bidApprove:
            change(
                "Only an approver can approve a bid for an offer.", by: [.approver], .ownDepartmentAfterClose,
                stepUp: true)
        case .bidReserve:
            change(
                "Only an approver can put a bid in reserve.", by: [.approver], .ownDepartmentAfterClose, stepUp: true)
        case .bidDecline:
            change("Only an approver can decline a bid.", by: [.approver], .ownDepartmentAfterClose, stepUp: true)

        // Appraisals.
        case .appraisalList:
            see(
                "Only appraisers, reviewers, programme officers and auditors can list appraisals.",
                by: scorers + officer,
                roles: [.auditor])
        case .appraisalRead:
            see(
                "Only its appraiser, programme officers and auditors can look at an appraisal.", by: scorers + officer,
                roles: [.auditor], .assignedOrCoordinating)
        case .appraisalAssign:
            change("Only a programme officer can assign an appraisal.", by: officer, .ownDepartmentAfterClose)
        case .appraisalBegin:
            change("Only the person it is assigned to can begin an appraisal.", by: scorers, .assigned)
        case .appraisalScore: change("Only the person it is assigned to can score.", by: scorers, .assigned)
        case .appraisalSubmit:
            change("Only the person it is assigned to can submit an appraisal.", by: scorers, .assigned)
        case .appraisalReturn:
            change("Only a programme officer can return an appraisal.", by: officer, .ownDepartmentAfterClose)
        case .appraisalResume:
            change("Only the person it is assigned to can resume an appraisal.", by: scorers, .assigned)
        case .appraisalFinalise:
            change("Only a programme officer can make an appraisal final.", by: officer, .ownDepartmentAfterClose)
        case .appraisalCompare:
            see(
                "Scores of others are closed to you until your own appraisal is final, or all of them are.",
                by: [.appraiser, .programmeOfficer, .approver, .finance, .seniorOfficerResponsible, .panelChair],
                roles: [.auditor], .scoresOpen)

        // Approvals.
        case .approvalList: see("Only the department and auditors can list approvals.", roles: [.department, .auditor])
        case .approvalRead:
            see(
                "Only the department that runs the programme and auditors can look at an approval.",
                roles: [.department, .auditor], .ownDepartmentOrAuditing)
        case .approvalPrepare:
            change("Only a programme officer can prepare an approval.", by: officer, .ownDepartmentAfterClose)
        case .approvalRevise:
            change("Only a programme officer can revise an approval.", by: officer, .ownDepartmentAfterClose)
        case .approvalClear:
            change(
                "Only a finance officer can clear an approval.", by: [.finance], .ownDepartmentAfterClose, stepUp: true)
        case .approvalReferUp:
            change("Only an approver can refer an approval up.", by: [.approver], .ownDepartmentAfterClose)
        case .approvalApprove:
            change(
                "Only an approver within their delegated limit can approve an award.", by: [.approver],
                .ownDepartmentAfterClose, stepUp: true)
        case .approvalReject:
            change("Only an approver can reject an award.", by: [.approver], .ownDepartmentAfterClose, stepUp: true)
        case .approvalReturn:
            change(
                "Only a finance officer or an approver can return an approval for changes.", by: [.finance, .approver],
                .ownDepartmentAfterClose)

        // Awards, claims, payments: in PermissionTable+Money.swift.
        case .awardList, .awardRead, .awardDraft, .awardEdit, .awardApproveDeparture, .awardQualityCheck,
            .awardReturn, .awardOffer, .awardAccept, .awardDecline, .awardSign, .awardActivate, .awardSuspend,
            .awardResume, .awardDeclareComplete, .awardComplete, .awardReconcile, .awardClose, .awardTerminate,
            .awardFindCondition, .variationList, .variationRead, .variationDraft, .variationEdit, .variationSubmit,
            .variationWithdraw, .variationAssess, .variationApprove, .variationReject, .variationTakeEffect,
            .bankRead, .bankEnter, .bankVerify, .bankUnmask, .claimList, .claimRead, .claimStart, .claimEdit,
            .claimSendForCertification, .claimDeclineCertification, .claimSubmit, .claimAnswer, .claimBeginCheck,
            .claimQuery, .claimVerify, .claimPartVerify, .claimReject, .claimReturn, .claimApprove,
            .claimRequestReversal, .claimReverse, .recoveryReceive, .paymentBatchList, .paymentBatchRead,
            .paymentBatchAssemble, .paymentBatchRelease, .paymentBatchCancel, .paymentBatchConfirm:
            awardPermission

        // Evaluations: in PermissionTable+Evaluation.swift.
        case .evaluationList, .evaluationRead, .evaluationAppoint, .evaluationRecordDates, .evaluationPlanRead,
            .evaluationPlanStart, .evaluationPlanEdit, .evaluationPlanSendForComment, .evaluationPlanComment,
            .evaluationPlanFinishComments, .evaluationPlanAnswer, .evaluationPlanSubmit, .evaluationPlanBeginReview,
            .evaluationPlanAskToRevise, .evaluationPlanApprove, .evaluationPlanRegister, .evaluationPlanBegin,
            .evaluationPlanAmend, .evaluationPlanAdopt, .evaluationPlanComplete, .evaluationPlanAgreeToAbandon,
            .evaluationPlanAbandon, .reviewList, .reviewRead, .reviewInvite, .reviewAccept, .reviewDecline,
            .reviewDeclareInterest, .reviewCheckInterests, .reviewBegin, .reviewScore, .reviewSubmit,
            .reviewAskToClarify, .reviewClarify, .reviewFinalise, .reviewManage, .reviewRecuse, .reviewRelease,
            .reviewCloseItem, .reviewAdjudicate, .reviewCompare, .evaluationReportList, .evaluationReportRead,
            .evaluationReportStart, .evaluationReportEdit, .evaluationReportSendForFactCheck,
            .evaluationReportComment, .evaluationReportFinishFactCheck, .evaluationReportAnswer,
            .evaluationReportSubmit, .evaluationReportBeginReview, .evaluationReportAskToRevise,
            .evaluationReportSignOff, .evaluationReportSchedule, .evaluationReportPublish, .evaluationReportDelay,
            .evaluationReportRenewDelay, .evaluationReportProposeCorrection, .evaluationReportCorrect,
            .evaluationReportWithdraw, .evaluationReportFlagPressure:
            evaluationPermission

        // Evidence, decisions, adoption: in PermissionTable+Evidence.swift.
        case .practiceList, .practiceRead, .practiceCreate, .practiceEdit, .practiceCheck, .practiceReturn,
            .practicePublish, .practiceBeginReview, .practiceRetire, .practiceLink, .evidenceRatingList,
            .evidenceRatingRead, .evidenceRatingOpen, .evidenceRatingPropose, .evidenceRatingSendToPanel,
            .evidenceRatingAgree, .evidenceRatingReturn, .evidenceRatingFlag, .adoptionDecisionList,
            .adoptionDecisionRead, .adoptionDecisionIdentify, .adoptionDecisionAssemble, .adoptionDecisionRecommend,
            .adoptionDecisionSecond, .adoptionDecisionReturn, .adoptionDecisionApprove, .adoptionDecisionAnnounce,
            .adoptionDecisionReview, .laAdoptionList, .laAdoptionRead, .laAdoptionDeclare, .laAdoptionConsider,
            .laAdoptionPilot, .laAdoptionAdopt, .laAdoptionSustain, .laAdoptionConfirm, .laAdoptionStop,
            .laAdoptionReject, .laAdoptionReconsider, .laAdoptionVerify, .capacityAssessmentList,
            .capacityAssessmentRead, .capacityAssessmentOpen, .capacityAssessmentBegin, .capacityAssessmentCertify,
            .capacityAssessmentReopen, .capacityAssessmentModerate, .capacityAssessmentLock, .followUpList,
            .followUpRead, .followUpAnswer, .followUpReturn, .followUpAccept, .disseminationList,
            .disseminationRecord, .chainRead:
            evidencePermission

        // Monitoring returns: in PermissionTable+Returns.swift.
        case .returnList, .returnRead, .returnEdit, .returnSendForCertification, .returnDeclineCertification,
            .returnSubmit, .returnBeginReview, .returnRequestChanges, .returnAccept, .returnReopen, .returnWaive,
            .statisticList:
            returnPermission

        // Looking back.
        case .historyRead:
            see(
                "Only those who may see an object can read its history.", by: [.administrator],
                roles: business)
        case .reportRead: see("Administrators do not see reports.", roles: business)
        case .reportReadWhole:
            see(
                "Only the department, reviewers of What Works and auditors can run reports on the whole programme.",
                roles: [.department, .whatWorks, .auditor])
        case .reportReadOwn:
            see("Only people of an authority can run the report on their authority.", roles: [.localAuthority])
        case .reportExport: see("Administrators do not export reports.", roles: business)
        case .auditRead: see("Only an auditor can read the audit trail.", roles: [.auditor])
        case .auditReadSecurity:
            see(
                "Only auditors and administrators can read security events.", by: [.administrator], roles: [.auditor])
        case .auditExport: see("Only an auditor can export the audit trail.", roles: [.auditor])
        case .auditVerify:
            see("Only auditors and administrators can verify the audit trail.", by: [.administrator], roles: [.auditor])
        }
    }
}
