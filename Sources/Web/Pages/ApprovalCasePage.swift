import Domain
import Services

/// The whole case on one page: what an approver must know, and what happens if they say yes.
enum ApprovalCasePage {
    static func page(_ visit: Visit, _ detail: ApprovalDetail, indicators: [String: Indicator]) -> Page {
        let back = "/approvals/\(detail.approval.id)"
        var links = ApprovalPages.decisions.links(back, detail)
        if detail.allowed.contains(.revise) { links.append(.init(text: "Revise the case", href: "\(back)/edit")) }
        var content: [any Markup] = [head(detail)] + outcome(detail) + splitting(detail)
        content += decision(visit, detail)
        content += FundParts.actions(
            links, title: detail.allowed.contains(.approve) ? "Other answers" : "What you can do")
        content += money(detail) + checks(detail) + scores(detail) + others(detail) + keys(detail)
        content.append(
            Component.Details(
                summary: "The bid as it was submitted",
                parts: [
                    BidReading(content: detail.content, sections: BidSection.allCases, indicators: indicators, level: 3)
                ]))
        content += history(visit, detail)
        return Page(
            detail.bid.title, caption: "Approval \(detail.approval.reference)",
            breadcrumbs: [.init("Home", "/"), .init("Approvals", "/approvals")],
            banner: visit.banner(ApprovalPages.sentences),
            wide: true, content)
    }

    private static func head(_ detail: ApprovalDetail) -> any Markup {
        let content = detail.approval.content
        return Component.SummaryList([
            .init("Where it stands", Words.tag(detail.approval.state)),
            .init("Authority", detail.bid.organisationName),
            .init("Bid", Component.Link("\(detail.bid.reference): \(detail.bid.title)", "/bids/\(detail.bid.id)")),
            .init("Round", Component.Link(detail.bid.roundTitle, "/rounds/\(detail.bid.round)")),
            .init("Programme", Component.Link(detail.programmeTitle, "/programmes/\(detail.approval.programme)")),
            .init("What it is", Words.label(content.kind)),
            .init("Amount", content.amount?.description),
            .init(
                "Whole-life sum",
                "\(detail.approval.wholeLife): everything promised for this award so far, and this amount"),
            .init("Asked for", detail.bid.requested?.description),
            .init("Recommendation", content.recommendation),
            .init("Conditions", content.conditions.isEmpty ? "None" : content.conditions),
            .init("Subsidy control", content.subsidyControl.map(Words.label)),
            .init("Prepared by", detail.preparerName),
            .init("Cleared by", detail.clearerName ?? "Not cleared yet"),
        ])
    }

    private static func outcome(_ detail: ApprovalDetail) -> [any Markup] {
        var parts: [any Markup] = []
        if let reason = detail.decisionReason {
            parts.append(Component.InsetText([Component.Prose(text: "Reason given: \(reason)")]))
        }
        if let at = detail.decidedAt, detail.approval.state == .approved {
            let lapses =
                detail.lapsesAt.map { " It lapses at \(Deadline.moment($0)) if no offer is accepted by then." } ?? ""
            parts.append(Component.InsetText("Approved at \(Deadline.minute(at)).\(lapses)"))
        }
        return parts
    }

    /// Said before the decision and not only in the table below: an award may have been split to stay under a limit.
    private static func splitting(_ detail: ApprovalDetail) -> [any Markup] {
        guard let hint = detail.splitting else { return [] }
        return [
            Component.WarningText(
                "With the other awards to this authority in the last \(hint.days) days this comes to \(hint.together). "
                    + "That is above \(hint.limit), a limit that none of them passes alone. Be sure that one award was "
                    + "not split into several.")
        ]
    }

    // MARK: My answer

    /// My delegation, what happens if I approve, and the button that carries the content's hash.
    private static func decision(_ visit: Visit, _ detail: ApprovalDetail) -> [any Markup] {
        guard detail.delegation != nil || detail.allowed.contains(.approve) || detail.allowed.contains(.firstKey) else {
            return []
        }
        var parts: [any Markup] = [Component.Heading("Your decision")]
        if let delegation = detail.delegation {
            parts.append(
                Component.Paragraph(
                    "Your limit is \(delegation.limit) for a whole-life sum (\(delegation.tier)), until \(delegation.validTo.spoken)."
                ))
        } else {
            parts.append(Component.Paragraph("You hold no delegated limit that is valid today."))
        }
        guard let route = detail.route else { return parts }
        switch route {
        case .approve:
            parts.append(Component.InsetText("If you approve, the award is approved."))
            parts.append(form(visit, detail))
        case .firstKey:
            parts.append(Component.InsetText(route.sentence ?? ""))
            parts.append(form(visit, detail))
        case .referUp, .needsConsent, .refused: parts.append(Component.WarningText(route.sentence ?? ""))
        }
        let names = detail.couldApprove.map(\.name)
        if case .approve = route { return parts }
        if !names.isEmpty { parts.append(Component.Paragraph("These people could approve it: \(Words.list(names)).")) }
        return parts
    }

