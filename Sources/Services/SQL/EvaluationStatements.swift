import Domain
import Postgres

/// An evaluation as its row has it, with what permission asks about.
struct EvaluationRecord: Sendable {
    let evaluation: Evaluation
    let authorityName: String
    let evaluatorName: String?
    let contractRef: String?
    let stage: EvaluationStage?
    let inceptionDue: Day
    let reportDue: Day?
    let unblindedOn: Day?
    let round: RoundID?
    let programme: ProgrammeID?
    let department: OrganisationID?
    /// Whether the actor was asked to review something of it, and still may.
    let isReviewer: Bool

    /// What is true of it for the person who asks.
    func facts(for subject: Subject) -> Permission.Facts {
        Permission.Facts(
            organisation: evaluation.recipient, department: department,
            assignees: isReviewer ? [subject.person] : [], evaluator: evaluation.evaluator, programme: programme,
            round: round, bid: evaluation.bid)
    }
}

/// What the database is asked about evaluations, and the reference data that their documents are made of.
enum EvaluationStatements {
    /// Everything that a plan, a review or a report needs to know of its evaluation. Evaluators and reviewers see no bid,
    /// round or programme, so these are joined from the left.
    static let columns: SQL = """
        e.id, e.reference, e.award_id, e.bid_id, e.organisation_id, e.evaluator_id, e.title, e.is_self_evaluation,
        e.protocol_due, e.first_data_collection_planned, e.first_data_collection_actual, e.registration_status, e.version,
        o.name, v.name, e.contract_ref, e.stage, e.inception_due, e.report_due, e.unblinded_on, rd.id, pr.id,
        pr.organisation_id,
        exists (select from review x where x.evaluation_id = e.id and x.reviewer_id = (select actor.person_id())
            and x.state not in ('declined', 'withdrawn'))
        """

    static let tables: SQL = """
        join organisation o on o.id = e.organisation_id left join organisation v on v.id = e.evaluator_id
        left join bid b on b.id = e.bid_id left join round rd on rd.id = b.round_id
        left join programme pr on pr.id = rd.programme_id
        """

    static func record(_ row: inout RowReader) throws -> EvaluationRecord {
        let evaluation = try Evaluation(
            id: row.read(), reference: row.read(), award: row.read(), bid: row.read(), recipient: row.read(),
            evaluator: row.read(), title: row.read(), isSelfEvaluation: row.read(), protocolDue: row.read(),
            plannedStart: row.read(), actualStart: row.read(), registration: row.read(), version: row.read())
        let (authority, evaluator, contract): (String, String?, String?) = try (row.read(), row.read(), row.read())
        let stage: String? = try row.read()
        return try EvaluationRecord(
            evaluation: evaluation, authorityName: authority, evaluatorName: evaluator, contractRef: contract,
            stage: stage.flatMap { EvaluationStage(rawValue: $0) }, inceptionDue: row.read(), reportDue: row.read(),
            unblindedOn: row.read(), round: row.read(), programme: row.read(), department: row.read(),
            isReviewer: row.read())
    }

    static func find(_ id: EvaluationID) -> Statement<EvaluationRecord> {
        Statement(
            "evaluation.find", "select \(columns) from evaluation e \(tables) where e.id = \(id)", decode: record)
    }

    static func lock(_ id: EvaluationID) -> Statement<EvaluationRecord> {
        Statement(
            "evaluation.lock",
            "select \(columns) from evaluation e \(tables) where e.id = \(id) for no key update of e",
            decode: record)
    }

    /// Newest first, with where plan and report stand.
    static func list(after: (Instant, EvaluationID)?, limit: Int) -> Statement<EvaluationRow> {
        Statement(
            "evaluation.list",
            """
            select e.id, e.reference, e.title, o.name, v.name, p.id, p.state, r.state, e.registration_status,
                e.protocol_due, e.created_at
            from evaluation e \(tables)
            left join evaluation_plan p on p.evaluation_id = e.id
            left join lateral (select x.state from evaluation_report x where x.evaluation_id = e.id
                order by x.kind, x.created_at desc limit 1) r on true
            where (\(after?.0)::timestamptz is null or (e.created_at, e.id) < (\(after?.0), \(after?.1)))
            order by e.created_at desc, e.id desc limit \(limit)
            """
        ) { row in
            try EvaluationRow(
                id: row.read(), reference: row.read(), title: row.read(), authorityName: row.read(),
                evaluatorName: row.read(), plan: row.read(), planState: row.read(), reportState: row.read(),
                registration: row.read(), protocolDue: row.read(), createdAt: row.read())
        }
    }

