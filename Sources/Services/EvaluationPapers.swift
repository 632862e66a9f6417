import Domain
import Postgres

// What plans and reports have in common: drafting in parts, comments and answers, submission.

extension Sequence<PaperSection> {
    /// The draft that the saved parts make.
    func answers(_ form: Questionnaire) throws -> Questionnaire.Answers {
        try reduce(Questionnaire.Answers()) { whole, saved in
            guard let section = form.section(saved.section) else { return whole }
            let document: Questionnaire.Document = try JSON.value(saved.json)
            return whole.replacing(section, with: form.answers(document, in: section))
        }
    }

    /// The parts that were saved.
    var codes: [String] { map(\.section) }
}

extension Questionnaire {
    /// The answers of a whole document as it is stored.
    func answers(json: String) throws -> Answers { answers(try JSON.value(json) as Document) }

    /// How far each part of a draft is.
    func parts(_ saved: [PaperSection], _ answers: Answers, problems: [FieldProblem]) -> [PaperPart] {
        sections.map { section in
            let row = saved.first { $0.section == section.code }
            return PaperPart(
                section: section.code, title: section.title, version: row?.version ?? 0,
                progress: row == nil ? .notStarted : progress(answers, in: section, problems: problems),
                editedBy: row?.editedBy, editedAt: row?.editedAt)
        }
    }
}

/// Acts that a plan and a report share.
enum EvaluationPapers {
    /// Queues the saving of one part; answers its new version.
    static func save(
        _ paper: EvaluationPaper, _ section: Questionnaire.Section, _ answers: Questionnaire.Answers,
        form: Questionnaire, saved: [PaperSection], version: Int, by subject: Subject, _ tx: borrowing Transaction
    ) throws -> Int {
        let clean = form.cleaned(answers, in: section)
        try form.storageProblems(clean, in: section).mustBeEmpty()
        let current = saved.first { $0.section == section.code }?.version ?? 0
        try version.mustEqual(current, "part")
        let json = try JSON.encode(form.document(clean, in: section))
        tx.queue(
            current == 0
                ? EvaluationPaperStatements.insertSection(paper, section.code, json, by: subject.person).done
                : EvaluationPaperStatements.updateSection(paper, section.code, json, by: subject.person).done)
        return current + 1
    }

    /// Queues a submission of the draft; answers its digest. The content is what the parts hold, word for word.
    static func submit(
        _ paper: EvaluationPaper, number: Int, saved: [PaperSection], answers: Questionnaire.Answers,
        form: Questionnaire, note: String? = nil, by subject: Subject, _ tx: borrowing Transaction
    ) throws -> [UInt8] {
        let text = form.canonicalText(answers)
        let hash = digest(text)
        let json = "{" + saved.map { "\"\($0.section)\":\($0.json)" }.joined(separator: ",") + "}"
        tx.queue(
            EvaluationPaperStatements.insertSubmission(
                paper, number: number, json: json, text: text, hash: hash, note: note, by: subject.person
            ).done)
        return hash
    }

    /// A comment must say something and be about a part that there is.
    static func comment(
        _ body: String, section: String?, form: Questionnaire
    ) -> [FieldProblem] {
        let length = body.unicodeScalars.count
        var problems: [FieldProblem] = []
        if body.allSatisfy(\.isWhitespace) || length > Rules.longestText {
            problems.append(
                FieldProblem("body", "Enter a comment of at most \(Rules.longestText) characters."))
        }
        if let section, form.section(section) == nil {
            problems.append(FieldProblem("section", "Choose a part of the document, or leave it blank."))
        }
        return problems
    }

    /// Every comment has an answer, and the authority has had its say.
    static func commentsAnswered(_ comments: [CommentView], finished: Bool, dueOn: Day?, today: Day) -> Refusal? {
        let open = comments.filter(\.answers.isEmpty).count
        if open > 0 {
            return Refusal(
                .conflict, code: Guard.commentsAnswered.rawValue,
                "Answer every comment first. \(open) \(open == 1 ? "is" : "are") without an answer.")
        }
        if !finished, let dueOn, dueOn >= today {
            return Refusal(
                .conflict, code: Guard.commentsAnswered.rawValue,
                "The authority may still comment until \(dueOn.spoken), and has not said that it is done.")
        }
        return nil
    }
}
