private let officer: [Capacity] = [.programmeOfficer]
private let senior: [Capacity] = [.seniorOfficerResponsible]
private let authority: [Audience] = [.bidEditors, .bidCertifiers]
/// Those in the department who have to do with every award.
private let team: [Audience] = [.programmeOfficers, .finance, .seniorOfficer]

extension Workflow {
    /// G1–G9. Completion and closing take two people each: the first leaves the state as it is.
    public static let award: [Transition] = {
        let rows = Rows<AwardEvent>()
        let unfinished: [Award.State] = [
            .drafting, .qualityChecked, .offered, .accepted, .signedDept, .active, .suspended, .completed,
        ]
        return [
            rows.create(.draft, as: .drafting, by: officer, guards: [.awardApproved]),
            rows.on(
                .qualityCheck, from: [.drafting], to: .qualityChecked, by: officer,
                guards: [.checkerIsNotDrafter, .agreementComplete, .scheduleGated], tells: [.approvers, .seniorOfficer]),
            rows.on(
                .sendBack, from: [.qualityChecked], to: .drafting, by: officer + [.approver] + senior,
                guards: [.reasonGiven], tells: [.author]),
            rows.on(
                .offer, from: [.qualityChecked], to: .offered, by: [.approver] + senior,
                guards: [.approvalValid, .contentUnchanged], tells: authority + team),
            rows.on(
                .accept, from: [.offered], to: .accepted, by: [.laCertifier],
                guards: [.offerOpen, .contentUnchanged, .bankDetailsVerified, .certifierIsNotEditor],
                tells: team + [.signatories, .bidEditors]),
            rows.on(
                .decline, from: [.offered], to: .declined, by: [.laCertifier], guards: [.reasonGiven], tells: team),
            rows.on(
                .expire, from: [.offered], to: .expired, system: true, guards: [.offerOver],
                tells: team + [.bidCertifiers]),
            rows.on(
                .sign, from: [.accepted], to: .signedDept, by: [.signatory], duty: .signed,
                guards: [.awardReferencePresent, .evaluationDated, .contentUnchanged, .dutiesSeparate],
                tells: [.bidCertifiers, .programmeOfficers, .finance]),
            rows.on(
                .activate, from: [.signedDept], to: .active, by: [.signatory], guards: [.withinAward],
                tells: authority + team),
            rows.on(
                .suspend, from: [.active], to: .suspended, by: senior, guards: [.reasonGiven],
                tells: authority + [.programmeOfficers, .finance]),
            rows.on(
                .resume, from: [.suspended], to: .active, by: senior, guards: [.reasonGiven],
                tells: authority + [.programmeOfficers, .finance]),
            rows.on(
                .declareComplete, from: [.active], to: .active, by: [.laCertifier], guards: [.endDatePassed],
                tells: [.programmeOfficers]),
            rows.on(
                .complete, from: [.active], to: .completed, by: officer,
                guards: [.completionDeclared, .finalReturnAccepted], tells: [.bidCertifiers, .finance, .seniorOfficer]),
            rows.on(
                .reconcile, from: [.completed], to: .completed, by: [.finance], guards: [.accountsSettled],
                tells: [.seniorOfficer]),
            rows.on(
                .close, from: [.completed], to: .closed, by: senior,
                guards: [.reconciledByAnother, .finalReportSubmitted, .accountsSettled], tells: authority + team),
            rows.on(
                .terminate, from: unfinished, to: .terminated, by: [.approver],
                guards: [.reasonGiven, .accountsSettled],
                tells: authority + team),
        ].flatMap(\.self)
    }()

    /// More money and other dates (§3.8). Whoever asks, whoever assesses and whoever approves are three people.
    public static let variation: [Transition] = {
        let rows = Rows<VariationEvent>()
        let asking: [Capacity] = [.laCertifier, .programmeOfficer]
        return [
            rows.create(.draft, as: .draft, by: [.laEditor, .programmeOfficer], guards: [.awardActive]),
            rows.on(
                .submit, from: [.draft], to: .submitted, by: asking, guards: [.variationComplete],
                tells: [.programmeOfficers, .bidCertifiers]),
            rows.on(
                .assess, from: [.submitted], to: .assessed, by: officer, guards: [.differentPeople],
                tells: [.approvers, .finance]),
            rows.on(
                .approve, from: [.assessed], to: .approved, by: [.approver],
                guards: [.differentPeople, .upliftApproved], tells: authority + [.programmeOfficers, .signatories]),
            rows.on(
                .reject, from: [.submitted, .assessed], to: .rejected, by: [.approver],
                guards: [.reasonGiven, .differentPeople], tells: authority + [.programmeOfficers]),
            rows.on(
                .withdraw, from: [.draft, .submitted, .assessed], to: .withdrawn, by: asking, guards: [.reasonGiven],
                tells: [.programmeOfficers, .bidCertifiers]),
            rows.on(
                .takeEffect, from: [.approved], to: .inEffect, by: [.signatory],
                guards: [.agreementComplete, .scheduleGated], tells: authority + team),
        ].flatMap(\.self)
    }()

