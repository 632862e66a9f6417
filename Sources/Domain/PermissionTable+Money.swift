private let officer: [Capacity] = [.programmeOfficer]
private let senior: [Capacity] = [.seniorOfficerResponsible]
/// Everybody who deals with money, or reads about it.
private let parties: [Role] = [.department, .localAuthority, .auditor]

private func see(
    _ sentence: String, roles: [Role], _ condition: Permission.Condition = .anyone
) -> Permission {
    Permission(
        capacities: [], roles: roles, condition: condition, writes: false, needsStepUp: false, sentence: sentence)
}

private func change(
    _ sentence: String, by capacities: [Capacity], _ condition: Permission.Condition, stepUp: Bool = false
) -> Permission {
    Permission(
        capacities: capacities, roles: [], condition: condition, writes: true, needsStepUp: stepUp, sentence: sentence)
}

extension Action {
    /// The rows of awards and of what is agreed.
    var awardPermission: Permission {
        switch self {
        case .awardList: see("Only the department, authorities and auditors can list awards.", roles: parties)
        case .awardRead:
            see(
                "An award is seen by the department that makes it, and by its authority from the offer on.",
                roles: parties, .ownDepartmentOrOffered)
        case .awardDraft: change("Only a programme officer can draft an award.", by: officer, .ownDepartment)
        case .awardEdit: change("Only a programme officer can change a draft agreement.", by: officer, .ownDepartment)
        case .awardApproveDeparture:
            change(
                "Only an approver or the senior officer responsible can allow a departure from the standard agreement.",
                by: [.approver] + senior, .ownDepartment, stepUp: true)
        case .awardQualityCheck:
            change("Only a second programme officer can check an agreement.", by: officer, .ownDepartment)
        case .awardReturn:
            change(
                "Only the department's officers, approvers and senior officer can send an agreement back.",
                by: officer + [.approver] + senior, .ownDepartment)
        case .awardOffer:
            change(
                "Only an approver or the senior officer responsible can offer an award.", by: [.approver] + senior,
                .ownDepartment, stepUp: true)
        case .awardAccept:
            change("Only a certifier of the authority can accept an award.", by: [.laCertifier], .ownOrganisation)
        case .awardDecline:
            change("Only a certifier of the authority can decline an award.", by: [.laCertifier], .ownOrganisation)
        case .awardSign:
            change(
                "Only a signatory can sign an agreement for the department.", by: [.signatory], .ownDepartment,
                stepUp: true)
        case .awardActivate:
            change("Only a signatory can put an award into force.", by: [.signatory], .ownDepartment, stepUp: true)
        case .awardSuspend:
            change(
                "Only the senior officer responsible can suspend an award.", by: senior, .ownDepartment, stepUp: true)
        case .awardResume:
            change("Only the senior officer responsible can resume an award.", by: senior, .ownDepartment, stepUp: true)
        case .awardDeclareComplete:
            change(
                "Only a certifier of the authority can declare its project complete.", by: [.laCertifier],
                .ownOrganisation)
        case .awardComplete:
            change("Only a programme officer can record that an award is complete.", by: officer, .ownDepartment)
        case .awardReconcile:
            change(
                "Only a finance officer can reconcile the accounts of an award.", by: [.finance], .ownDepartment,
                stepUp: true)
        case .awardClose:
            change("Only the senior officer responsible can close an award.", by: senior, .ownDepartment, stepUp: true)
        case .awardTerminate:
            change("Only an approver can terminate an award.", by: [.approver], .ownDepartment, stepUp: true)
        case .awardFindCondition:
            change(
                "Only a programme officer can record whether a condition is met.", by: officer, .ownDepartment)
        case .variationList: see("Only the department, authorities and auditors can list variations.", roles: parties)
        case .variationRead:
            see(
                "A variation is seen by the department and the authority of its award.", roles: parties,
                .ownDepartmentOrOffered)
        case .variationDraft:
            change(
                "Only an editor of the authority or a programme officer can ask for a variation.",
                by: [.laEditor, .programmeOfficer], .ownDepartmentOrOffered)
        case .variationEdit:
            change(
                "Only an editor of the authority or a programme officer can change a variation.",
                by: [.laEditor, .programmeOfficer], .ownDepartmentOrOffered)
        case .variationSubmit:
            change(
                "Only a certifier of the authority or a programme officer can submit a variation.",
                by: [.laCertifier, .programmeOfficer], .ownDepartmentOrOffered)
        case .variationWithdraw:
            change(
                "Only a certifier of the authority or a programme officer can withdraw a variation.",
                by: [.laCertifier, .programmeOfficer], .ownDepartmentOrOffered)
        case .variationAssess:
            change("Only a programme officer can assess a variation.", by: officer, .ownDepartment)
        case .variationApprove:
            change("Only an approver can approve a variation.", by: [.approver], .ownDepartment, stepUp: true)
        case .variationReject:
            change("Only an approver can reject a variation.", by: [.approver], .ownDepartment, stepUp: true)
        case .variationTakeEffect:
            change("Only a signatory can put a variation into effect.", by: [.signatory], .ownDepartment, stepUp: true)
        default: paymentPermission
        }
    }

