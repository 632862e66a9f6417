import Domain
import Hummingbird
import Services

/// Evaluations and their plans.
extension RouteTable {
    static let evaluationAPI: [Route] = [
        .api(
            .get, "/evaluations", "listEvaluations", "Evaluations in which you have a part, newest first",
            .evaluationList,
            query: Route.Parameter.list, gives: .list("EvaluationRow")
        ) { call in
            call.rows(try await call.core.evaluations.list(call.actor, page: call.list), \.json)
        },
        .api(.get, "/evaluations/{id}", "getEvaluation", "An evaluation", .evaluationRead, gives: .one("Evaluation")) {
            call in
            let detail = try await call.core.evaluations.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.evaluation.version)
        },
        .api(
            .put, "/evaluations/{id}/evaluator", "appointEvaluator", "Appoint who evaluates", .evaluationAppoint,
            body: EvaluationSchema.appointment, gives: .one("Saved"), versioned: true
        ) { call in
            .saved(
                try await call.core.evaluations.appoint(
                    call.actor, try call.id(), version: call.version, evaluator: try call.bodyID("evaluator"),
                    contract: call.body("contract"), reportDue: call.day("reportDue")))
        },
        .api(
            .put, "/evaluations/{id}/dates", "recordEvaluationDates", "Record when data collection begins",
            .evaluationRecordDates,
            body: EvaluationSchema.dates, gives: .one("Saved"), versioned: true
        ) { call in
            .saved(
                try await call.core.evaluations.recordDates(
                    call.actor, try call.id(), version: call.version, planned: call.day("planned"),
                    actual: call.day("actual"), unblinded: call.day("unblinded")))
        },
        .api(
            .post, "/evaluations/{id}/reports", "startEvaluationReport", "Start a report", .evaluationReportStart,
            body: EvaluationSchema.newReport, gives: .created("Created"), once: true
        ) { call in
            let kind = EvaluationReport.Kind(rawValue: call.body("kind")) ?? .final
            let id = try await call.core.evaluationReports.start(
                call.actor, try call.id(), kind: kind, title: call.body("title"), once: call.once)
            return .created("/api/v1/evaluation-reports/\(id)", .object([("id", .of(id))]))
        },
    ]

    private static let plan = "/evaluation-plans/{id}"

    static let evaluationPlanAPI: [Route] =
        [
            .api(
                .get, plan, "getEvaluationPlan", "A plan with its versions", .evaluationPlanRead,
                gives: .one("EvaluationPlan")
            ) {
                call in
                let detail = try await call.core.evaluationPlans.detail(call.actor, try call.id())
                return .json(detail.json, etag: detail.plan.version)
            },
            .transition(
                "\(plan)/beginning", "startEvaluationPlan", "Start the plan", .evaluationPlanStart,
                body: EvaluationSchema.independence
            ) {
                try await $0.core.evaluationPlans.start(
                    $0.actor, try $0.id(), version: $0.version, declares: $0.json["independent"]?.bool ?? false,
                    note: $0.optional("note"))
            },
            .transition(
                "\(plan)/comment-request", "requestPlanComments", "Send to the authority", .evaluationPlanSendForComment
            ) {
                try await $0.core.evaluationPlans.sendForComment($0.actor, try $0.id(), version: $0.version)
            },
            .api(
                .post, "\(plan)/comments", "commentOnEvaluationPlan", "Add a comment", .evaluationPlanComment,
                body: EvaluationSchema.comment, gives: .created("Created")
            ) { call in
                let id: EvaluationPlanID = try call.id()
                let comment = try await call.core.evaluationPlans.comment(
                    call.actor, id, section: call.optional("section"), body: call.body("body"))
                return .created("/api/v1/evaluation-plans/\(id)", .object([("id", .of(comment))]))
            },
            .api(
                .post, "\(plan)/comments/{comment}/answers", "answerPlanComment", "Answer a comment",
                .evaluationPlanAnswer,
                body: EvaluationSchema.answer
            ) { call in
                try await call.core.evaluationPlans.answer(
                    call.actor, try call.id(), try call.id("comment"), body: call.body("body"))
                return .noContent()
            },
            .transition(
                "\(plan)/comments-end", "finishPlanComments", "The authority is done", .evaluationPlanFinishComments
            ) {
                try await $0.core.evaluationPlans.finishComments($0.actor, try $0.id(), version: $0.version)
            },
            .frozen("\(plan)/submission", "submitEvaluationPlan", "Submit for review", .evaluationPlanSubmit) {
                try await $0.core.evaluationPlans.submit($0.actor, try $0.id(), version: $0.version, once: $0.once)
            },
            .frozen("\(plan)/adoption", "adoptPlanAmendment", "Adopt an amendment without review", .evaluationPlanAdopt)
            {
                try await $0.core.evaluationPlans.adopt($0.actor, try $0.id(), version: $0.version, once: $0.once)
            },
            .transition("\(plan)/review", "beginPlanReview", "Begin the review", .evaluationPlanBeginReview) {
                try await $0.core.evaluationPlans.beginReview($0.actor, try $0.id(), version: $0.version)
            },
            .transition(
                "\(plan)/approval", "approveEvaluationPlan", "Approve and freeze", .evaluationPlanApprove,
                body: EvaluationSchema.approval, once: true
            ) {
                try await $0.core.evaluationPlans.approve(
                    $0.actor, try $0.id(), version: $0.version, reason: $0.optional("reason"), once: $0.once)
            },
            .transition(
                "\(plan)/revision", "reviseEvaluationPlan", "Send back to its author", .evaluationPlanAskToRevise,
                body: FundSchema.reason
            ) {
                try await $0.core.evaluationPlans.askToRevise(
                    $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
            },
            .transition(
                "\(plan)/registration", "registerEvaluationPlan", "Record its registration", .evaluationPlanRegister,
                body: EvaluationSchema.registration
            ) { call in
                guard let registry = Evaluation.Registry(rawValue: call.body("registry")),
                    let on = call.day("registeredOn")
                else {
                    throw WebRefusal.malformed("body_not_acceptable", "Send a register and a day.")
                }
                try await call.core.evaluationPlans.register(
                    call.actor, try call.id(), version: call.version,
                    RegistrationEntry(
                        registry: registry, number: call.body("number"), on: on, url: call.optional("url")))
            },
            .transition("\(plan)/start", "beginEvaluation", "Data collection has begun", .evaluationPlanBegin) {
                try await $0.core.evaluationPlans.begin($0.actor, try $0.id(), version: $0.version)
            },
            .transition(
                "\(plan)/amendment", "amendEvaluationPlan", "Open an amendment", .evaluationPlanAmend,
                body: EvaluationSchema.amendment
            ) {
                try await $0.core.evaluationPlans.amend(
                    $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"),
                    beforeUnblinding: $0.json["beforeUnblinding"]?.bool ?? false)
            },
            .transition(
                "\(plan)/completion", "completeEvaluation", "The evaluation is complete", .evaluationPlanComplete
            ) {
                try await $0.core.evaluationPlans.complete($0.actor, try $0.id(), version: $0.version)
            },
            .transition(
                "\(plan)/abandonment-agreement", "agreeToAbandonEvaluation", "Agree to give it up",
                .evaluationPlanAgreeToAbandon, body: FundSchema.reason
            ) {
                try await $0.core.evaluationPlans.agreeToAbandon(
                    $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
            },
            .transition(
                "\(plan)/abandonment", "abandonEvaluation", "Give it up, with its lessons", .evaluationPlanAbandon,
                body: EvaluationSchema.abandonment
            ) {
                try await $0.core.evaluationPlans.abandon(
                    $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"), lessons: $0.body("lessons"))
            },
        ] + desk(plan, "Plan", .protocol)
        + Questionnaire.evaluationPlan(designs: [], indicators: []).sections.flatMap { section in
            parts(
                plan, "Plan", section, .evaluationPlanRead, .evaluationPlanEdit,
                read: { try await $0.core.evaluationPlans.part($0.actor, try $0.id(), section.code) },
                save: {
                    try await $0.core.evaluationPlans.savePart(
                        $0.actor, try $0.id(), section.code, try $0.answers(section), version: $0.version)
                })
        }

    /// Reading and saving one part of a plan or report.
    static func parts(
        _ path: String, _ noun: String, _ section: Questionnaire.Section, _ reading: Domain.Action,
        _ writing: Domain.Action, read: @escaping @Sendable (Call) async throws -> PaperPartView,
        save: @escaping @Sendable (Call) async throws -> Int
    ) -> [Route] {
        let name = section.code.prefix(1).uppercased() + section.code.dropFirst()
        return [
            .api(
                .get, "\(path)/parts/\(section.code)", "get\(noun)\(name)", "\(section.title): as drafted", reading,
                gives: .one("PaperPart")
            ) { call in
                let view = try await read(call)
                return .json(view.json, etag: view.version)
            },
            .api(
                .put, "\(path)/parts/\(section.code)", "save\(noun)\(name)", "\(section.title): save the draft",
                writing,
                body: section.schema, gives: .one("Saved"), versioned: true
            ) { .saved(try await save($0)) },
        ]
    }

    /// The review desk of a plan or report.
    static func desk(_ path: String, _ noun: String, _ kind: Review.Kind) -> [Route] {
        [
            .api(
                .get, "\(path)/reviews", "get\(noun)ReviewDesk", "Reviews, scores and what they come to",
                .reviewCompare,
                gives: .one("ReviewDesk")
            ) { call in
                let desk =
                    kind == .protocol
                    ? try await call.core.reviews.desk(call.actor, plan: try call.id())
                    : try await call.core.reviews.desk(call.actor, report: try call.id())
                return .json(desk.json, etag: desk.version)
            },
            .api(
                .post, "\(path)/reviews", "invite\(noun)Reviewer", "Invite a reviewer", .reviewInvite,
                body: EvaluationSchema.invitation, gives: .created("Created"), once: true
            ) { call in
                guard let due = call.day("dueOn") else {
                    throw WebRefusal.malformed("body_not_acceptable", "Send a day.")
                }
                let third = call.json["isThird"]?.bool ?? false
                let person: PersonID = try call.bodyID("reviewer")
                let id =
                    kind == .protocol
                    ? try await call.core.reviews.invite(
                        call.actor, plan: try call.id(), person, dueOn: due, isThird: third, once: call.once)
                    : try await call.core.reviews.invite(
                        call.actor, report: try call.id(), person, dueOn: due, isThird: third, once: call.once)
                return .created("/api/v1/reviews/\(id)", .object([("id", .of(id))]))
            },
            .api(
                .post, "\(path)/adjudications", "adjudicate\(noun)", "Settle a disagreement", .reviewAdjudicate,
                body: EvaluationSchema.adjudication
            ) { call in
                let value = call.json["value"]?.integer ?? -1
                if kind == .protocol {
                    try await call.core.reviews.adjudicate(
                        call.actor, plan: try call.id(), criterion: call.body("criterion"), value: value,
                        reason: call.body("reason"))
                } else {
                    try await call.core.reviews.adjudicate(
                        call.actor, report: try call.id(), criterion: call.body("criterion"), value: value,
                        reason: call.body("reason"))
                }
                return .noContent()
            },
        ]
    }
}

extension Route {
    /// A transition that freezes a text: the answer is its digest.
    static func frozen(
        _ path: String, _ operation: String, _ summary: String, _ action: Domain.Action, body: Schema? = nil,
        _ act: @escaping @Sendable (Call) async throws -> String
    ) -> Route {
        .api(.post, path, operation, summary, action, body: body, gives: .one("Digest"), versioned: true, once: true) {
            call in
            .json(.object([("digest", .text(try await act(call)))]))
        }
    }
}

extension Response {
    /// The new version of what was saved.
    static func saved(_ version: Int) -> Response { .json(.object([("version", .int(version))]), etag: version) }
}

extension Call {
    /// The body as answers of a part.
    func answers(_ section: Questionnaire.Section) throws -> Questionnaire.Answers {
        Questionnaire(edition: "", sections: [section]).answers(try content(Questionnaire.Document.self), in: section)
    }
}
