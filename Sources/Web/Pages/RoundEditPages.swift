import Domain
import Hummingbird
import Services

extension Done {
    static let roundSaved = Done(rawValue: "round-saved")
}

/// Writing a round, one part at a time.
enum RoundEditPages {
    static let routes: [Route] = [
        .page("/programmes/{id}/rounds/new", "newRoundPage", "Start a round", .roundCreate, showNew),
        .page(.post, "/programmes/{id}/rounds/new", "createRoundForm", "Start a round", .roundCreate, create),
        .page("/rounds/{id}/edit/{part}", "editRoundPage", "Change a part of a round", .roundEdit, show),
        .page(.post, "/rounds/{id}/edit/{part}", "saveRoundForm", "Change a part of a round", .roundEdit, save),
    ]

    @Sendable static func showNew(_ visit: Visit) async throws -> Response { visit.page(try await newPage(visit)) }

    @Sendable static func create(_ visit: Visit) async throws -> Response {
        let programme: ProgrammeID = try visit.id()
        return try await visit.submit {
            var content = try RoundForms.content(.basics, visit.form, in: Round.Content())
            content.criteria = RoundSuggestion.criteria
            let id = try await visit.core.rounds.create(visit.actor, programme, content, once: visit.once)
            return visit.redirect("/rounds/\(id)/edit/\(RoundPart.criteria.rawValue)")
        } orShow: { refusal in
            try await newPage(visit, refusal.problems)
        }
    }

