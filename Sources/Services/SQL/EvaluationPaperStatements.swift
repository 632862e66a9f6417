import Domain
import FoundationEssentials
import Postgres

/// A plan or a report: two documents that are drafted, commented on, submitted and reviewed in the same way.
enum EvaluationPaper: Hashable, Sendable {
    case plan(EvaluationPlanID)
    case report(EvaluationReportID)

    var isPlan: Bool { if case .plan = self { true } else { false } }
    var kind: Review.Kind { isPlan ? .protocol : .report }
    var id: UUID {
        switch self {
        case .plan(let id): id.rawValue
        case .report(let id): id.rawValue
        }
    }
    var reference: ObjectReference {
        switch self {
        case .plan(let id): .evaluationPlan(id)
        case .report(let id): .evaluationReport(id)
        }
    }
    var noun: String { isPlan ? "plan" : "report" }
    var plan: EvaluationPlanID? { if case .plan(let id) = self { id } else { nil } }
    var report: EvaluationReportID? { if case .report(let id) = self { id } else { nil } }

    /// Their tables and keys, which are alike but for their names.
    fileprivate var sections: SQL { isPlan ? "evaluation_plan_section" : "evaluation_report_section" }
    fileprivate var submissions: SQL { isPlan ? "evaluation_plan_submission" : "evaluation_report_submission" }
    fileprivate var key: SQL { isPlan ? "plan_id" : "report_id" }
}

/// One saved part of a draft.
struct PaperSection: Sendable {
    let section: String
    let json: String
    let version: Int
    let editedBy: String?
    let editedAt: Instant
}

/// What was submitted, word for word.
struct PaperSubmission: Sendable {
    let number: Int
    let json: String
    let hash: [UInt8]
    let planVersion: Int
    let note: String?
    let at: Instant
}

/// What the database is asked about the drafts and submissions of plans and reports.
enum EvaluationPaperStatements {
    static func sections(_ paper: EvaluationPaper) -> Statement<PaperSection> {
        Statement(
            paper.isPlan ? "evaluation_plan.sections" : "evaluation_report.sections",
            """
            select s.section, s.content, s.version, e.name, s.edited_at
            from \(paper.sections) s left join person e on e.id = s.edited_by
            where s.\(paper.key) = \(paper.id) order by s.section
            """
        ) { row in
            try PaperSection(
                section: row.read(), json: row.read(PostgresJSON.self).text, version: row.read(), editedBy: row.read(),
                editedAt: row.read())
        }
    }

    static func insertSection(_ paper: EvaluationPaper, _ section: String, _ json: String, by person: PersonID)
        -> Statement<Void>
    {
        Statement(
            paper.isPlan ? "evaluation_plan.insert_section" : "evaluation_report.insert_section",
            """
            insert into \(paper.sections) (\(paper.key), section, content, edited_by)
            values (\(paper.id), \(section), \(PostgresJSON(json)), \(person))
            """)
    }

    static func updateSection(_ paper: EvaluationPaper, _ section: String, _ json: String, by person: PersonID)
        -> Statement<Void>
    {
        Statement(
            paper.isPlan ? "evaluation_plan.update_section" : "evaluation_report.update_section",
            """
            update \(paper.sections) set content = \(PostgresJSON(json)), version = version + 1, edited_by = \(person),
                edited_at = now()
            where \(paper.key) = \(paper.id) and section = \(section)
            """)
    }

    /// The newest submission; nil before the first, and for those to whom it is closed.
    static func submission(_ paper: EvaluationPaper) -> Statement<PaperSubmission> {
        let version: SQL = paper.isPlan ? "0" : "s.plan_version"
        let note: SQL = paper.isPlan ? "null::text" : "s.note"
        return Statement(
            paper.isPlan ? "evaluation_plan.submission" : "evaluation_report.submission",
            """
            select s.number, s.content, s.content_hash, \(version), \(note), s.submitted_at
            from \(paper.submissions) s where s.\(paper.key) = \(paper.id) order by s.number desc limit 1
            """, decode: submission)
    }

    /// What a review of a plan is about.
    static func submission(ofPlan review: ReviewID) -> Statement<PaperSubmission> {
        Statement(
            "evaluation_plan.submission_of_review",
            """
            select s.number, s.content, s.content_hash, 0, null::text, s.submitted_at
            from review w join evaluation_plan_submission s on s.plan_id = w.plan_id and s.number = w.submission
            where w.id = \(review)
            """, decode: submission)
    }

