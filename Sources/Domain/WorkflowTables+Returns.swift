extension Workflow {
    /// M1–M7. Planned when the award becomes active, opened by the clock, written and certified by two people of the
    /// authority, ruled on by the department. Reopening keeps what was accepted until the new version is.
    public static let monitoringReturn: [Transition] = {
        let rows = Rows<MonitoringReturnEvent>()
        let officer: [Capacity] = [.programmeOfficer]
        let senior: [Capacity] = [.seniorOfficerResponsible]
        let authority: [Audience] = [.bidEditors, .bidCertifiers]
        return [
            rows.create(.plan, as: .scheduled, by: [.signatory], system: true),
            rows.on(.open, from: [.scheduled], to: .open, system: true, guards: [.timeReached], tells: authority),
            rows.on(.begin, from: [.open], to: .inProgress, by: [.laEditor]),
            rows.on(
                .sendForCertification, from: [.inProgress], to: .inCertification, by: [.laEditor], duty: .wrote,
                guards: [.returnComplete], tells: [.bidCertifiers]),
            rows.on(
                .declineCertification, from: [.inCertification], to: .inProgress, by: [.laCertifier],
                guards: [.reasonGiven, .certifierIsNotEditor], tells: [.bidEditors]),
            rows.on(
                .submit, from: [.inCertification], to: .submitted, by: [.laCertifier], duty: .certified,
                guards: [.returnComplete, .certifierIsNotEditor, .periodEnded],
                tells: [.programmeOfficers, .bidEditors]),
            rows.on(.beginReview, from: [.submitted], to: .underReview, by: officer),
            rows.on(
                .requestChanges, from: [.underReview], to: .changesRequested, by: officer, guards: [.reasonGiven],
                tells: authority),
            rows.on(.accept, from: [.underReview], to: .accepted, by: officer, tells: authority),
            rows.on(
                .acceptWithIssues, from: [.underReview], to: .acceptedWithIssues, by: officer, guards: [.reasonGiven],
                tells: authority),
            rows.on(.resume, from: [.changesRequested, .reopened], to: .inProgress, by: [.laEditor]),
            rows.on(
                .reopen, from: [.accepted, .acceptedWithIssues], to: .reopened, by: senior, guards: [.reasonGiven],
                tells: authority + [.programmeOfficers]),
            rows.on(
                .waive, from: [.scheduled, .open], to: .waived, by: senior, guards: [.reasonGiven], tells: authority),
        ].flatMap(\.self)
    }()
}