    /// C1–C7. Into a batch, out of it again, and to paid a claim goes with its payment, by the database.
    public static let claim: [Transition] = {
        let rows = Rows<ClaimEvent>()
        let checked: [Guard] = [.sampleChecked, .returnAccepted, .dutiesSeparate]
        return [
            rows.create(.start, as: .draft, by: [.laEditor], guards: [.awardActive]),
            rows.on(
                .sendForCertification, from: [.draft], to: .inCertification, by: [.laEditor], duty: .wrote,
                guards: [.claimComplete], tells: [.bidCertifiers]),
            rows.on(
                .declineCertification, from: [.inCertification], to: .draft, by: [.laCertifier],
                guards: [.reasonGiven], tells: [.bidEditors]),
            rows.on(
                .submit, from: [.inCertification], to: .submitted, by: [.laCertifier], duty: .certified,
                guards: [.claimComplete, .certifierIsNotEditor], tells: [.programmeOfficers, .bidEditors]),
            rows.on(.beginCheck, from: [.submitted], to: .checking, by: officer, guards: [.dutiesSeparate]),
            rows.on(
                .query, from: [.checking], to: .queried, by: officer, guards: [.reasonGiven], tells: authority),
            rows.on(
                .answer, from: [.queried], to: .checking, by: [.laEditor, .laCertifier], tells: [.programmeOfficers]),
            rows.on(
                .verify, from: [.checking], to: .verified, by: officer, duty: .verified, guards: checked,
                tells: [.finance, .bidCertifiers]),
            rows.on(
                .partVerify, from: [.checking], to: .partVerified, by: officer, duty: .verified, guards: checked,
                tells: [.finance] + authority),
            rows.on(
                .reject, from: [.checking], to: .rejected, by: officer, duty: .verified,
                guards: [.reasonGiven, .dutiesSeparate], tells: authority),
            rows.on(
                .sendBack, from: [.verified, .partVerified, .approvedForPayment], to: .checking, by: [.finance],
                guards: [.reasonGiven], tells: [.programmeOfficers]),
            rows.on(
                .approve, from: [.verified, .partVerified], to: .approvedForPayment, by: [.finance],
                duty: .approvedPayment,
                guards: [
                    .milestoneMet, .conditionsMet, .awardActive, .bankDetailsSettled, .withinAward, .dutiesSeparate,
                ], tells: [.paymentReleasers]),
            rows.on(.batch, from: [.approvedForPayment], to: .paymentBatch, system: true, guards: [.noDuplicates]),
            rows.on(.unbatch, from: [.paymentBatch], to: .approvedForPayment, system: true),
            rows.on(
                .pay, from: [.paymentBatch], to: .paid, system: true, tells: authority + [.programmeOfficers, .finance]),
            rows.on(
                .requestReversal, from: [.paid], to: .paid, by: [.finance], guards: [.reasonGiven],
                tells: [.approvers]),
            rows.on(
                .reverse, from: [.paid], to: .reversed, by: [.approver], guards: [.reversalRequested],
                tells: [.finance, .programmeOfficers, .bidCertifiers]),
        ].flatMap(\.self)
    }()

    /// C6. Finance puts payments together; somebody else releases them; the payment file says that they were made.
    public static let paymentBatch: [Transition] = {
        let rows = Rows<PaymentBatchEvent>()
        let payers: [Capacity] = [.finance, .paymentReleaser]
        return [
            rows.create(.assemble, as: .open, by: [.finance]),
            rows.on(
                .release, from: [.open], to: .released, by: [.paymentReleaser], duty: .releasedPayment,
                guards: [
                    .controlTotalMatches, .noDuplicates, .milestoneMet, .awardActive, .bankDetailsSettled,
                    .dutiesSeparate,
                ], tells: [.finance]),
            rows.on(.cancel, from: [.open], to: .cancelled, by: payers, guards: [.reasonGiven], tells: [.finance]),
            rows.on(.confirm, from: [.released], to: .paid, by: payers, guards: [.fileIsNew], tells: [.finance]),
        ].flatMap(\.self)
    }()
}
