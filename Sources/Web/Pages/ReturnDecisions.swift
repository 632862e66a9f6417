import Domain
import Services

/// What happens to a return: first what its authority does, then what the department does.
enum ReturnDecisions {
    static let all: [Decision<ReturnDetail>] = authority + department

    private static func sentence(_ text: String) -> @Sendable (Visit, ReturnDetail) -> [any Markup] {
        { _, _ in [Component.Paragraph(text)] }
    }

    private static let authority: [Decision<ReturnDetail>] = [
        .init(
            path: "certification-request", name: "requestReturnCertification", title: "Send for certification",
            confirm: "Send for certification", action: .returnSendForCertification,
            done: "The return is with the certifier.",
            allowed: { $0.allowed.contains(.sendForCertification) },
            lead: { _, detail in
                let open = detail.findings.filter(\.blocks).count
                let who = detail.certifiers.map(\.name)
                let first: any Markup =
                    open == 0
                    ? Component.Paragraph("Nobody can change the return while it is with the certifier.")
                    : Component.WarningText("\(Words.count(open, "finding")) must be put right or explained first.")
                return [
                    first,
                    who.isEmpty
                        ? Component.WarningText("No certifier of your authority is free to certify it.")
                        : Component.Paragraph("These people can certify it: \(Words.list(who))."),
                ]
            },
            act: { try await $0.core.returns.sendForCertification($0.actor, $1.subject.id, version: $0.form.version) }),
        .init(
            path: "submission", name: "submitReturn", title: "Certify and submit", confirm: "Certify and submit",
            action: .returnSubmit, done: "The return is submitted.", allowed: { $0.allowed.contains(.submit) },
            lead: { _, detail in
                [
                    FundParts.link("Read the whole return first", "/returns/\(detail.subject.id)/content"),
                    Component.Paragraph("Whoever edited this version of the return cannot certify it."),
                ]
            },
            questions: { _, ask in
                [
                    Component.Heading("Declaration"), Component.BulletList(ReturnDeclaration.points),
                    Component.Checkboxes(
                        name: "declaration", legend: "",
                        choices: [.init(ReturnDeclaration.version, "I confirm all of this")],
                        values: ask.form.all("declaration"), error: ask.error("declaration")),
                ]
            },
            act: { visit, detail in
                guard visit.form["declaration"] == ReturnDeclaration.version else {
                    throw Refusal.invalid([FieldProblem("declaration", "Confirm the declaration before you submit")])
                }
                _ = try await visit.core.returns.submit(
                    visit.actor, detail.subject.id, version: visit.form.version,
                    declarationVersion: ReturnDeclaration.version, once: visit.once)
            }),
        .init(
            path: "certification-refusal", name: "declineReturnCertification", title: "Send back to the editors",
            confirm: "Send back", style: .secondary, action: .returnDeclineCertification,
            done: "The return went back to its editors.", reason: "What must change?",
            allowed: { $0.allowed.contains(.declineCertification) },
            lead: sentence("The return can be edited again and its editors are told why."),
            act: {
                try await $0.core.returns.declineCertification(
                    $0.actor, $1.subject.id, version: $0.form.version, reason: $0.form["reason"])
            }),
    ]

    private static let department: [Decision<ReturnDetail>] = [
        .init(
            path: "review", name: "reviewReturn", title: "Review this return", confirm: "Begin the review",
            action: .returnBeginReview, done: "You are reviewing this return.",
            allowed: { $0.allowed.contains(.beginReview) },
            lead: sentence("Read it, then accept it or ask for changes."),
            act: { try await $0.core.returns.beginReview($0.actor, $1.subject.id, version: $0.form.version) }),
        .init(
            path: "acceptance", name: "acceptReturn", title: "Accept", confirm: "Accept the return",
            action: .returnAccept,
            done: "The return is accepted. Its figures count from now on.", allowed: { $0.allowed.contains(.accept) },
            lead: { _, detail in
                [
                    FundParts.link("Read the whole return first", "/returns/\(detail.subject.id)/content"),
                    ReturnReading.findings(detail.findings, back: nil),
                ]
            },
            act: { try await $0.core.returns.accept($0.actor, $1.subject.id, version: $0.form.version, once: $0.once) }),
        .init(
            path: "acceptance-with-issues", name: "acceptReturnWithIssues", title: "Accept with issues",
            confirm: "Accept with issues", style: .secondary, action: .returnAccept,
            done: "The return is accepted with issues.",
            reason: "What is not right about it?", allowed: { $0.allowed.contains(.acceptWithIssues) },
            lead: sentence("Its figures count, and what is not right about them stands beside them."),
            act: {
                try await $0.core.returns.acceptWithIssues(
                    $0.actor, $1.subject.id, version: $0.form.version, issues: $0.form["reason"], once: $0.once)
            }),
        .init(
            path: "reopening", name: "reopenReturn", title: "Reopen this return", confirm: "Reopen", style: .secondary,
            action: .returnReopen, done: "The return is open again.", reason: "Why is it reopened?",
            allowed: { $0.allowed.contains(.reopen) },
            lead: sentence(
                "What was accepted counts until the new version is accepted. Then both are kept, and what differs is recorded with this reason."
            ),
            act: {
                try await $0.core.returns.reopen(
                    $0.actor, $1.subject.id, version: $0.form.version, reason: $0.form["reason"], once: $0.once)
            }),
        .init(
            path: "waiver", name: "waiveReturn", title: "Waive this return", confirm: "Waive", style: .warning,
            action: .returnWaive, done: "The return is waived.", reason: "Why is it not needed?",
            allowed: { $0.allowed.contains(.waive) },
            lead: sentence("It counts as not due, and shows as waived."),
            act: {
                try await $0.core.returns.waive(
                    $0.actor, $1.subject.id, version: $0.form.version, reason: $0.form["reason"], once: $0.once)
            }),
    ]
}
