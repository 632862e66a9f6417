import Domain
import Hummingbird
import Services

extension Done {
    static let partSaved = Done(rawValue: "part-saved")
    static let commentSaved = Done(rawValue: "comment-saved")
    static let answerSaved = Done(rawValue: "answer-saved")
}

/// Pages that plans and reports share: writing one part, comments and answers.
enum PaperParts {
    /// The form of one part, or the part to read.
    static func page(
        _ visit: Visit, _ view: PaperPartView, base: String, form: Form?, problems: [FieldProblem], version: Int
    ) -> Page {
        let action = "\(base)/parts/\(view.section.code)"
        guard view.isEditable else {
            return Page(
                view.section.title, caption: "\(view.reference): \(view.title)", back: base, wide: true,
                PaperReading.parts(Questionnaire(edition: "", sections: [view.section]), view.section, view.answers))
        }
        var content: [any Markup] = [Component.Paragraph(view.section.lead)]
        if let at = view.editedAt {
            content.append(
                Component.Paragraph(
                    "Last saved by \(view.editedBy ?? "a colleague") at \(Deadline.minute(at)).", .small))
        }
        content += messages(view.messages)
        let typed = form ?? PaperForms.form(view.section, view.answers)
        let buttons = Component.ButtonGroup(
            Component.Button("Save and continue"),
            Component.Button("Save and come back later", style: .secondary, name: "_later", value: "yes"),
            Component.Link("Leave without saving", base))
        content.append(
            PostForm(
                action: action, csrf: visit.csrf,
                content: [Questions.firstButton]
                    + PaperForms.fields(view.section, Questions(typed, problems: problems)) + [buttons],
                version: version, autosave: true))
        if problems.isEmpty, view.version > 0, !view.problems.isEmpty {
            content.append(
                Component.Details(
                    summary: "Still needed in this part (\(view.problems.count))",
                    parts: [Component.BulletList(view.problems.map(\.sentence))]))
        }
        return Page(
            view.section.title, caption: "\(view.reference): \(view.title)", back: base, problems: problems,
            banner: visit.banner([.partSaved: "Saved."]), content)
    }

    /// Saves what was typed and goes on to the next part.
    static func save(
        _ visit: Visit, _ view: PaperPartView, base: String, next: String?,
        store: (Questionnaire.Answers) async throws -> Int, reload: () async throws -> PaperPartView
    ) async throws -> Response {
        let typed = visit.form.rowsChanged ?? visit.form
        return try await visit.submit {
            let (answers, problems) = PaperForms.answers(view.section, typed)
            guard problems.isEmpty else { throw Refusal.invalid(problems) }
            let version = try await store(answers)
            if visit.isAutosave { return visit.autosaved(version: version) }
            if visit.form.has("_add") || visit.form.has("_remove") {
                return visit.page(page(visit, view, base: base, form: typed, problems: [], version: version))
            }
            let later = visit.form.has("_later") || next == nil
            return visit.redirect(later ? base : "\(base)/parts/\(next ?? "")", done: .partSaved)
        } orShow: { refusal in
            guard refusal.kind == .stale else {
                return page(
                    visit, view, base: base, form: typed, problems: refusal.problems, version: visit.form.version)
            }
            let theirs = try await reload()
            return conflict(visit, theirs, typed, base)
        }
    }

    /// Both versions side by side, and the form with what was typed, ready to be saved over theirs or left.
    private static func conflict(_ visit: Visit, _ theirs: PaperPartView, _ typed: Form, _ base: String) -> Page {
        let one = Questionnaire(edition: "", sections: [theirs.section])
        let mine = PaperForms.answers(theirs.section, typed).answers
        func side(_ title: String, _ answers: Questionnaire.Answers) -> HTML {
            .joined([Component.Heading(title)] + PaperReading.parts(one, theirs.section, answers))
        }
        let who = theirs.editedBy ?? "A colleague"
        let page = page(visit, theirs, base: base, form: typed, problems: [], version: theirs.version)
        return Page(
            "Somebody else saved this part", caption: "\(theirs.reference): \(theirs.section.title)",
            back: "\(base)/parts/\(theirs.section.code)", wide: true,
            [
                Component.Paragraph(
                    "\(who) saved this part after you opened it. Nothing is lost: both versions are below."),
                Templates.Filled(
                    name: "bid-conflict",
                    fields: [
                        "theirsHTML": .markup(side("Saved by \(who)", theirs.answers)),
                        "mineHTML": .markup(side("What you typed", mine)),
                    ]),
                Component.Heading("Or change your version and save it over theirs"),
            ] + page.content.suffix(1))
    }

