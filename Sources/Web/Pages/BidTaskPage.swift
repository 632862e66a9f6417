import Domain
import Services

/// A bid as its own authority sees it: a task list with who saved what when.
enum BidTaskPage {
    static func page(_ visit: Visit, _ detail: BidDetail) -> Page {
        let back = "/bids/\(detail.bid.id)"
        var content: [any Markup] = []
        if [.draft, .inCertification, .submitted].contains(detail.bid.state) {
            content.append(FundParts.deadline(detail.closesAt, now: visit.subject.now))
        }
        content.append(facts(detail))
        content += status(visit, detail)
        if [.draft, .inCertification].contains(detail.bid.state) { content += tasks(visit, detail, back) }
        if let receipt = detail.receipt {
            content += [
                Component.Heading("Receipt of the newest submission"), BidPages.receiptList(receipt),
                FundParts.link("Print the receipt", "\(back)/receipt"),
            ]
        }
        content += FundParts.actions(BidPages.decisions.links(back, detail))
        if !detail.findings.isEmpty { content.append(BidCasePage.findings(detail)) }
        if detail.bid.state != .draft { content.append(FundParts.link("Read the bid", "\(back)/content")) }
        content.append(FundParts.history(visit, .bid, detail.bid.id))
        return Page(
            detail.bid.title, caption: BidPages.caption(detail.bid),
            breadcrumbs: [.init("Home", "/"), .init("Bids", "/bids")], banner: visit.banner(BidPages.sentences), content
        )
    }

    private static func facts(_ detail: BidDetail) -> any Markup {
        Component.SummaryList([
            .init("Where it stands", Words.tag(detail.bid.state)),
            .init("Round", Component.Link(detail.roundTitle, "/rounds/\(detail.bid.round)")),
            .init("Asked for", detail.bid.requested?.description),
            .init("Last saved by", detail.lastEditorName),
        ])
    }

    /// What has happened and what comes next, in a sentence or two.
    private static func status(_ visit: Visit, _ detail: BidDetail) -> [any Markup] {
        let reason: [any Markup] =
            detail.reason.map { [Component.InsetText([Component.Prose(text: "Reason given: \($0)")])] } ?? []
        let certifiers = detail.certifiers.map(\.name)
        switch detail.bid.state {
        case .draft where detail.reason != nil:
            return [Component.WarningText("The certifier sent this bid back.")] + reason
        case .draft: return []
        case .inCertification:
            let who =
                certifiers.isEmpty
                ? "Nobody can certify it yet: it needs a certifier of your authority who did not edit it."
                : "It can be certified by \(Words.list(certifiers))."
            let own =
                visit.subject.person == detail.bid.lastEditor
                ? [Component.WarningText("You edited this bid last, so somebody else must certify it.")] : []
            return [Component.Paragraph("The bid is with the certifier and cannot be changed. \(who)")] + own
        case .submitted:
            return [
                Component.Paragraph(
                    "The bid is submitted. Nobody outside your authority can read it until the round closes.")
            ]
        case .notSubmitted:
            return [
                Component.WarningText("The round closed before this bid was submitted, so it will not be considered.")
            ]
        case .ineligible:
            return [
                Component.WarningText("The bid was found not eligible."),
                Component.Paragraph(
                    "You have 5 working days to say if a fact is wrong. Write to the department with the reference."),
            ] + reason
        case .eligibilityCheck, .eligible, .appraised:
            return [Component.Paragraph("The department is looking at the bid.")]
        case .withdrawn, .declined, .reserve, .approvedForOffer, .offered: return reason
        }
    }

    private static func tasks(_ visit: Visit, _ detail: BidDetail, _ back: String) -> [any Markup] {
        let complete = detail.sections.filter { $0.status == .complete }.count
        let sections = detail.sections.map { status -> Component.TaskList.Task in
            let saved = status.editedAt.map { "Saved by \(status.editedBy ?? "a colleague") at \(Deadline.minute($0))" }
            return Component.TaskList.Task(
                title: status.section.title, href: "\(back)/sections/\(status.section.rawValue)", hint: saved,
                status: words(status.status), colour: colour(status.status))
        }
        let all = complete == detail.sections.count
        let check = Component.TaskList.Task(
            title: "Check your answers", href: "\(back)/content", status: all ? "Ready" : "Sections missing",
            colour: all ? .blue : .grey)
        let canSend = detail.allowed.contains(.sendForCertification)
        let send = Component.TaskList.Task(
            title: "Send for certification", href: all && canSend ? "\(back)/certification-request" : nil,
            hint: "Somebody who did not edit the bid certifies and submits it.",
            status: detail.bid.state == .inCertification ? "Sent" : all ? "Ready" : "Cannot start yet",
            colour: all && detail.bid.state == .draft ? .blue : nil)
        return [
            Component.Heading("Sections"),
            Component.Paragraph(
                "\(complete) of \(detail.sections.count) sections are complete. Everything you save stays, also when you sign out."
            ),
            Component.TaskList(id: "sections", tasks: sections), Component.Heading("Certify and submit"),
            Component.TaskList(id: "finish", tasks: [check, send]),
        ]
    }

    private static func words(_ progress: BidSection.Progress) -> String {
        switch progress {
        case .notStarted: "Not started"
        case .inProgress: "In progress"
        case .complete: "Complete"
        }
    }

    private static func colour(_ progress: BidSection.Progress) -> Tag.Colour? {
        switch progress {
        case .notStarted: .grey
        case .inProgress: .lightBlue
        case .complete: nil
        }
    }
}
