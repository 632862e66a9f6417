import Domain
import Hummingbird
import Services

/// Programmes: the list, one programme, and the decisions on it. Writing one is in ``ProgrammeEditPages``.
enum ProgrammePages {
    static let routes: [Route] =
        [
            .page("/programmes", "programmesPage", "Programmes", .programmeList, list),
            .page("/programmes/{id}", "programmePage", "A programme", .programmeRead, show),
        ] + ProgrammeEditPages.routes + decisions.routes("/programmes/{id}", load)

    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let page = try await visit.core.programmes.list(visit.actor, page: visit.list)
        var content: [any Markup] = []
        let facts = Permission.Facts(organisation: visit.subject.organisation, department: visit.subject.organisation)
        if Permission.allows(.programmeCreate, subject: visit.subject, facts: facts) {
            content.append(Component.ButtonLink(text: "Start a programme", href: "/programmes/new"))
        }
        content += [
            Component.Table(
                caption: "Programmes, newest first",
                columns: [
                    .init("Programme"), .init("Reference"), .init("Where it stands"), .init("Rounds", numeric: true),
                    .init("Whole-life sum", numeric: true),
                ],
                rows: page.rows.map { row -> [any Markup] in
                    [
                        Component.Link(row.title, "/programmes/\(row.id)"), HTML(text: row.reference),
                        Words.tag(row.state),
                        HTML(text: "\(row.rounds)"), HTML(text: row.wholeLife.description),
                    ]
                }, captionHidden: true, firstCellIsHeader: true, empty: "There are no programmes yet."),
            visit.pagination(page.next),
        ]
        return visit.page(Page("Programmes", wide: true, content))
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.programmes.detail(visit.actor, try visit.id())
        return visit.page(page(visit, detail))
    }

    @Sendable static func load(_ visit: Visit) async throws -> Decision<ProgrammeDetail>.Case {
        let detail = try await visit.core.programmes.detail(visit.actor, try visit.id())
        return .init(
            detail: detail, caption: caption(detail), back: "/programmes/\(detail.programme.id)",
            version: detail.programme.version)
    }

    static func caption(_ detail: ProgrammeDetail) -> String { "Programme \(detail.programme.reference)" }

    /// A programme's page as a value.
    static func page(_ visit: Visit, _ detail: ProgrammeDetail) -> Page {
        let programme = detail.programme
        let back = "/programmes/\(programme.id)"
        var content: [any Markup] = [
            Component.SummaryList([
                .init("Where it stands", Words.tag(programme.state)),
                .init("Whole-life sum", programme.content.wholeLife.description),
                .init("Senior officer responsible", detail.seniorOfficerName),
                .init("Written by", detail.authorName),
            ])
        ]
        content += FundParts.actions(decisions.links(back, detail) + editing(visit, detail))
        if programme.state == .draft {
            content += FundParts.needs("Still needed before it can be submitted", detail.problems) { problem in
                "\(back)/edit/\(ProgrammePart.of(problem).rawValue)?check=1"
            }
        }
        content += reading(detail, editable: programme.state == .draft && detail.allowed.contains(.submit))
        content.append(rounds(detail))
        content.append(FundParts.history(visit, .programme, programme.id))
        var done = decisions.sentences()
        done[.programmeSaved] = "The programme is saved."
        return Page(
            programme.content.title, caption: caption(detail),
            breadcrumbs: [.init("Home", "/"), .init("Programmes", "/programmes")], banner: visit.banner(done),
            wide: true,
            content)
    }

    private static func editing(_ visit: Visit, _ detail: ProgrammeDetail) -> [Component.ButtonLink] {
        let facts = Permission.Facts.of(detail.programme)
        var links: [Component.ButtonLink] = []
        let running = [Programme.State.approved, .open].contains(detail.programme.state)
        if running, Permission.allows(.roundCreate, subject: visit.subject, facts: facts) {
            links.append(
                .init(text: "Start a round", href: "/programmes/\(detail.programme.id)/rounds/new", style: .secondary))
        }
        return links
    }

    private static func rounds(_ detail: ProgrammeDetail) -> any Markup {
        Component.Table(
            caption: "Rounds",
            columns: [.init("Round"), .init("Where it stands"), .init("Closes"), .init("Budget", numeric: true)],
            rows: detail.rounds.map { row -> [any Markup] in
                [
                    Component.Link(row.title, "/rounds/\(row.id)"), Words.tag(row.state),
                    HTML(text: row.closesAt.map { Deadline.moment($0) } ?? "Not set"),
                    HTML(text: row.budget?.description ?? "–"),
                ]
            }, firstCellIsHeader: true, empty: "There are no rounds yet.")
    }
}

// MARK: Decisions