    /// The parts as a task list.
    static func tasks(_ parts: [PaperPart], base: String) -> [any Markup] {
        let complete = parts.count { $0.progress == .complete }
        return [
            Component.Heading("Parts"),
            Component.Paragraph("\(complete) of \(parts.count) parts are complete. Everything you save stays."),
            Component.TaskList(
                id: "parts",
                tasks: parts.map { part in
                    let saved = part.editedAt.map {
                        "Saved by \(part.editedBy ?? "a colleague") at \(Deadline.minute($0))"
                    }
                    return Component.TaskList.Task(
                        title: part.title, href: "\(base)/parts/\(part.section)", hint: saved,
                        status: words(part.progress),
                        colour: colour(part.progress))
                }),
        ]
    }

    private static func words(_ progress: Questionnaire.Progress) -> String {
        switch progress {
        case .notStarted: "Not started"
        case .inProgress: "In progress"
        case .complete: "Complete"
        }
    }

    private static func colour(_ progress: Questionnaire.Progress) -> Tag.Colour? {
        switch progress {
        case .notStarted: .grey
        case .inProgress: .lightBlue
        case .complete: nil
        }
    }

    /// What is still missing, each linked to its part.
    static func needs(_ problems: [FieldProblem], base: String) -> [any Markup] {
        FundParts.needs("Still needed", problems) { problem in
            "\(base)/parts/\(problem.field.prefix { $0 != "." })"
        }
    }

    /// What figures say about each other: what stops sign-off first.
    static func messages(_ messages: [EvaluationReportRules.Message]) -> [any Markup] {
        let stops = messages.filter { $0.weight != .nothing }
        let notes = messages.filter { $0.weight == .nothing }
        let first: [any Markup] = stops.map { Component.WarningText($0.sentence) }
        let second: [any Markup] =
            notes.isEmpty
            ? []
            : [
                Component.Heading("Read with care", level: 3, size: .small),
                Component.BulletList(notes.map(\.sentence)),
            ]
        return first + second
    }

    /// Comments with their answers, and for the author a box for each that has none.
    static func comments(
        _ visit: Visit, _ comments: [CommentView], form: Questionnaire, base: String, mayAnswer: Bool
    ) -> [any Markup] {
        guard !comments.isEmpty else { return [] }
        return [Component.Heading("Comments")]
            + comments.flatMap { comment -> [any Markup] in
                let about = comment.section.flatMap { form.section($0)?.title } ?? "The whole document"
                let rows: [Component.SummaryList.Row] =
                    [.init("Comment", comment.body)] + comment.answers.map { .init("Answer", $0) }
                let who = [comment.personName, comment.organisationName].compactMap(\.self).joined(separator: ", ")
                let list = Component.SummaryList(rows, card: "\(about): \(who), \(Deadline.minute(comment.at))")
                guard mayAnswer, comment.answers.isEmpty else { return [list] }
                let post = PostForm(
                    action: "\(base)/comments/\(comment.id)/answers", csrf: visit.csrf,
                    content: [
                        Component.Textarea(
                            name: "body-\(comment.id)", label: "Answer this comment", rows: 3, maximum: 4000),
                        Component.Button("Save answer", style: .secondary),
                    ])
                return [list, post]
            }
    }

    /// A box for a comment.
    static func commentForm(
        _ visit: Visit, _ form: Questionnaire, base: String, ask: Questions, title: String, hint: String
    )
        -> [any Markup]
    {
        [
            Component.Heading(title), Component.Paragraph(hint),
            PostForm(
                action: "\(base)/comments", csrf: visit.csrf,
                content: [
                    ask.select(
                        "section", "What is it about?", form.sections.map { Component.Choice($0.code, $0.title) },
                        size: nil),
                    ask.area("body", "Comment", rows: 4, size: nil), Component.Button("Add comment", style: .secondary),
                ]),
        ]
    }

    /// What reviewers said, without a name.
    static func feedback(_ lines: [FeedbackLine], rubric titles: [String: String] = [:]) -> [any Markup] {
        guard !lines.isEmpty else { return [] }
        let rows = lines.map { line in
            Words.cells([
                "\(line.submission)", "Reviewer \(line.reviewer)",
                line.itemKind.map { $0 == "must_fix" ? "Must be put right" : "Should be put right" }
                    ?? line.criterion.map { titles[$0] ?? Words.plain($0) },
                line.value.map(String.init), line.body ?? line.rationale, line.isClosed.map { $0 ? "Closed" : "Open" },
            ])
        }
        return [
            Component.Table(
                caption: "What reviewers said",
                columns: [
                    .init("Submission", numeric: true), .init("Who"), .init("About"), .init("Score", numeric: true),
                    .init("What"), .init("Point"),
                ], rows: rows)
        ]
    }

    /// How far reviews are, without a name.
    static func progress(_ progress: ReviewProgress?) -> Component.SummaryList.Row? {
        guard let progress, progress.submission > 0, progress.invited + progress.inHand + progress.final > 0 else {
            return nil
        }
        return .init(
            "Reviews", "\(progress.final) final, \(progress.inHand) in hand, \(progress.invited) not yet answered")
    }
}