    private static func newPage(_ visit: Visit, _ problems: [FieldProblem] = []) async throws -> Page {
        let detail = try await visit.core.programmes.detail(visit.actor, try visit.id())
        let back = "/programmes/\(detail.programme.id)"
        let form = PostForm(
            action: "\(back)/rounds/new", csrf: visit.csrf,
            content: basics(Questions(visit.form, problems: problems)) + [
                Component.ButtonGroup(Component.Button("Save and continue"), Component.Link("Cancel", back))
            ], once: Tokens.fresh())
        return Page("Start a round", caption: detail.programme.content.title, back: back, [form])
    }

    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.rounds.detail(visit.actor, try visit.id())
        let part = try part(visit)
        guard detail.round.state == .draft else { return visit.redirect("/rounds/\(detail.round.id)") }
        let problems = visit.query("check") == nil ? [] : detail.problems.filter { RoundPart.of($0) == part }
        let form = RoundForms.form(part, detail.round.content)
        return visit.page(page(visit, detail, part, form, problems, version: detail.round.version))
    }

    @Sendable static func save(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.rounds.detail(visit.actor, try visit.id())
        let part = try part(visit)
        let id = detail.round.id
        if let form = visit.form.rowsChanged {
            return visit.page(page(visit, detail, part, form, [], version: visit.form.version))
        }
        return try await visit.submit {
            let content = try RoundForms.content(part, visit.form, in: detail.round.content)
            _ = try await visit.core.rounds.save(visit.actor, id, version: visit.form.version, content)
            guard !visit.form.has("_later"), let next = part.next else {
                return visit.redirect("/rounds/\(id)", done: .roundSaved)
            }
            return visit.redirect("/rounds/\(id)/edit/\(next.rawValue)")
        } orShow: { refusal in
            let version = refusal.kind == .stale ? detail.round.version : visit.form.version
            return page(
                visit, detail, part, visit.form, refusal.problems, version: version, stale: refusal.kind == .stale)
        }
    }

    private static func part(_ visit: Visit) throws -> RoundPart {
        guard let part = RoundPart(rawValue: visit.text("part")) else { throw WebRefusal.notFound }
        return part
    }

    private static func page(
        _ visit: Visit, _ detail: RoundDetail, _ part: RoundPart, _ form: Form, _ problems: [FieldProblem],
        version: Int,
        stale: Bool = false
    ) -> Page {
        let ask = Questions(form, problems: problems)
        let back = "/rounds/\(detail.round.id)"
        let fields: [any Markup] =
            switch part {
            case .basics: basics(ask)
            case .criteria: criteria(ask)
            case .rules: rules(ask, detail.round.content.rules)
            }
        let buttons = Component.ButtonGroup(
            Component.Button("Save and continue"),
            Component.Button("Save and come back later", style: .secondary, name: "_later", value: "yes"),
            Component.Link("Leave without saving", back))
        let post = PostForm(
            action: "\(back)/edit/\(part.rawValue)", csrf: visit.csrf,
            content: [Questions.firstButton] + fields + [buttons],
            version: version)
        var content: [any Markup] = [post]
        if stale {
            let note = "Below is what you typed. If you save it, it replaces this part of what the other person saved."
            content.insert(Component.WarningText(note), at: 0)
            content.append(Component.Heading("What the other person saved"))
            content += RoundPages.reading(detail)
        }
        return Page(part.title, caption: RoundPages.caption(detail), back: back, problems: problems, content)
    }

    // MARK: Questions

    private static func basics(_ ask: Questions) -> [any Markup] {
        let timeHint = "London time, such as 9am or 11:59pm. 11:59pm means to the end of the day."
        return [ask.text("title", "Title", hint: "Up to 140 characters.")]
            + ask.moment("opensAt", "When does it open?", timeHint: "London time, such as 9am.")
            + ask.moment("closesAt", "When does it close?", timeHint: timeHint)
            + [
                ask.money("minimumAward", "Smallest award", hint: "Enter 0 if there is none."),
                ask.money("maximumAward", "Largest award"),
                ask.money("budget", "Money in this round"),
                ask.area(
                    "prospectus", "Prospectus",
                    hint: "What applicants read: what the money is for and what you expect.",
                    rows: 15, most: 20_000),
            ]
    }

    private static func criteria(_ ask: Questions) -> [any Markup] {
        let sum = ask.form.rows("criteria").compactMap { Money(ask.form["criteria.\($0).weight"])?.pence }.reduce(0, +)
        let words =
            sum == 10_000
            ? "The weights add up to 100%."
            : "The weights add up to \(Words.percent(basisPoints: sum)). They must add up to 100%."
        return [
            Component.InsetText(words),
            ask.list(
                "criteria", "Criteria",
                hint: "What bids are scored on, from 0 to 5. They are fixed when the round is approved.",
                add: "Add another criterion", row: "Criterion"
            ) { path, _ in
                [
                    ask.text("\(path).title", "Title", size: nil),
                    ask.text(
                        "\(path).code", "Short code", hint: "Small letters and underscores, such as evaluation.",
                        width: .twenty,
                        size: nil),
                    ask.number("\(path).weight", "Weight", decimal: true, suffix: "%", size: nil),
                    ask.number(
                        "\(path).passMark", "Pass mark", hint: "0 to 5. A bid below it fails. 0 means none.", size: nil),
                    ask.select(
                        "\(path).scorer", "Who scores it", Options.of(Criterion.Scorer.self) { Words.label($0) },
                        size: nil),
                    ask.area("\(path).guidance", "Guidance shown beside the score", rows: 4, size: nil),
                ]
            },
        ]
    }

    private static func rules(_ ask: Questions, _ stored: [EligibilityRule]) -> [any Markup] {
        let others = stored.filter { rule in !RuleKind.all.contains { $0.code == rule.code } }
        let choices = RuleKind.all.map { kind in
            let amount: [any Markup] =
                kind.asksAmount
                ? [ask.money("amounts.\(kind.code)", "Amount", size: nil)] : []
            let words = kind.sentence.replacing("{amount}", with: "the amount below")
            return Component.Choice(kind.code, words, reveals: amount)
        }
        return [
            Component.Paragraph("Each rule is checked by the system as at the closing day, with its evidence."),
            ask.boxes(
                "rules", "Who may bid?", hint: "Choose all that apply.",
                choices + others.map { .init($0.code, $0.sentence) }),
        ]
    }
}
