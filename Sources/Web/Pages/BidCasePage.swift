import Domain
import Services

/// A bid as the department, reviewers and auditors see it: the case file.
enum BidCasePage {
    static func page(_ visit: Visit, _ detail: BidDetail) -> Page {
        let back = "/bids/\(detail.bid.id)"
        var content: [any Markup] = [
            Component.SummaryList([
                .init("Where it stands", Words.tag(detail.bid.state)),
                .init("Authority", detail.organisationName),
                .init("Round", Component.Link(detail.roundTitle, "/rounds/\(detail.bid.round)")),
                .init("Asked for", detail.bid.requested?.description),
                .init("Submitted", detail.receipt.map { Deadline.second($0.submittedAt) }),
            ])
        ]
        if let reason = detail.reason {
            content.append(Component.InsetText([Component.Prose(text: "Reason given: \(reason)")]))
        }
        content += FundParts.actions(actions(visit, detail, back)) + award(visit, detail, back)
        if detail.contentVisible { content.append(FundParts.link("Read the bid", "\(back)/content")) }
        if !detail.findings.isEmpty || detail.bid.state == .eligibilityCheck { content.append(findings(detail)) }
        content += appraisals(visit, detail, back) + approvals(detail)
        if let receipt = detail.receipt {
            content.append(
                Component.Details(summary: "Receipt that the authority holds", parts: [BidPages.receiptList(receipt)]))
        }
        content.append(FundParts.history(visit, .bid, detail.bid.id))
        return Page(
            detail.bid.title, caption: BidPages.caption(detail.bid),
            breadcrumbs: [.init("Home", "/"), .init("Bids", "/bids")], banner: visit.banner(BidPages.sentences),
            wide: true,
            content)
    }

    private static func facts(_ visit: Visit, _ detail: BidDetail) -> Permission.Facts {
        Permission.Facts(
            organisation: detail.bid.organisation, department: visit.subject.organisation, round: detail.bid.round,
            bid: detail.bid.id, sealed: BidRules.isSealed(detail.bid, round: detail.roundState), published: true)
    }

    private static func actions(_ visit: Visit, _ detail: BidDetail, _ back: String) -> [Component.ButtonLink] {
        var links = BidPages.decisions.links(back, detail)
        let facts = facts(visit, detail)
        let assigning: [Bid.State] = [.submitted, .eligibilityCheck, .eligible]
        if assigning.contains(detail.bid.state),
            Permission.allows(.appraisalAssign, subject: visit.subject, facts: facts)
        {
            links.append(.init(text: "Assign an appraiser", href: "\(back)/appraisers", style: .secondary))
        }
        let preparing: [Bid.State] = [.appraised, .approvedForOffer]
        let inHand = detail.approvals.contains { ![.approved, .rejected, .lapsed].contains($0.state) }
        if preparing.contains(detail.bid.state), !inHand,
            Permission.allows(.approvalPrepare, subject: visit.subject, facts: facts)
        {
            links.append(.init(text: "Prepare an approval", href: "\(back)/approvals/new"))
        }
        return links
    }

    /// The award that grew from the bid, or the button that begins it.
    private static func award(_ visit: Visit, _ detail: BidDetail, _ back: String) -> [any Markup] {
        if let award = detail.award { return [FundParts.link("See the award", "/awards/\(award)")] }
        guard detail.bid.state == .approvedForOffer,
            Permission.allows(.awardDraft, subject: visit.subject, facts: facts(visit, detail))
        else { return [] }
        return [
            PostForm(
                action: "\(back)/award", csrf: visit.csrf,
                content: [
                    Component.Paragraph(
                        "The award is approved. Its agreement is drafted from the bid and the approval, checked by a second officer, and offered."
                    ), Component.Button("Start the award"),
                ], once: Tokens.fresh())
        ]
    }

    /// What was found on each rule, with what it rests on.
    static func findings(_ detail: BidDetail) -> any Markup {
        Component.Table(
            caption: "Eligibility, as at the closing day",
            columns: [.init("Rule"), .init("Result"), .init("Evidence"), .init("Checked")],
            rows: detail.findings.map { finding -> [any Markup] in
                [
                    HTML(text: finding.sentence), finding.passed ? Tag("Met", .green) : Tag("Not met", .red),
                    HTML(text: finding.evidence),
                    HTML(text: "\(Deadline.minute(finding.recordedAt)) by \(finding.recordedBy)"),
                ]
            }, firstCellIsHeader: true, empty: "The rules are not checked yet.")
    }

    private static func appraisals(_ visit: Visit, _ detail: BidDetail, _ back: String) -> [any Markup] {
        guard visit.subject.role == .department || visit.subject.role == .auditor, detail.receipt != nil else {
            return []
        }
        let table = Component.Table(
            caption: "Appraisals",
            columns: [.init("Appraiser"), .init("Scores"), .init("Due"), .init("Where it stands")],
            rows: detail.appraisals.map { row -> [any Markup] in
                [
                    Component.Link(row.appraiserName, "/appraisals/\(row.id)", hidden: "appraisal"),
                    HTML(text: Words.label(row.kind)),
                    HTML(text: row.dueOn.spoken), Words.tag(row.state),
                ]
            }, firstCellIsHeader: true,
            empty: "Nobody is assigned yet. A bid needs two appraisers and one evaluation scorer.")
        let final = !detail.appraisals.isEmpty && detail.appraisals.allSatisfy { $0.state == .final }
        return [table] + (final ? [FundParts.link("See scores side by side", "\(back)/scores")] : [])
    }

    private static func approvals(_ detail: BidDetail) -> [any Markup] {
        guard !detail.approvals.isEmpty else { return [] }
        return [ApprovalPages.table(detail.approvals, caption: "Approvals", now: nil)]
    }
}
