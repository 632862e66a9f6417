import Domain
import Hummingbird
import Services

/// Writing a programme, one part at a time.
enum ProgrammeEditPages {
    static let routes: [Route] = [
        .page("/programmes/new", "newProgrammePage", "Start a programme", .programmeCreate, showNew),
        .page(.post, "/programmes/new", "createProgrammeForm", "Start a programme", .programmeCreate, create),
        .page(
            "/programmes/{id}/edit/{part}", "editProgrammePage", "Change a part of a programme", .programmeEdit, show),
        .page(
            .post, "/programmes/{id}/edit/{part}", "saveProgrammeForm", "Change a part of a programme", .programmeEdit,
            save),
    ]

    // MARK: A new one

    @Sendable static func showNew(_ visit: Visit) async throws -> Response {
        visit.page(try await newPage(visit))
    }

    @Sendable static func create(_ visit: Visit) async throws -> Response {
        try await visit.submit {
            let content = try ProgrammeForms.content(.basics, visit.form, in: Programme.Content())
            let id = try await visit.core.programmes.create(visit.actor, content, once: visit.once)
            return visit.redirect("/programmes/\(id)/edit/\(ProgrammePart.businessCase.rawValue)")
        } orShow: { refusal in
            try await newPage(visit, refusal.problems)
        }
    }

    private static func newPage(_ visit: Visit, _ problems: [FieldProblem] = []) async throws -> Page {
        let seniors = try await visit.core.programmes.seniorOfficers(visit.actor)
        let fields = ProgrammeFields(
            ask: Questions(visit.form, problems: problems), seniorOfficers: seniors, indicators: [],
            years: years(visit.subject.now))
        let form = PostForm(
            action: "/programmes/new", csrf: visit.csrf,
            content: fields.parts(.basics) + [
                Component.ButtonGroup(Component.Button("Save and continue"), Component.Link("Cancel", "/programmes"))
            ], once: Tokens.fresh())
        return Page("Start a programme", caption: ProgrammePart.basics.title, back: "/programmes", [form])
    }

    // MARK: A part of one

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.programmes.detail(visit.actor, try visit.id())
        let part = try part(visit)
        guard detail.programme.state == .draft, detail.allowed.contains(.submit) else {
            return visit.redirect("/programmes/\(detail.programme.id)")
        }
        let problems = visit.query("check") == nil ? [] : detail.problems.filter { ProgrammePart.of($0) == part }
        let form = ProgrammeForms.form(part, detail.programme.content)
        return visit.page(try await page(visit, detail, part, form, problems, version: detail.programme.version))
    }

    @Sendable static func save(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.programmes.detail(visit.actor, try visit.id())
        let part = try part(visit)
        let id = detail.programme.id
        if let form = visit.form.rowsChanged {
            return visit.page(try await page(visit, detail, part, form, [], version: visit.form.version))
        }
        return try await visit.submit {
            let content = try ProgrammeForms.content(part, visit.form, in: detail.programme.content)
            _ = try await visit.core.programmes.save(visit.actor, id, version: visit.form.version, content)
            guard !visit.form.has("_later"), let next = part.next else {
                return visit.redirect("/programmes/\(id)", done: .programmeSaved)
            }
            return visit.redirect("/programmes/\(id)/edit/\(next.rawValue)")
        } orShow: { refusal in
            let version = refusal.kind == .stale ? detail.programme.version : visit.form.version
            return try await page(
                visit, detail, part, visit.form, refusal.problems, version: version, stale: refusal.kind == .stale)
        }
    }

    private static func part(_ visit: Visit) throws -> ProgrammePart {
        guard let part = ProgrammePart(rawValue: visit.text("part")) else { throw WebRefusal.notFound }
        return part
    }

    private static func page(
        _ visit: Visit, _ detail: ProgrammeDetail, _ part: ProgrammePart, _ form: Form, _ problems: [FieldProblem],
        version: Int, stale: Bool = false
    ) async throws -> Page {
        let indicators = part == .aims ? try await visit.core.organisations.indicators(visit.actor) : []
        let fields = ProgrammeFields(
            ask: Questions(form, problems: problems), seniorOfficers: detail.seniorOfficers, indicators: indicators,
            years: years(visit.subject.now))
        let back = "/programmes/\(detail.programme.id)"
        let buttons = Component.ButtonGroup(
            Component.Button("Save and continue"),
            Component.Button("Save and come back later", style: .secondary, name: "_later", value: "yes"),
            Component.Link("Leave without saving", back))
        let post = PostForm(
            action: "\(back)/edit/\(part.rawValue)", csrf: visit.csrf,
            content: [Questions.firstButton] + fields.parts(part) + [buttons], version: version)
        var content: [any Markup] = [post]
        if stale {
            let note = "Below is what you typed. If you save it, it replaces this part of what the other person saved."
            content.insert(Component.WarningText(note), at: 0)
            content.append(Component.Heading("What the other person saved"))
            content += ProgrammePages.reading(detail, editable: false)
        }
        return Page(part.title, caption: ProgrammePages.caption(detail), back: back, problems: problems, content)
    }

    /// Six financial years from the one before this.
    static func years(_ now: Instant) -> [FinancialYear] {
        guard let current = FinancialYear(of: now.londonDay) else { return [] }
        return (-1...6).compactMap { FinancialYear(start: current.start + $0) }
    }
}

extension Form {
    /// When a button that adds or removes a row was pressed: the form as it then is. Nothing is saved by that.
    var rowsChanged: Form? {
        if let list = optional("_add") { return adding(rowTo: list).keeping { $0 != "_add" } }
        if let row = optional("_remove") { return without(row: row).keeping { $0 != "_remove" } }
        return nil
    }
}