    /// What a review of a report is about.
    static func submission(ofReport review: ReviewID) -> Statement<PaperSubmission> {
        Statement(
            "evaluation_report.submission_of_review",
            """
            select s.number, s.content, s.content_hash, s.plan_version, s.note, s.submitted_at
            from review w join evaluation_report_submission s on s.report_id = w.report_id and s.number = w.submission
            where w.id = \(review)
            """, decode: submission)
    }

    private static func submission(_ row: inout RowReader) throws -> PaperSubmission {
        try PaperSubmission(
            number: row.read(), json: row.read(PostgresJSON.self).text, hash: row.read(Bytes.self).value,
            planVersion: row.read(), note: row.read(), at: row.read())
    }

    static func insertSubmission(
        _ paper: EvaluationPaper, number: Int, json: String, text: String, hash: [UInt8], note: String?,
        by person: PersonID
    ) -> Statement<Void> {
        switch paper {
        case .plan(let id):
            Statement(
                "evaluation_plan.insert_submission",
                """
                insert into evaluation_plan_submission (plan_id, number, content, canonical_text, content_hash, submitted_by)
                values (\(id), \(number), \(PostgresJSON(json)), \(text), \(Bytes(hash)), \(person))
                """)
        case .report(let id):
            Statement(
                "evaluation_report.insert_submission",
                """
                insert into evaluation_report_submission (report_id, number, content, canonical_text, content_hash, note,
                    submitted_by)
                values (\(id), \(number), \(PostgresJSON(json)), \(text), \(Bytes(hash)), \(note), \(person))
                """)
        }
    }

    // MARK: Comments

    static func comments(_ paper: EvaluationPaper) -> Statement<CommentView> {
        Statement(
            paper.isPlan ? "evaluation_plan.comments" : "evaluation_report.comments",
            """
            select c.id, c.round, c.section, c.body, o.name, m.name, c.at,
                array(select a.body from evaluation_answer a where a.comment_id = c.id order by a.at, a.id)
            from evaluation_comment c
            left join organisation o on o.id = c.organisation_id left join person m on m.id = c.made_by
            where c.\(paper.key) = \(paper.id) order by c.at, c.id
            """
        ) { row in
            try CommentView(
                id: row.read(), round: row.read(), section: row.read(), body: row.read(), organisationName: row.read(),
                personName: row.read(), at: row.read(), answers: row.read())
        }
    }

    static func insertComment(
        _ id: EvaluationCommentID, on paper: EvaluationPaper, section: String?, body: String, by subject: Subject
    ) -> Statement<Void> {
        Statement(
            "evaluation.insert_comment",
            """
            insert into evaluation_comment (id, plan_id, report_id, section, body, made_by, organisation_id)
            values (\(id), \(paper.plan), \(paper.report), \(section), \(body), \(subject.person), \(subject.organisation))
            """)
    }

    static func insertAnswer(to comment: EvaluationCommentID, _ body: String, by person: PersonID) -> Statement<Void> {
        Statement(
            "evaluation.insert_answer",
            """
            insert into evaluation_answer (id, comment_id, body, answered_by)
            values (public.uuid7(), \(comment), \(body), \(person))
            """)
    }

    // MARK: What reviewers said

    static func feedback(_ paper: EvaluationPaper) -> Statement<FeedbackLine> {
        Statement(
            "evaluation.feedback",
            """
            select submission, reviewer, criterion, value, rationale, item_id, item_kind, body, closed
            from public.review_feedback(\(paper.kind), \(paper.id))
            """
        ) { row in
            try FeedbackLine(
                submission: row.read(), reviewer: row.read(), criterion: row.read(), value: row.read(),
                rationale: row.read(), item: row.read(), itemKind: row.read(), body: row.read(), isClosed: row.read())
        }
    }

    static func progress(_ paper: EvaluationPaper) -> Statement<ReviewProgress> {
        Statement(
            "evaluation.review_progress",
            "select submission, invited, in_hand, final from public.review_progress(\(paper.kind), \(paper.id))"
        ) { row in
            try ReviewProgress(submission: row.read(), invited: row.read(), inHand: row.read(), final: row.read())
        }
    }
}
