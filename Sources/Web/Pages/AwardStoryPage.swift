import Domain
import Services

/// An award on one page, in the order of its story: what it is, whose turn it is, its money, its schedule with what each
/// payment waits for, its terms, its changes, its claims, its returns and evidence, and everything that happened.
enum AwardStoryPage {
    static func page(_ visit: Visit, _ detail: AwardDetail) -> Page {
        let back = "/awards/\(detail.award.id)"
        var content: [any Markup] = [head(detail), turn(detail)]
        if let reason = detail.reason {
            content.append(Component.InsetText([Component.Prose(text: "Reason given: \(reason)")]))
        }
        content += FundParts.actions(links(detail, back))
        content += money(detail) + schedule(visit, detail) + conditions(detail, back) + bank(detail, back)
        content += agreement(detail, back) + AwardStoryParts.variations(detail, back) + AwardStoryParts.claims(detail)
        content += AwardStoryParts.papers(detail)
        content += AwardStoryParts.recoveries(visit, detail) + AwardStoryParts.history(visit, detail)
        return Page(
            detail.title, caption: "Award \(detail.award.reference)",
            breadcrumbs: [.init("Home", "/"), .init("Awards", "/awards")], banner: visit.banner(AwardPages.sentences),
            wide: true, content)
    }

    private static func head(_ detail: AwardDetail) -> any Markup {
        var rows: [Component.SummaryList.Row] = [
            .init("Where it stands", Words.tag(detail.award.state)),
            .init("Authority", detail.organisationName),
            .init("Programme", Component.Link(detail.programmeTitle, "/programmes/\(detail.award.programme)")),
            .init("Bid", Component.Link(detail.bidReference, "/bids/\(detail.award.bid)")),
            .init("Amount", detail.award.amount.description),
        ]
        if let agreement = detail.agreement {
            rows.append(
                .init("Funding period", "\(agreement.starts?.spoken ?? "") to \(agreement.ends?.spoken ?? "")"))
        }
        let evaluator =
            detail.evaluatorName ?? detail.evaluatorDueOn.map { "To be appointed by \($0.spoken)" }
        if let evaluator { rows.append(.init("Evaluator", evaluator)) }
        if let due = detail.protocolDueOn { rows.append(.init("Evaluation protocol due", due.spoken)) }
        if let reference = detail.ggisReference { rows.append(.init("Government grants register", reference)) }
        return Component.SummaryList(rows)
    }

    /// Who has to do something next, in one sentence.
    private static func turn(_ detail: AwardDetail) -> any Markup {
        let words: String =
            switch detail.award.state {
            case .drafting: "The agreement is being written. A second programme officer checks it next."
            case .qualityChecked: "It is the turn of an approver or the senior officer: they offer the award."
            case .offered:
                "It is the turn of the authority, until \(detail.acceptBy?.spoken ?? "the end of the offer")."
            case .accepted: "It is the turn of a signatory of the department."
            case .signedDept: "Both sides have signed. A signatory puts the award into force."
            case .active:
                detail.isDeclaredComplete
                    ? "The authority says that its project is complete. A programme officer looks at that next."
                    : "The award is in force. The next payment is below, with what it waits for."
            case .suspended:
                "Payments are stopped.\(detail.respondBy.map { " The authority may answer until \($0.spoken)." } ?? "")"
            case .completed:
                detail.isReconciled
                    ? "The accounts are reconciled. The senior officer closes the award."
                    : "It is the turn of finance to reconcile the accounts."
            case .declined, .expired, .closed, .terminated: "Nobody has anything left to do."
            }
        return Component.InsetText(words)
    }

    private static func links(_ detail: AwardDetail, _ back: String) -> [Component.ButtonLink] {
        var links = AwardDecisions.all.links(back, detail)
        if detail.award.state == .drafting {
            links.insert(.init(text: "Read the draft agreement", href: "\(back)/agreement"), at: 0)
        }
        for position in detail.claimable.prefix(1) {
            links.append(.init(text: "Start a claim", href: "\(back)/claims/new?position=\(position)"))
        }
        if detail.mayVary {
            links.append(.init(text: "Ask for a variation", href: "\(back)/variations/new", style: .secondary))
        }
        if detail.mayApproveDepartures {
            links.append(.init(text: "Allow a departure", href: "\(back)/departures/new", style: .secondary))
        }
        return links
    }

    // MARK: Money

    private static func money(_ detail: AwardDetail) -> [any Markup] {
        let position = detail.position
        var parts: [any Markup] = [
            Component.Heading("Money"),
            Component.SummaryList([
                .init("Promised", position.promised.description), .init("Claimed", position.claimed.description),
                .init("Approved for payment", position.approved.description), .init("Paid", position.paid.description),
                .init("Left to be paid", position.left.description),
            ]),
        ]
        guard !detail.balance.isEmpty else { return parts }
        parts.append(
            Component.Table(
                caption: "The ledger, by year",
                columns: [
                    .init("Year"), .init("Kind of money"), .init("Committed", numeric: true),
                    .init("Not yet approved", numeric: true), .init("To be paid", numeric: true),
                    .init("Paid", numeric: true), .init("Due back", numeric: true),
                ],
                rows: detail.balance.map { row in
                    Words.cells([
                        row.year.description, Words.label(row.kind), row.committed.description,
                        row.commitment.description, row.payable.description, row.paid.description,
                        row.recovery.description,
                    ])
                }, captionSize: .small, firstCellIsHeader: true))
        return parts
    }

