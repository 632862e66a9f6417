import Domain
import Hummingbird
import Services

/// Writing a practice card.
enum PracticeForms {
    static let routes: [Route] = [
        .page("/practices/new", "newPracticePage", "Describe a practice", .practiceCreate, showNew),
        .page(.post, "/practices/new", "newPracticeForm", "Describe a practice", .practiceCreate, create),
        .page("/practices/{id}/edit", "editPracticePage", "Edit a practice card", .practiceEdit, showEdit),
        .page(.post, "/practices/{id}/edit", "editPracticeForm", "Edit a practice card", .practiceEdit, save),
    ]

    @Sendable static func showNew(_ visit: Visit) async throws -> Response {
        guard Permission.allows(.practiceCreate, subject: visit.subject) else {
            throw Domain.Action.practiceCreate.permission.refusal
        }
        var content = Practice.Content()
        if visit.subject.role == .localAuthority { content.originator = visit.subject.organisation }
        return visit.page(try await newPage(visit, form(content)))
    }

    @Sendable static func create(_ visit: Visit) async throws -> Response {
        try await visit.submit {
            let id = try await visit.core.practices.create(visit.actor, try content(visit.form), once: visit.once)
            return visit.redirect("/practices/\(id)", done: .practiceSaved)
        } orShow: { refusal in
            try await newPage(visit, visit.form, refusal.problems)
        }
    }

    private static func newPage(_ visit: Visit, _ form: Form, _ problems: [FieldProblem] = []) async throws -> Page {
        let questions = try await questions(visit, Questions(form, problems: problems))
        return Page(
            "Describe a practice", back: "/practices", problems: problems,
            [
                PostForm(
                    action: "/practices/new", csrf: visit.csrf,
                    content: questions + [
                        Component.ButtonGroup(Component.Button("Save the card"), Component.Link("Cancel", "/practices"))
                    ],
                    once: Tokens.fresh())
            ])
    }

    @Sendable static func showEdit(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.practices.detail(visit.actor, try visit.id())
        guard detail.mayEdit else { return visit.redirect("/practices/\(detail.practice.id)") }
        return visit.page(
            try await editPage(visit, detail, form(detail.practice.content), version: detail.practice.version))
    }

    @Sendable static func save(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.practices.detail(visit.actor, try visit.id())
        let id = detail.practice.id
        return try await visit.submit {
            let version = try await visit.core.practices.save(
                visit.actor, id, version: visit.form.version, try content(visit.form))
            if visit.isAutosave { return visit.autosaved(version: version) }
            return visit.redirect("/practices/\(id)", done: .practiceSaved)
        } orShow: { refusal in
            try await editPage(
                visit, detail, visit.form, refusal.problems,
                version: refusal.kind == .stale ? detail.practice.version : visit.form.version)
        }
    }

    private static func editPage(
        _ visit: Visit, _ detail: PracticeDetail, _ form: Form, _ problems: [FieldProblem] = [], version: Int
    ) async throws -> Page {
        let back = "/practices/\(detail.practice.id)"
        let questions = try await questions(visit, Questions(form, problems: problems))
        return Page(
            "Edit the card", caption: "Practice \(detail.practice.reference)", back: back, problems: problems,
            [
                PostForm(
                    action: "\(back)/edit", csrf: visit.csrf,
                    content: questions + [
                        Component.ButtonGroup(Component.Button("Save the card"), Component.Link("Cancel", back))
                    ],
                    version: version, autosave: true)
            ])
    }

    private static func questions(_ visit: Visit, _ ask: Questions) async throws -> [any Markup] {
        let list = try await visit.core.organisations.list(
            visit.actor, page: Services.PageRequest(size: Services.PageRequest.sizeMax),
            filter: OrganisationFilter(kind: .localAuthority, activeOnly: true))
        var next = list.next
        var rows = list.rows
        while let after = next {
            let more = try await visit.core.organisations.list(
                visit.actor, page: Services.PageRequest(after: after, size: Services.PageRequest.sizeMax),
                filter: OrganisationFilter(kind: .localAuthority, activeOnly: true))
            rows += more.rows
            next = more.next
        }
        let oneLine = "One on each line."
        return [
            ask.text("name", "Name"),
            ask.area("summary", "What it is", hint: "In plain words, for somebody who has never heard of it."),
            ask.area("population", "For whom it is", rows: 3, most: 2000),
            ask.area("coreComponents", "What makes it this practice", hint: oneLine, rows: 6),
            ask.area("adaptableComponents", "What each place may change", hint: oneLine, rows: 4),
            ask.area("features", "Words to find it by", hint: oneLine, rows: 3),
            ask.money("unitCost", "What one case costs"),
            ask.text("costUnit", "Of what that is the cost", hint: "For example, family or child and year"),
            ask.text("priceYear", "In the prices of which year", hint: "For example, 2025-26", width: .ten),
            ask.area("staffNeeded", "Who is needed to deliver it", rows: 3, most: 2000),
            ask.select(
                "originator", "The authority that it comes from",
                rows.map { Component.Choice("\($0.organisation.id)", $0.organisation.name) }),
        ]
    }

    private static func form(_ content: Practice.Content) -> Form {
        var form = FormWriter()
        form.put("name", content.name)
        form.put("summary", content.summary)
        form.put("population", content.population)
        form.put("coreComponents", content.coreComponents.joined(separator: "\n"))
        form.put("adaptableComponents", content.adaptableComponents.joined(separator: "\n"))
        form.put("features", content.features.joined(separator: "\n"))
        form.put("unitCost", content.unitCost)
        form.put("costUnit", content.costUnit)
        form.put("priceYear", content.priceYear?.description)
        form.put("staffNeeded", content.staffNeeded)
        form.put("originator", content.originator?.description)
        return form.form
    }

    private static func content(_ form: Form) throws -> Practice.Content {
        var reader = Form.Reader(form)
        var content = Practice.Content()
        content.name = form["name"]
        content.summary = form["summary"]
        content.population = form["population"]
        content.coreComponents = reader.lines("coreComponents")
        content.adaptableComponents = reader.lines("adaptableComponents")
        content.features = reader.lines("features")
        content.unitCost = reader.money("unitCost")
        content.costUnit = form["costUnit"]
        content.priceYear = reader.year("priceYear")
        content.staffNeeded = form["staffNeeded"]
        content.originator = reader.id("originator")
        try reader.check()
        return content
    }
}
