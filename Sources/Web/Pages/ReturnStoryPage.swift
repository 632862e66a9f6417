import Domain
import Services

/// A return on its own page: for its authority a task list, for others what was reported and ruled.
enum ReturnStoryPage {
    static func page(_ visit: Visit, _ detail: ReturnDetail) -> Page {
        let back = "/returns/\(detail.subject.id)"
        var content: [any Markup] = [facts(detail)]
        content += status(visit, detail)
        if !detail.sections.isEmpty, detail.subject.state != .scheduled, !detail.subject.state.isIn {
            content += tasks(detail, back)
        } else if detail.subject.contentVersion > 0 {
            content.append(FundParts.link("Read the return", "\(back)/content"))
        }
        content += FundParts.actions(actions(detail, back))
        content += comments(detail)
        content += checks(detail)
        content += versions(detail, back)
        content.append(FundParts.history(visit, .monitoringReturn, detail.subject.id))
        return Page(
            detail.subject.period, caption: ReturnPages.caption(detail.row),
            breadcrumbs: [.init("Home", "/"), .init("Returns", "/returns")],
            banner: visit.banner(ReturnPages.sentences),
            wide: true, content)
    }

    private static func facts(_ detail: ReturnDetail) -> any Markup {
        let row = detail.row
        let due: any Markup =
            row.isOverdue
            ? HTML.joined([HTML(text: "\(row.due.spoken) "), Tag("Overdue", .red)]) : HTML(text: row.due.spoken)
        // Some who read returns do not see awards.
        let award: any Markup =
            row.awardTitle.isEmpty ? HTML(text: "–") : Component.Link(row.awardTitle, "/awards/\(row.award)")
        return Component.SummaryList([
            .init("Where it stands", Words.tag(detail.subject.state)), .init("Authority", row.organisationName),
            .init("Award", award), .init("Due", due),
            .init(
                "Came in",
                row.submittedAt.map {
                    "\($0.londonDay.spoken)\((row.lateDays ?? 0) > 0 ? ", \(Words.count(row.lateDays ?? 0, "day")) late" : ", in time")"
                } ?? "Not yet"),
        ])
    }

    private static func status(_ visit: Visit, _ detail: ReturnDetail) -> [any Markup] {
        let reason: [any Markup] =
            detail.reason.map { [Component.InsetText([Component.Prose(text: "Reason given: \($0)")])] } ?? []
        switch detail.subject.state {
        case .scheduled: return [Component.Paragraph("It opens on the day after its period ends.")]
        case .inProgress where detail.reason != nil:
            return [Component.WarningText("The certifier sent this return back.")] + reason
        case .inCertification:
            let who = detail.certifiers.map(\.name)
            let sentence =
                detail.sections.isEmpty
                ? "The authority is certifying it."
                : who.isEmpty
                    ? "Nobody can certify it yet: it needs a certifier of your authority who did not edit it."
                    : "It can be certified by \(Words.list(who))."
            return [Component.Paragraph(sentence)]
        case .changesRequested, .reopened:
            let until = detail.changesDue.map { " Send it again by \($0.spoken)." } ?? ""
            return [Component.WarningText("\(Words.tag(detail.subject.state).text).\(until)")] + reason
        case .acceptedWithIssues, .waived: return reason
        case .open, .inProgress, .submitted, .underReview, .accepted: return []
        }
    }

    private static func tasks(_ detail: ReturnDetail, _ back: String) -> [any Markup] {
        let complete = detail.sections.filter { $0.status == .complete }.count
        let sections = detail.sections.map { status -> Component.TaskList.Task in
            let saved = status.editedAt.map { "Saved by \(status.editedBy ?? "a colleague") at \(Deadline.minute($0))" }
            return Component.TaskList.Task(
                title: Words.title(status.section), href: "\(back)/sections/\(status.section.rawValue)", hint: saved,
                status: words(status.status), colour: colour(status.status))
        }
        return [
            Component.Heading("Sections"),
            Component.Paragraph(
                "\(complete) of \(detail.sections.count) sections are complete. Everything you save stays, also when you sign out."
            ),
            Component.TaskList(id: "sections", tasks: sections),
            FundParts.link("Check your answers", "\(back)/content"),
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

    private static func actions(_ detail: ReturnDetail, _ back: String) -> [Component.ButtonLink] {
        var links = ReturnDecisions.all.links(back, detail)
        if detail.allowed.contains(.requestChanges) {
            links.append(Component.ButtonLink(text: "Ask for changes", href: "\(back)/changes", style: .secondary))
        }
        if detail.editable {
            links.append(Component.ButtonLink(text: "Upload a sheet", href: "\(back)/upload", style: .secondary))
        }
        return links
    }

    private static func comments(_ detail: ReturnDetail) -> [any Markup] {
        guard !detail.comments.isEmpty, !detail.subject.state.isAccepted else { return [] }
        return [
            Component.Table(
                caption: "What the department asks", columns: [.init("About"), .init("Question")],
                rows: detail.comments.map { [HTML(text: $0.field), Component.Prose(text: $0.comment)] },
                firstCellIsHeader: true)
        ]
    }

    private static func checks(_ detail: ReturnDetail) -> [any Markup] {
        guard !detail.findings.isEmpty, !detail.sections.isEmpty || detail.subject.contentVersion > 0 else { return [] }
        return [ReturnReading.findings(detail.findings, back: detail.editable ? "/returns/\(detail.subject.id)" : nil)]
    }

    private static func versions(_ detail: ReturnDetail, _ back: String) -> [any Markup] {
        var parts: [any Markup] = []
        if !detail.versions.isEmpty {
            parts.append(
                Component.Table(
                    caption: "Certified versions",
                    columns: [.init("Version"), .init("Came in"), .init("Certified by"), .init("Digest")],
                    rows: detail.versions.map { version -> [any Markup] in
                        [
                            Component.Link("Version \(version.number)", "\(back)/content?number=\(version.number)"),
                            FundParts.time(version.submittedAt), HTML(text: version.certifiedBy ?? "–"),
                            Templates.Filled(name: "fund-code", fields: ["code": .text(version.hash)]),
                        ]
                    }, firstCellIsHeader: true))
        }
        if !detail.rulings.isEmpty {
            parts.append(
                Component.Table(
                    caption: "Rulings",
                    columns: [
                        .init("Ruling"), .init("Version", numeric: true), .init("When"), .init("By"), .init("Reason"),
                    ],
                    rows: detail.rulings.map { ruling -> [any Markup] in
                        [
                            HTML(text: Words.ruling(ruling.ruling)), HTML(text: "\(ruling.number)"),
                            FundParts.time(ruling.at),
                            HTML(text: ruling.personName ?? "–"), Component.Prose(text: ruling.reason, absent: "–"),
                        ]
                    }, firstCellIsHeader: true))
        }
        if !detail.restatements.isEmpty {
            parts.append(
                Component.Table(
                    caption: "What was restated",
                    columns: [
                        .init("Field"), .init("Accepted before"), .init("Accepted now"), .init("Cause"), .init("When"),
                    ],
                    rows: detail.restatements.map { each -> [any Markup] in
                        [
                            HTML(text: each.field), HTML(text: each.before ?? "–"), HTML(text: each.after ?? "–"),
                            Component.Prose(text: each.cause), FundParts.time(each.at),
                        ]
                    }, firstCellIsHeader: true))
        }
        return parts
    }
}
