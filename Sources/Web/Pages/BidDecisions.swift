import Domain
import Services

extension BidPages {
    private static func sentence(_ text: String) -> @Sendable (Visit, BidDetail) -> [any Markup] {
        { _, _ in [Component.Paragraph(text)] }
    }

    /// What happens to a bid: first what its authority does, then what the department does.
    static let decisions: [Decision<BidDetail>] = authority + department

    private static let authority: [Decision<BidDetail>] = [
        .init(
            path: "certification-request", name: "requestBidCertification", title: "Send for certification",
            confirm: "Send for certification", action: .bidSendForCertification, done: "The bid is with the certifier.",
            allowed: { $0.allowed.contains(.sendForCertification) },
            lead: { visit, detail in
                let certifiers = detail.certifiers.map(\.name)
                let who: any Markup =
                    certifiers.isEmpty
                    ? Component.WarningText(
                        "No certifier of your authority is free to certify this bid. Ask your user administrator to add one who did not edit it."
                    )
                    : Component.Paragraph("These people can certify it: \(Words.list(certifiers)).")
                return [
                    FundParts.deadline(detail.closesAt, now: visit.subject.now),
                    Component.Paragraph(
                        "Nobody can change the bid while it is with the certifier. They submit it, or send it back to you."
                    ),
                    who,
                ]
            },
            act: { try await $0.core.bids.sendForCertification($0.actor, $1.bid.id, version: $0.form.version) }),
        .init(
            path: "submission", name: "submitBid", title: "Certify and submit", confirm: "Certify and submit",
            action: .bidSubmit, done: "The bid is submitted.", lands: "/receipt",
            allowed: { $0.allowed.contains(.submit) }, lead: certification,
            questions: { _, ask in
                [
                    Component.Heading("Declaration"), Component.BulletList(Declaration.points),
                    Component.Checkboxes(
                        name: "declaration", legend: "", choices: [.init(Declaration.version, "I confirm all of this")],
                        values: ask.form.all("declaration"), error: ask.error("declaration")),
                ]
            },
            act: { visit, detail in
                guard visit.form["declaration"] == Declaration.version else {
                    throw Refusal.invalid([FieldProblem("declaration", "Confirm the declaration before you submit")])
                }
                _ = try await visit.core.bids.submit(
                    visit.actor, detail.bid.id, version: visit.form.version, declarationVersion: Declaration.version,
                    once: visit.once)
            }),
        .init(
            path: "certification-refusal", name: "declineBidCertification", title: "Send back to the editors",
            confirm: "Send back", style: .secondary, action: .bidDeclineCertification,
            done: "The bid went back to its editors.",
            reason: "What must change?", allowed: { $0.allowed.contains(.declineCertification) },
            lead: sentence("The bid becomes a draft again and its editors are told why."),
            act: {
                try await $0.core.bids.declineCertification(
                    $0.actor, $1.bid.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "reopening", name: "reopenBid", title: "Reopen the bid", confirm: "Reopen the bid", style: .secondary,
            action: .bidReopen, done: "The bid is a draft again.", allowed: { $0.allowed.contains(.reopen) },
            lead: { visit, detail in
                [
                    FundParts.deadline(detail.closesAt, now: visit.subject.now),
                    Component.WarningText(
                        "A reopened bid must be certified and submitted again before the round closes. If it is not, it will not be considered."
                    ),
                    Component.Paragraph("What was submitted is kept, with its receipt."),
                ]
            },
            act: { try await $0.core.bids.reopen($0.actor, $1.bid.id, version: $0.form.version) }),
        .init(
            path: "withdrawal", name: "withdrawBid", title: "Withdraw the bid", confirm: "Withdraw the bid",
            style: .warning,
            action: .bidWithdraw, done: "The bid is withdrawn.", reason: "Why is it withdrawn?",
            allowed: { $0.allowed.contains(.withdraw) }, lead: sentence("This ends the bid for good."),
            act: {
                try await $0.core.bids.withdraw(
                    $0.actor, $1.bid.id, version: $0.form.version, reason: $0.form["reason"])
            }),
    ]

    /// Who edited what, the time left, and where to read the whole bid.
    private static func certification(_ visit: Visit, _ detail: BidDetail) -> [any Markup] {
        [
            FundParts.deadline(detail.closesAt, now: visit.subject.now),
            FundParts.link("Read the whole bid first", "/bids/\(detail.bid.id)/content"),
            Component.Table(
                caption: "Who edited it", columns: [.init("Section"), .init("Last edited by"), .init("When")],
                rows: detail.sections.map {
                    Words.cells([$0.section.title, $0.editedBy, $0.editedAt.map { Deadline.minute($0) }])
                }, firstCellIsHeader: true),
            Component.Paragraph("Whoever edited this version of the bid cannot certify it."),
        ]
    }

    private static let department: [Decision<BidDetail>] = [
        .init(
            path: "eligibility-check", name: "checkBid", title: "Check eligibility", confirm: "Check the rules",
            action: .bidCheck, done: "The rules are checked. Read the findings below.",
            allowed: { $0.allowed.contains(.check) },
            lead: sentence(
                "Every rule of the round is checked as at the closing day, and each finding is kept with its evidence."),
            act: { _ = try await $0.core.bids.check($0.actor, $1.bid.id, version: $0.form.version) }),
        .init(
            path: "eligibility", name: "findBidEligible", title: "Find eligible", confirm: "Find eligible",
            action: .bidFindEligible, done: "The bid is eligible.", wide: true,
            allowed: { $0.allowed.contains(.findEligible) },
            lead: { _, detail in [BidCasePage.findings(detail)] },
            act: { try await $0.core.bids.findEligible($0.actor, $1.bid.id, version: $0.form.version) }),
        .init(
            path: "ineligibility", name: "findBidIneligible", title: "Find not eligible", confirm: "Find not eligible",
            style: .warning, action: .bidFindIneligible, done: "The bid is not eligible. The authority is told.",
            reason: "Which rule is not met, and why?", wide: true, allowed: { $0.allowed.contains(.findIneligible) },
            lead: { _, detail in
                [
                    Component.Paragraph("You are the second officer: whoever checked the rules cannot do this."),
                    BidCasePage.findings(detail),
                ]
            },
            act: {
                try await $0.core.bids.findIneligible(
                    $0.actor, $1.bid.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "reservation", name: "reserveBid", title: "Put on the reserve list",
            confirm: "Put on the reserve list",
            style: .secondary, action: .bidReserve, done: "The bid is on the reserve list.",
            reason: "Why the reserve list?", allowed: { $0.allowed.contains(.reserve) },
            lead: sentence("It can still be funded if money becomes free."),
            act: {
                try await $0.core.bids.reserve(
                    $0.actor, $1.bid.id, version: $0.form.version, reason: $0.form["reason"], once: $0.once)
            }),
        .init(
            path: "decline", name: "declineBid", title: "Decline", confirm: "Decline the bid", style: .warning,
            action: .bidDecline, done: "The bid is declined.", reason: "Why is it declined?",
            allowed: { $0.allowed.contains(.decline) },
            lead: sentence("The authority reads your reason when the round is announced."),
            act: {
                try await $0.core.bids.decline(
                    $0.actor, $1.bid.id, version: $0.form.version, reason: $0.form["reason"], once: $0.once)
            }),
    ]
}
