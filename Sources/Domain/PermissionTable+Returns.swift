private func see(_ sentence: String, roles: [Role], _ condition: Permission.Condition = .anyone) -> Permission {
    Permission(
        capacities: [], roles: roles, condition: condition, writes: false, needsStepUp: false, sentence: sentence)
}

private func change(
    _ sentence: String, by capacities: [Capacity], _ condition: Permission.Condition, stepUp: Bool = false
) -> Permission {
    Permission(
        capacities: capacities, roles: [], condition: condition, writes: true, needsStepUp: stepUp, sentence: sentence)
}

/// All but the administrator, who sees no business.
private let business: [Role] = [.department, .localAuthority, .whatWorks, .evaluator, .auditor]

extension Action {
    /// The rows of monitoring returns and published figures.
    var returnPermission: Permission {
        switch self {
        case .returnList: see("Administrators do not see monitoring returns.", roles: business)
        case .returnRead:
            see(
                "Only the authority that reports, the department that runs the programme, those who evaluate the award and auditors can look at a monitoring return.",
                roles: business, .ownCase)
        case .returnEdit:
            change("Only an editor of the authority can change a monitoring return.", by: [.laEditor], .ownOrganisation)
        case .returnSendForCertification:
            change(
                "Only an editor of the authority can send a monitoring return for certification.", by: [.laEditor],
                .ownOrganisation)
        case .returnDeclineCertification:
            change(
                "Only a certifier of the authority can send a monitoring return back to its editors.",
                by: [.laCertifier],
                .ownOrganisation)
        case .returnSubmit:
            change(
                "Only a certifier of the authority can submit a monitoring return.", by: [.laCertifier],
                .ownOrganisation)
        case .returnBeginReview:
            change("Only a programme officer can review a monitoring return.", by: [.programmeOfficer], .ownDepartment)
        case .returnRequestChanges:
            change(
                "Only a programme officer can ask for changes to a monitoring return.", by: [.programmeOfficer],
                .ownDepartment)
        case .returnAccept:
            change("Only a programme officer can accept a monitoring return.", by: [.programmeOfficer], .ownDepartment)
        case .returnReopen:
            change(
                "Only the senior officer responsible can reopen a monitoring return that was accepted.",
                by: [.seniorOfficerResponsible], .ownDepartment, stepUp: true)
        case .returnWaive:
            change(
                "Only the senior officer responsible can waive a monitoring return.", by: [.seniorOfficerResponsible],
                .ownDepartment, stepUp: true)
        case .statisticList: see("Sign in to see what was published about an authority.", roles: Role.allCases)
        default: preconditionFailure("no action of monitoring returns: \(rawValue)")
        }
    }
}