    /// Each instalment with what it waits for: whether the gate is open, whose turn it is, and since when.
    private static func schedule(_ visit: Visit, _ detail: AwardDetail) -> [any Markup] {
        guard !detail.instalments.isEmpty else { return [] }
        return [
            Component.Heading("Payments and what each waits for"),
            Component.Table(
                caption: "Instalments",
                columns: [
                    .init("Instalment"), .init("Due"), .init("Amount", numeric: true), .init("Where it stands"),
                    .init("What the evaluation says"),
                ],
                rows: detail.instalments.map { instalment -> [any Markup] in
                    let name = "Instalment \(instalment.position)"
                    let first: any Markup =
                        if let claim = instalment.claim, detail.claims.contains(where: { $0.id == claim }) {
                            Component.Link(name, "/claims/\(claim)", hidden: "claim")
                        } else if detail.claimable.contains(instalment.position) {
                            Component.Link(
                                "\(name): start a claim",
                                "/awards/\(detail.award.id)/claims/new?position=\(instalment.position)")
                        } else {
                            HTML(text: name)
                        }
                    return [
                        first, HTML(text: instalment.dueOn.spoken), HTML(text: instalment.amount.description),
                        Words.tag(instalment.status), gate(instalment),
                    ]
                }, captionHidden: true, firstCellIsHeader: true),
        ]
    }

    /// The gate as a tag and a sentence.
    static func gate(_ instalment: InstalmentView) -> any Markup {
        guard instalment.gate.milestone != .none || !instalment.gate.isOpen else {
            return HTML(text: "Waits for nothing")
        }
        let tag = instalment.gate.isOpen ? Tag("Open", .green) : Tag("Closed", .red)
        return HTML.joined([tag, HTML(text: " \(instalment.gate.sentence)")])
    }

    // MARK: Terms

    private static func conditions(_ detail: AwardDetail, _ back: String) -> [any Markup] {
        guard !detail.conditions.isEmpty else { return [] }
        let table = Component.Table(
            caption: "Conditions",
            columns: [.init("Condition"), .init("When"), .init("Met"), .init("Found by")],
            rows: detail.conditions.map { condition -> [any Markup] in
                let when = condition.dueOn.map { "\(Words.label(condition.kind)), by \($0.spoken)" }
                return [
                    HTML(text: "\(condition.code): \(condition.text)"),
                    HTML(text: when ?? Words.label(condition.kind)), met(condition.isMet),
                    HTML(
                        text: condition.foundAt.map { "\(condition.foundBy ?? ""), \($0.londonDay.spoken)" }
                            ?? "Nobody yet"),
                ]
            }, firstCellIsHeader: true)
        guard detail.mayFindConditions else { return [table] }
        return [table, FundParts.link("Record whether a condition is met", "\(back)/conditions")]
    }

    private static func met(_ isMet: Bool?) -> any Markup {
        switch isMet {
        case true?: Tag("Met", .green)
        case false?: Tag("Not met", .red)
        case nil: Tag("Not looked at", .grey)
        }
    }

    private static func bank(_ detail: AwardDetail, _ back: String) -> [any Markup] {
        guard detail.bank != nil || detail.mayEnterBank else { return [] }
        var parts: [any Markup] = [Component.Heading("Bank details")]
        if let bank = detail.bank {
            parts.append(BankPages.standing(bank))
        } else {
            parts.append(Component.Paragraph("There are none yet. One person enters them, and others verify them."))
        }
        if detail.mayEnterBank || detail.mayVerifyBank || detail.mayUnmask {
            parts.append(FundParts.link("Enter, verify or look at bank details", "\(back)/bank"))
        }
        return parts
    }

    private static func agreement(_ detail: AwardDetail, _ back: String) -> [any Markup] {
        var parts: [any Markup] = [Component.Heading("Agreement")]
        if !detail.versions.isEmpty {
            parts.append(
                Component.Table(
                    caption: "Versions of the agreement",
                    columns: [.init("Version"), .init("Made"), .init("Amount", numeric: true), .init("Period")],
                    rows: detail.versions.map { version -> [any Markup] in
                        [
                            Component.Link("Version \(version.number)", "\(back)/agreement?version=\(version.number)"),
                            HTML(text: "\(Deadline.minute(version.at)) by \(version.madeBy)"),
                            HTML(text: version.maximum.description),
                            HTML(text: "\(version.starts.spoken) to \(version.ends.spoken)"),
                        ]
                    }, captionSize: .small, firstCellIsHeader: true))
        } else {
            parts.append(FundParts.link("Read the draft", "\(back)/agreement"))
        }
        if !detail.departures.isEmpty { parts.append(AgreementPages.departures(detail.departures)) }
        return parts
    }
}