    static func milestones(of id: EvaluationID) -> Statement<MilestoneView> {
        Statement(
            "evaluation.milestones",
            """
            select m.code, g.met, g.waiting_on, g.since
            from evaluation e
            cross join (values ('protocol_approved', 1), ('interim_report', 2), ('final_report_accepted', 3)) as m (code, place)
            cross join lateral public.evaluation_milestone(e.award_id, m.code) as g
            where e.id = \(id) order by m.place
            """
        ) { row in
            try MilestoneView(code: row.read(), isMet: row.read(), waitingOn: row.read(), since: row.read())
        }
    }

    /// Who could be appointed to this evaluation: organisations that evaluate, and the authority itself.
    static func evaluators(for id: EvaluationID) -> Statement<OrganisationChoice> {
        Statement(
            "evaluation.evaluators",
            """
            select o.id, o.name from organisation o
            where o.active_to is null and (o.kind in ('evaluator', 'company', 'what_works')
                or o.id = (select e.organisation_id from evaluation e where e.id = \(id)))
            order by o.name, o.id
            """
        ) { row in try OrganisationChoice(id: row.read(), name: row.read()) }
    }

    static func appoint(
        _ id: EvaluationID, _ evaluator: OrganisationID, contract: String, by person: PersonID, reportDue: Day?
    ) -> Statement<Void> {
        Statement(
            "evaluation.appoint",
            """
            update evaluation set evaluator_id = \(evaluator), contract_ref = \(contract), appointed_by = \(person),
                report_due = coalesce(\(reportDue), report_due), version = version + 1
            where id = \(id)
            """)
    }

    static func recordDates(_ id: EvaluationID, planned: Day?, actual: Day?, unblinded: Day?) -> Statement<Void> {
        Statement(
            "evaluation.record_dates",
            """
            update evaluation set first_data_collection_planned = \(planned), first_data_collection_actual = \(actual),
                unblinded_on = \(unblinded), version = version + 1
            where id = \(id)
            """)
    }

    // MARK: Reference data

    static let designs = Statement<EvaluationDesign>(
        "evaluation.designs",
        "select code, family, branch, title, highest_sms, clustered from evaluation_design order by position"
    ) { row in
        try EvaluationDesign(
            code: row.read(), family: row.read(), branch: row.read(), title: row.read(), highestSMS: row.read(),
            isClustered: row.read())
    }

    /// Numbers and lists that an installation may have changed.
    static let settings = Statement<(String, String)>(
        "evaluation.settings",
        """
        select code, value from setting where code in ('clusters_per_arm_warning', 'evaluation_rereview_keys',
            'review_minimum', 'review_gate_score', 'review_pass_score', 'review_disagreement', 'causal_phrases')
        """
    ) { row in try (row.read(), row.read()) }
}

/// What documents of an evaluation are made of and judged by, as the installation has it.
struct EvaluationReference: Sendable {
    let designs: [EvaluationDesign]
    let planForm: Questionnaire
    let reportForm: Questionnaire
    let thresholds: EvidenceThresholds
    let review: ReviewThresholds
    let rereviewKeys: [String]
    let phrases: [String]

    init(_ designs: [EvaluationDesign], _ indicators: [Indicator], _ settings: [(String, String)]) {
        let values = Dictionary(settings) { first, _ in first }
        func number(_ code: String, _ standard: Int) -> Int { values[code].flatMap { Int($0) } ?? standard }
        func list(_ code: String) -> [String]? {
            values[code].map { $0.split(separator: ",").map { String($0.trimming) } }
        }
        self.designs = designs
        planForm = .evaluationPlan(designs: designs, indicators: indicators)
        reportForm = .evaluationReport(designs: designs)
        var thresholds = EvidenceThresholds.standard
        thresholds.fewestClusters = number("clusters_per_arm_warning", thresholds.fewestClusters)
        self.thresholds = thresholds
        var review = ReviewThresholds()
        review.minimum = number("review_minimum", review.minimum)
        review.gate = number("review_gate_score", review.gate)
        review.pass = number("review_pass_score", review.pass)
        review.disagreement = number("review_disagreement", review.disagreement)
        self.review = review
        rereviewKeys = list("evaluation_rereview_keys") ?? []
        phrases = list("causal_phrases") ?? CausalWording.phrases
    }

    /// The questions of a plan or of a report.
    func form(_ paper: EvaluationPaper) -> Questionnaire { paper.isPlan ? planForm : reportForm }
}

extension Substring {
    /// Without spaces at either end.
    fileprivate var trimming: Substring {
        var rest = self
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