extension ProgrammePages {
    private static func sentence(_ text: String) -> @Sendable (Visit, ProgrammeDetail) -> [any Markup] {
        { _, _ in [Component.Paragraph(text)] }
    }

    /// What happens to a programme, in the order of its life.
    static let decisions: [Decision<ProgrammeDetail>] = [
        .init(
            path: "submission", name: "submitProgramme", title: "Submit for approval", confirm: "Submit for approval",
            action: .programmeSubmit, done: "The programme is with the approvers.",
            allowed: { $0.allowed.contains(.submit) },
            lead: { _, detail in
                let back = "/programmes/\(detail.programme.id)"
                guard detail.problems.isEmpty else {
                    return [Component.WarningText("Some answers are missing. Fill them in before you submit.")]
                        + FundParts.needs("Still needed", detail.problems) {
                            "\(back)/edit/\(ProgrammePart.of($0).rawValue)?check=1"
                        }
                }
                return [
                    Component.Paragraph("An approver reads it next. You cannot change it while it is with them.")
                ] + reading(detail, editable: false)
            },
            act: { try await $0.core.programmes.submit($0.actor, $1.programme.id, version: $0.form.version) }),
        .init(
            path: "approval", name: "approveProgramme", title: "Approve", confirm: "Approve this programme",
            action: .programmeApprove, done: "The programme is approved.", wide: true,
            allowed: { $0.allowed.contains(.approve) },
            lead: { _, detail in
                [
                    Component.InsetText(
                        "You are approving \(detail.programme.content.wholeLife) over the whole life of the programme. "
                            + "Its budget lines are fixed from then on.")
                ] + reading(detail, editable: false)
            },
            act: {
                try await $0.core.programmes.approve($0.actor, $1.programme.id, version: $0.form.version, once: $0.once)
            }),
        .init(
            path: "return", name: "returnProgramme", title: "Send back for changes", confirm: "Send back",
            style: .secondary,
            action: .programmeReturn, done: "The programme went back to its author.", reason: "What must change?",
            allowed: { $0.allowed.contains(.sendBack) },
            lead: sentence("It becomes a draft again, and its author is told why."),
            act: {
                try await $0.core.programmes.return(
                    $0.actor, $1.programme.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "rejection", name: "rejectProgramme", title: "Reject", confirm: "Reject this programme",
            style: .warning,
            action: .programmeReject, done: "The programme is rejected.", reason: "Why is it rejected?",
            allowed: { $0.allowed.contains(.reject) }, lead: sentence("This ends the programme. It cannot be undone."),
            act: {
                try await $0.core.programmes.reject(
                    $0.actor, $1.programme.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "opening", name: "openProgramme", title: "Open the programme", confirm: "Open the programme",
            action: .programmeOpen, done: "The programme is open.", allowed: { $0.allowed.contains(.open) },
            lead: sentence("Rounds can open from now on. Everybody in the department is told."),
            questions: { detail, ask in
                guard detail.programme.content.ggisSchemeReference == nil else { return [] }
                return [
                    ask.text(
                        "ggisSchemeReference", "Grants register reference",
                        hint: "From the government grants register, such as SCH-000005439.", width: .twenty)
                ]
            },
            act: {
                try await $0.core.programmes.open(
                    $0.actor, $1.programme.id, version: $0.form.version, ggis: $0.form.optional("ggisSchemeReference"))
            }),
        .init(
            path: "suspension", name: "suspendProgramme", title: "Suspend", confirm: "Suspend the programme",
            style: .warning,
            action: .programmeSuspend, done: "The programme is suspended.", reason: "Why is it suspended?",
            allowed: { $0.allowed.contains(.suspend) },
            lead: sentence("No new awards are made while it is suspended. Reports from projects are still due."),
            act: {
                try await $0.core.programmes.suspend(
                    $0.actor, $1.programme.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "resumption", name: "resumeProgramme", title: "Resume", confirm: "Resume the programme",
            action: .programmeResume, done: "The programme is open again.", reason: "Why can it go on?",
            allowed: { $0.allowed.contains(.resume) }, lead: sentence("Awards can be made again."),
            act: {
                try await $0.core.programmes.resume(
                    $0.actor, $1.programme.id, version: $0.form.version, reason: $0.form["reason"])
            }),
        .init(
            path: "closing", name: "beginClosingProgramme", title: "Begin closing", confirm: "Begin closing",
            style: .secondary,
            action: .programmeBeginClosing, done: "The programme is closing.",
            allowed: { $0.allowed.contains(.beginClosing) },
            lead: sentence("Every round must be decided first. No round can start after this."),
            act: { try await $0.core.programmes.beginClosing($0.actor, $1.programme.id, version: $0.form.version) }),
    ]
}