    private static func form(_ visit: Visit, _ detail: ApprovalDetail) -> any Markup {
        let sum = detail.approval.content.amount?.description ?? "this"
        return PostForm(
            action: "/approvals/\(detail.approval.id)/keys", csrf: visit.csrf,
            content: [
                Component.Paragraph(
                    "You approve exactly what is on this page. If anybody changes it, your approval does not count."),
                Component.Button("Approve \(sum)"),
            ], version: detail.approval.version, once: Tokens.fresh(),
            hidden: [("contentHash", detail.approval.contentHash)])
    }

    // MARK: The case

    private static func money(_ detail: ApprovalDetail) -> [any Markup] {
        [Component.Heading("Money"), budget(detail)]
    }

    /// Each year of the award against the budget line that it draws on.
    static func budget(_ detail: ApprovalDetail) -> any Markup {
        Component.Table(
            caption: "Years of the award against the budget",
            columns: [
                .init("Year"), .init("Kind of money"), .init("This award", numeric: true),
                .init("Budget", numeric: true),
                .init("Reserved", numeric: true), .init("Left", numeric: true),
            ],
            rows: detail.approval.content.years.map { line in
                let position = detail.budget.first { $0.line.year == line.year && $0.line.kind == line.kind }
                return Words.cells([
                    line.year.description, Words.label(line.kind), line.amount.description,
                    position?.line.amount.description,
                    position?.reserved.description, position?.left.description,
                ])
            }, captionSize: .small, firstCellIsHeader: true)
    }

    private static func checks(_ detail: ApprovalDetail) -> [any Markup] {
        let content = detail.approval.content
        return [
            Component.Heading("Screening and consent"),
            Component.SummaryList(ProgrammePages.screening(content.screening, content.consent)),
            Component.Table(
                caption: "Eligibility, as at the closing day",
                columns: [.init("Rule"), .init("Result"), .init("Evidence")],
                rows: detail.findings.map { finding -> [any Markup] in
                    [
                        HTML(text: finding.sentence), finding.passed ? Tag("Met", .green) : Tag("Not met", .red),
                        HTML(text: finding.evidence),
                    ]
                }, firstCellIsHeader: true, empty: "No findings are recorded."),
        ]
    }

    private static func scores(_ detail: ApprovalDetail) -> [any Markup] {
        let heading: any Markup = Component.Heading("Scores")
        guard let scores = detail.scores else {
            return [
                heading, Component.Paragraph("Scores are shown when every appraisal is final and you may see them."),
            ]
        }
        return [heading] + BidAppraisalPages.parts(scores)
    }

    private static func others(_ detail: ApprovalDetail) -> [any Markup] {
        [
            Component.Table(
                caption: "Other awards to the same authority lately",
                columns: [.init("Case"), .init("Where it stands"), .init("When"), .init("Amount", numeric: true)],
                rows: detail.otherAwards.map { award -> [any Markup] in
                    [
                        Component.Link("\(award.reference): \(award.bidTitle)", "/approvals/\(award.approval)"),
                        Words.tag(award.state),
                        HTML(text: award.at.londonDay.spoken), HTML(text: award.amount.description),
                    ]
                }, firstCellIsHeader: true,
                empty: "There are none, so nothing suggests that one award was split into several.")
        ]
    }

    private static func keys(_ detail: ApprovalDetail) -> [any Markup] {
        let turned = detail.keys.filter(\.counts).count
        return [
            Component.Table(
                caption: "Approvals given: \(turned) of \(detail.keysNeeded)",
                columns: [.init("Approver"), .init("Tier"), .init("When"), .init("Counts")],
                rows: detail.keys.map { key in
                    Words.cells([
                        key.personName, key.tier, Deadline.minute(key.at),
                        key.counts ? "Yes" : "No, the case changed after it",
                    ])
                }, firstCellIsHeader: true, empty: "Nobody has approved it yet."),
            Component.SummaryList([
                .init(
                    "Fingerprint of the case (SHA-256)",
                    Templates.Filled(name: "fund-code", fields: ["text": .text(detail.approval.contentHash)]))
            ]),
        ]
    }

    private static func history(_ visit: Visit, _ detail: ApprovalDetail) -> [any Markup] {
        [
            Component.Table(
                caption: "What happened", columns: [.init("When"), .init("Who"), .init("What"), .init("Reason")],
                rows: detail.history.map { entry in
                    Words.cells([
                        Deadline.second(entry.at), entry.personName ?? "The system",
                        Words.event(.approval, entry.event),
                        entry.reason,
                    ])
                }, empty: "Nothing yet."),
            FundParts.history(visit, .approval, detail.approval.id),
        ]
    }
}
