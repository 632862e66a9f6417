import Domain
import Services

/// A claim on one page: where it stands, what holds its payment, its lines with what was found, and what happened.
enum ClaimStoryPage {
    static func page(_ visit: Visit, _ detail: ClaimDetail) -> Page {
        let back = "/claims/\(detail.claim.id)"
        var content: [any Markup] = [head(detail)]
        if let reason = detail.reason {
            content.append(Component.InsetText([Component.Prose(text: "Reason given: \(reason)")]))
        }
        if detail.claim.state == .queried, let query = detail.query {
            let by = detail.queryBy.map { " Answer by \($0.spoken)." } ?? ""
            content.append(Component.InsetText([Component.Prose(text: "The department asks: \(query)\(by)")]))
        }
        content += FundParts.actions(links(detail, back))
        if detail.editable || detail.claim.state == .inCertification {
            content += FundParts.needs("Still needed before it can be certified", detail.problems) { problem in
                detail.editable ? "\(back)/edit?check=yes#\(problem.field)" : back
            }
        }
        content += holds(detail)
        content.append(lines(detail))
        content += sample(detail) + payments(detail)
        content += [
            AwardStoryParts.events(.claim, detail.history), FundParts.history(visit, .claim, detail.claim.id),
        ]
        return Page(
            "Claim \(detail.claim.reference)", caption: "Award \(detail.award.reference): \(detail.award.title)",
            breadcrumbs: [
                .init("Home", "/"), .init("Claims", "/claims"),
                .init(detail.award.reference, "/awards/\(detail.award.id)"),
            ], banner: visit.banner(ClaimPages.sentences), wide: true, content)
    }

    private static func head(_ detail: ClaimDetail) -> any Markup {
        let content = detail.claim.content
        var rows: [Component.SummaryList.Row] = [
            .init("Where it stands", Words.tag(detail.claim.state)),
            .init("Authority", detail.award.organisationName),
            .init(
                "Award",
                Component.Link("\(detail.award.reference): \(detail.award.title)", "/awards/\(detail.award.id)")),
            .init(
                "Instalment",
                detail.instalment.map { "\($0.position), at most \($0.amount), due \($0.dueOn.spoken)" }),
            .init("Period", content.from.map { "\($0.spoken) to \(content.to?.spoken ?? "")" }),
            .init("Claimed", (detail.amount ?? content.total).description),
        ]
        if let verified = detail.verified { rows.append(.init("Verified", verified.description)) }
        if let name = detail.certifierName { rows.append(.init("Certified by", name)) }
        if let at = detail.submittedAt { rows.append(.init("Submitted", Deadline.second(at))) }
        if let name = detail.checkerName { rows.append(.init("Checked by", name)) }
        if let day = detail.payBy { rows.append(.init("Pay by", day.spoken)) }
        return Component.SummaryList(rows)
    }

    private static func links(_ detail: ClaimDetail, _ back: String) -> [Component.ButtonLink] {
        var links = ClaimDecisions.all.links(back, detail)
        if detail.editable { links.insert(.init(text: "Write the claim", href: "\(back)/edit"), at: 0) }
        if detail.allowed.contains(.verify) || detail.allowed.contains(.partVerify) {
            links.insert(.init(text: "Check the lines", href: "\(back)/check"), at: 0)
        }
        if detail.allowed.contains(.answer) {
            links.insert(.init(text: "Answer the question", href: "\(back)/answer"), at: 0)
        }
        return links
    }

    /// What must be there before money moves, each as it is now.
    static func holds(_ detail: ClaimDetail) -> [any Markup] {
        let waiting: [Claim.State] = [.submitted, .checking, .queried, .verified, .partVerified, .approvedForPayment]
        guard waiting.contains(detail.claim.state) else { return [] }
        let gate =
            detail.instalment.map(AwardStoryPage.gate) ?? HTML(text: "The agreement no longer plans this instalment.")
        let bank: any Markup =
            detail.bank.map { $0.isReady } ?? false
            ? Tag("Ready", .green)
            : HTML.joined([Tag("Not ready", .red), HTML(text: " Two people verify them, and a change is held.")])
        let conditions: any Markup =
            detail.unmetConditions.isEmpty
            ? Tag("Met", .green)
            : HTML.joined([
                Tag("Not met", .red), HTML(text: " \(Words.list(detail.unmetConditions.map(\.code)))"),
            ])
        return [
            Component.Heading("What holds the payment"),
            Component.SummaryList([
                .init("Evaluation", gate),
                .init(
                    "Monitoring return of the period",
                    detail.isReturnAccepted ? Tag("Accepted, or not needed", .green) : Tag("Not accepted yet", .red)),
                .init("Conditions before payment", conditions), .init("Bank details", bank),
            ]),
        ]
    }

    static func lines(_ detail: ClaimDetail) -> any Markup {
        Component.Table(
            caption: "Lines",
            columns: [
                .init("Line"), .init("Paid on"), .init("Kind of cost"), .init("Paid to"), .init("Ledger"),
                .init("Evidence"), .init("Amount", numeric: true), .init("Found"),
            ],
            rows: detail.lines.map { view -> [any Markup] in
                let line = view.line
                return [
                    HTML(text: "\(view.number)\(view.isSampled ? ", in the sample" : "")"),
                    HTML(text: line.date?.spoken ?? "–"), HTML(text: line.category.map(Words.label) ?? "–"),
                    HTML(text: line.supplier), HTML(text: line.ledgerReference), HTML(text: line.evidence),
                    HTML(text: line.amount?.description ?? "–"), found(view),
                ]
            }, firstCellIsHeader: true, empty: "There are no lines yet.")
    }

    private static func found(_ view: ClaimLineView) -> any Markup {
        guard let finding = view.finding else { return HTML(text: view.isSampled ? "To be checked" : "–") }
        guard finding.verdict == .disallowed else { return Tag(Words.label(finding.verdict), .green) }
        let sum = finding.disallowed ?? view.line.amount ?? .zero
        return HTML.joined([Tag("\(sum) not allowed", .red), HTML(text: " \(finding.reason)")])
    }

    /// How the sample was drawn, so that anybody can draw it again.
    private static func sample(_ detail: ClaimDetail) -> [any Markup] {
        guard let seed = detail.sampleSeed, let percent = detail.samplePercent else { return [] }
        let count = detail.lines.count { $0.isSampled }
        return [
            Component.Details(
                summary: "How the sample was drawn",
                parts: [
                    Component.Paragraph(
                        "\(Words.count(count, "line")) of \(detail.lines.count), \(percent)%, by the risk of the programme. The numbers are drawn with the generator SplitMix64 from the seed \(seed), which was made when the claim was submitted. The same seed gives the same lines."
                    )
                ])
        ]
    }

    private static func payments(_ detail: ClaimDetail) -> [any Markup] {
        guard !detail.payments.isEmpty else { return [] }
        return [
            Component.Table(
                caption: "Payments",
                columns: [
                    .init("Payment"), .init("To"), .init("Where it stands"), .init("Amount", numeric: true),
                ],
                rows: detail.payments.map { payment -> [any Markup] in
                    [
                        HTML(text: payment.reference), HTML(text: "\(payment.payee), \(payment.masked)"),
                        Words.tag(payment.state), HTML(text: payment.amount.description),
                    ]
                }, firstCellIsHeader: true)
        ]
    }
}
