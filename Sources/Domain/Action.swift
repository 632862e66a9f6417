/// Everything that a signed-in person can do. Raw values are permanent: they stand in audit events, refusals and the
/// published permission table. `Action.permission` says who may, and has a row for each of these or does not compile.
public enum Action: String, Sendable, CaseIterable, Codable {
    // One's own account.
    case accountRead = "account.read"
    case accountChangePassphrase = "account.change_passphrase"
    case accountSetUpSecondFactor = "account.set_up_second_factor"
    case accountRenewRecoveryCodes = "account.renew_recovery_codes"
    case accountStepUp = "account.step_up"
    case accountEndSessions = "account.end_sessions"
    case tokenList = "token.list"
    case tokenCreate = "token.create"
    case tokenRevoke = "token.revoke"
    case homeRead = "home.read"
    case inboxRead = "inbox.read"

    // People, what they may act as, and what they may promise.
    case peopleList = "people.list"
    case peopleRead = "people.read"
    case peopleInvite = "people.invite"
    case peopleEdit = "people.edit"
    case peopleSuspend = "people.suspend"
    case peopleReinstate = "people.reinstate"
    case peopleLeave = "people.leave"
    case peopleResetSignIn = "people.reset_sign_in"
    case capacityList = "capacity.list"
    case capacityGrant = "capacity.grant"
    case capacityEnd = "capacity.end"
    case delegationList = "delegation.list"
    case delegationRead = "delegation.read"
    case delegationPropose = "delegation.propose"
    case delegationActivate = "delegation.activate"
    case delegationRevoke = "delegation.revoke"

    // Reference data.
    case organisationList = "organisation.list"
    case organisationRead = "organisation.read"
    case organisationCreate = "organisation.create"
    case organisationRecordFact = "organisation.record_fact"
    case referenceLoad = "reference.load"
    case indicatorList = "indicator.list"
    case settingList = "setting.list"

    // Programmes.
    case programmeList = "programme.list"
    case programmeRead = "programme.read"
    case programmeCreate = "programme.create"
    case programmeEdit = "programme.edit"
    case programmeSubmit = "programme.submit"
    case programmeApprove = "programme.approve"
    case programmeReject = "programme.reject"
    case programmeReturn = "programme.return"
    case programmeOpen = "programme.open"
    case programmeSuspend = "programme.suspend"
    case programmeResume = "programme.resume"
    case programmeBeginClosing = "programme.begin_closing"

    // Rounds.
    case roundList = "round.list"
    case roundRead = "round.read"
    case roundCreate = "round.create"
    case roundEdit = "round.edit"
    case roundApprove = "round.approve"
    case roundExtend = "round.extend"
    case roundBeginAppraisal = "round.begin_appraisal"
    case roundDecide = "round.decide"
    case roundCancel = "round.cancel"

    // Bids.
    case bidList = "bid.list"
    case bidRead = "bid.read"
    case bidReadSealed = "bid.read_sealed"
    case bidStart = "bid.start"
    case bidEdit = "bid.edit"
    case bidSendForCertification = "bid.send_for_certification"
    case bidDeclineCertification = "bid.decline_certification"
    case bidSubmit = "bid.submit"
    case bidReopen = "bid.reopen"
    case bidWithdraw = "bid.withdraw"
    case bidCheck = "bid.check"
    case bidFindEligible = "bid.find_eligible"
    case bidFindIneligible = "bid.find_ineligible"
    case bidAppraise = "bid.appraise"
    case bidApprove = "bid.approve"
    case bidReserve = "bid.reserve"
    case bidDecline = "bid.decline"

    // Appraisals.
    case appraisalList = "appraisal.list"
    case appraisalRead = "appraisal.read"
    case appraisalAssign = "appraisal.assign"
    case appraisalBegin = "appraisal.begin"
    case appraisalScore = "appraisal.score"
    case appraisalSubmit = "appraisal.submit"
    case appraisalReturn = "appraisal.return"
    case appraisalResume = "appraisal.resume"
    case appraisalFinalise = "appraisal.finalise"
    case appraisalCompare = "appraisal.compare"

    // Approvals.
    case approvalList = "approval.list"
    case approvalRead = "approval.read"
    case approvalPrepare = "approval.prepare"
    case approvalRevise = "approval.revise"
    case approvalClear = "approval.clear"
    case approvalReferUp = "approval.refer_up"
    case approvalApprove = "approval.approve"
    case approvalReject = "approval.reject"
    case approvalReturn = "approval.return"

    // Looking back.
    case historyRead = "history.read"
    case reportRead = "report.read"
    case reportExport = "report.export"
    case auditRead = "audit.read"
    case auditReadSecurity = "audit.read_security"
    case auditExport = "audit.export"
    case auditVerify = "audit.verify"

    /// The thing acted on, as refusals name it: `bid`.
    public var noun: String { rawValue.split(separator: ".").first.map(String.init) ?? rawValue }

    /// Whether this looks at one object, so that not being allowed is the same as its not being there.
    public var looksAtOne: Bool { !permission.writes && rawValue.hasSuffix(".read") && permission.condition != .anyone }
}