    /// The rows of bank details, claims and payments.
    private var paymentPermission: Permission {
        switch self {
        case .bankRead:
            see(
                "Bank details are shown, masked, to their authority and to the department that pays it.",
                roles: parties,
                .ownDepartmentOrOffered)
        case .bankEnter:
            change(
                "Only an editor or a certifier of the authority can enter its bank details.",
                by: [.laEditor, .laCertifier], .ownOrganisation)
        case .bankVerify:
            change(
                "Only another editor or certifier of the authority, or a finance officer, can verify bank details.",
                by: [.laEditor, .laCertifier, .finance], .ownDepartmentOrOffered)
        case .bankUnmask:
            change(
                "Only a finance officer can see a bank account in full, and each look is recorded.", by: [.finance],
                .ownDepartment, stepUp: true)
        case .claimList: see("Only the department, authorities and auditors can list claims.", roles: parties)
        case .claimRead:
            see(
                "A claim is seen by its authority, and by the department once it is submitted.", roles: parties,
                .ownOrganisationOrAfterClose)
        case .claimStart:
            change("Only an editor of the authority can start a claim.", by: [.laEditor], .ownOrganisation)
        case .claimEdit:
            change("Only an editor of the authority can change a claim.", by: [.laEditor], .ownOrganisation)
        case .claimSendForCertification:
            change(
                "Only an editor of the authority can send a claim for certification.", by: [.laEditor],
                .ownOrganisation)
        case .claimDeclineCertification:
            change(
                "Only a certifier of the authority can send a claim back to its editors.", by: [.laCertifier],
                .ownOrganisation)
        case .claimSubmit:
            change("Only a certifier of the authority can submit a claim.", by: [.laCertifier], .ownOrganisation)
        case .claimAnswer:
            change(
                "Only an editor or a certifier of the authority can answer a query on a claim.",
                by: [.laEditor, .laCertifier], .ownOrganisation)
        case .claimBeginCheck:
            change("Only a programme officer can begin to check a claim.", by: officer, .ownDepartmentAfterClose)
        case .claimQuery: change("Only a programme officer can query a claim.", by: officer, .ownDepartmentAfterClose)
        case .claimVerify: change("Only a programme officer can verify a claim.", by: officer, .ownDepartmentAfterClose)
        case .claimPartVerify:
            change("Only a programme officer can verify a part of a claim.", by: officer, .ownDepartmentAfterClose)
        case .claimReject: change("Only a programme officer can reject a claim.", by: officer, .ownDepartmentAfterClose)
        case .claimReturn:
            change(
                "Only a finance officer can send a verified claim back to be checked again.", by: [.finance],
                .ownDepartmentAfterClose)
        case .claimApprove:
            change(
                "Only a finance officer can approve a claim for payment.", by: [.finance], .ownDepartmentAfterClose,
                stepUp: true)
        case .claimRequestReversal:
            change(
                "Only a finance officer can ask for the reversal of a payment.", by: [.finance],
                .ownDepartmentAfterClose, stepUp: true)
        case .claimReverse:
            change("Only an approver can reverse a payment.", by: [.approver], .ownDepartmentAfterClose, stepUp: true)
        case .recoveryReceive:
            change(
                "Only a finance officer can record that money has come back.", by: [.finance], .ownDepartment,
                stepUp: true)
        case .paymentBatchList:
            see("Only the department and auditors can list payments.", roles: [.department, .auditor])
        case .paymentBatchRead:
            see(
                "Only the department that pays and auditors can look at a payment batch.",
                roles: [.department, .auditor], .ownDepartmentOrAuditing)
        case .paymentBatchAssemble:
            change("Only a finance officer can put payments together.", by: [.finance], .ownDepartment, stepUp: true)
        case .paymentBatchRelease:
            change(
                "Only a payment releaser can release payments.", by: [.paymentReleaser], .ownDepartment, stepUp: true)
        case .paymentBatchCancel:
            change(
                "Only a finance officer or a payment releaser can cancel a payment batch.",
                by: [.finance, .paymentReleaser], .ownDepartment)
        case .paymentBatchConfirm:
            change(
                "Only a finance officer or a payment releaser can record that payments were made.",
                by: [.finance, .paymentReleaser], .ownDepartment, stepUp: true)
        default: preconditionFailure("\(rawValue) has its row in another table")
        }
    }
}

extension Permission.Facts {
    /// Facts of an award that a department makes.
    public static func of(_ award: Award, department: OrganisationID) -> Permission.Facts {
        Permission.Facts(
            organisation: award.organisation, department: department, programme: award.programme, round: award.round,
            bid: award.bid, sealed: false, published: award.state.isOffered)
    }

    /// Facts of a claim on an award: the department sees it once it is submitted.
    public static func of(_ claim: Claim, on award: Award, department: OrganisationID) -> Permission.Facts {
        Permission.Facts(
            organisation: award.organisation, department: department, programme: award.programme, round: award.round,
            bid: award.bid, sealed: claim.state == .draft || claim.state == .inCertification, published: true)
    }
}

extension Award.State {
    /// Whether its authority knows of it.
    public var isOffered: Bool { self != .drafting && self != .qualityChecked }
}
