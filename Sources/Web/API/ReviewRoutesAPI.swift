import Domain
import Hummingbird
import Services

/// Reviews, reports, and what everybody may read of evaluations.
extension RouteTable {
    static let reviewAPI: [Route] = [
        .api(
            .get, "/reviews", "listReviews", "Your own, what waits first", .reviewList, query: Route.Parameter.list,
            gives: .list("ReviewRow")
        ) { call in
            call.rows(try await call.core.reviews.mine(call.actor, page: call.list), \.json)
        },
        .api(
            .get, "/review-desk", "getReviewDesk", "Submissions that wait for the review lead", .reviewList,
            gives: .one("ReviewDeskRows")
        ) {
            call in
            .json(.items(try await call.core.reviews.desk(call.actor), \.json))
        },
        .api(
            .get, "/review-agreement", "getReviewAgreement", "Weighted kappa of reviewers", .reviewCompare,
            gives: .one("ReviewAgreement")
        ) {
            call in
            .json(try await call.core.reviews.agreement(call.actor).json)
        },
        .api(.get, "/reviews/{id}", "getReview", "A review with its rubric", .reviewRead, gives: .one("Review")) {
            call in
            let detail = try await call.core.reviews.detail(call.actor, try call.id())
            return .json(detail.json, etag: detail.review.version)
        },
        .transition("/reviews/{id}/acceptance", "acceptReview", "Accept", .reviewAccept) {
            try await $0.core.reviews.accept($0.actor, try $0.id(), version: $0.version)
        },
        .transition("/reviews/{id}/decline", "declineReview", "Decline", .reviewDecline, body: FundSchema.reason) {
            try await $0.core.reviews.decline($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .transition(
            "/reviews/{id}/interests", "declareInterests", "Declare interests, or that there are none",
            .reviewDeclareInterest,
            body: EvaluationSchema.interests
        ) { call in
            let kinds = try call.content([Review.Interest].self, of: "kinds")
            try await call.core.reviews.declare(
                call.actor, try call.id(), version: call.version, kinds: kinds, detail: call.body("detail"))
        },
        .transition(
            "/reviews/{id}/ruling", "ruleOnInterests", "Rule on a declared interest", .reviewManage,
            body: EvaluationSchema.ruling
        ) {
            try await $0.core.reviews.rule(
                $0.actor, try $0.id(), version: $0.version, managed: $0.body("outcome") == "managed",
                reason: $0.body("reason"))
        },
        .transition("/reviews/{id}/beginning", "beginReview", "Begin to score", .reviewBegin) {
            try await $0.core.reviews.begin($0.actor, try $0.id(), version: $0.version)
        },
        .api(
            .put, "/reviews/{id}/scores", "saveReviewScores", "Save scores", .reviewScore,
            body: EvaluationSchema.scores,
            gives: .one("Saved"), versioned: true
        ) { call in
            .saved(
                try await call.core.reviews.saveScores(
                    call.actor, try call.id(), version: call.version, try call.content([ReviewScore].self, of: "scores")
                ))
        },
        .api(
            .post, "/reviews/{id}/points", "addReviewPoint", "Raise a point", .reviewScore,
            body: EvaluationSchema.point,
            gives: .created("Created")
        ) { call in
            let id: ReviewID = try call.id()
            let point = try await call.core.reviews.addItem(
                call.actor, id, mustFix: call.body("kind") == "must_fix", criterion: call.optional("criterion"),
                body: call.body("body"))
            return .created("/api/v1/reviews/\(id)", .object([("id", .of(point))]))
        },
        .api(
            .post, "/reviews/{id}/points/{item}/closure", "closeReviewPoint", "Close a point", .reviewCloseItem,
            body: EvaluationSchema.closure
        ) { call in
            try await call.core.reviews.closeItem(
                call.actor, try call.id(), try call.id("item"), note: call.body("note"))
            return .noContent()
        },
        .api(
            .post, "/reviews/{id}/notes", "addReviewNote", "Add a note for the review lead", .reviewScore,
            body: EvaluationSchema.answer
        ) { call in
            try await call.core.reviews.addNote(call.actor, try call.id(), body: call.body("body"))
            return .noContent()
        },
        .transition("/reviews/{id}/submission", "submitReview", "Hand in", .reviewSubmit) {
            try await $0.core.reviews.submit($0.actor, try $0.id(), version: $0.version)
        },
        .transition(
            "/reviews/{id}/clarification-request", "askReviewToClarify", "Ask to clarify", .reviewAskToClarify,
            body: FundSchema.reason
        ) {
            try await $0.core.reviews.askToClarify(
                $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
        .transition("/reviews/{id}/clarification", "clarifyReview", "Hand in after clarifying", .reviewClarify) {
            try await $0.core.reviews.clarify($0.actor, try $0.id(), version: $0.version)
        },
        .transition("/reviews/{id}/finalisation", "finaliseReview", "Make final", .reviewFinalise) {
            try await $0.core.reviews.finalise($0.actor, try $0.id(), version: $0.version)
        },
        .transition(
            "/reviews/{id}/release", "releaseReviewer", "Release the reviewer", .reviewRelease, body: FundSchema.reason
        ) {
            try await $0.core.reviews.release($0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
        },
    ]

    private static let report = "/evaluation-reports/{id}"

    static let evaluationReportAPI: [Route] =
        [
            .api(
                .get, "/evaluation-reports", "listEvaluationReports", "Reports, newest first", .evaluationReportList,
                query: Route.Parameter.list, gives: .list("EvaluationReportRow")
            ) { call in
                call.rows(try await call.core.evaluationReports.list(call.actor, page: call.list), \.json)
            },
            .api(
                .get, report, "getEvaluationReport", "A report", .evaluationReportRead, gives: .one("EvaluationReport")
            ) { call in
                let detail = try await call.core.evaluationReports.detail(call.actor, try call.id())
                return .json(detail.json, etag: detail.report.version)
            },
            .api(
                .put, "\(report)/title", "retitleEvaluationReport", "Change its title", .evaluationReportEdit,
                body: .object([.required("title", .text(most: 200, least: 1))]), gives: .one("Saved"), versioned: true
            ) { call in
                .saved(
                    try await call.core.evaluationReports.retitle(
                        call.actor, try call.id(), version: call.version, title: call.body("title")))
            },
            .transition(
                "\(report)/fact-check-request", "requestFactCheck", "Have the facts checked",
                .evaluationReportSendForFactCheck
            ) {
                try await $0.core.evaluationReports.sendForFactCheck($0.actor, try $0.id(), version: $0.version)
            },
            .api(
                .post, "\(report)/comments", "commentOnEvaluationReport", "Comment on a fact", .evaluationReportComment,
                body: EvaluationSchema.comment, gives: .created("Created")
            ) { call in
                let id: EvaluationReportID = try call.id()
                let comment = try await call.core.evaluationReports.comment(
                    call.actor, id, section: call.optional("section"), body: call.body("body"))
                return .created("/api/v1/evaluation-reports/\(id)", .object([("id", .of(comment))]))
            },
            .api(
                .post, "\(report)/comments/{comment}/answers", "answerReportComment", "Answer a comment",
                .evaluationReportAnswer, body: EvaluationSchema.answer
            ) { call in
                try await call.core.evaluationReports.answer(
                    call.actor, try call.id(), try call.id("comment"), body: call.body("body"))
                return .noContent()
            },
            .transition(
                "\(report)/fact-check-end", "finishFactCheck", "The authority is done", .evaluationReportFinishFactCheck
            ) {
                try await $0.core.evaluationReports.finishFactCheck($0.actor, try $0.id(), version: $0.version)
            },
            .frozen("\(report)/submission", "submitEvaluationReport", "Submit for peer review", .evaluationReportSubmit)
            {
                try await $0.core.evaluationReports.submit($0.actor, try $0.id(), version: $0.version, once: $0.once)
            },
            .transition("\(report)/review", "beginReportReview", "Begin the peer review", .evaluationReportBeginReview)
            {
                try await $0.core.evaluationReports.beginReview($0.actor, try $0.id(), version: $0.version)
            },
            .transition(
                "\(report)/revision", "reviseEvaluationReport", "Send back to its author", .evaluationReportAskToRevise,
                body: FundSchema.reason
            ) {
                try await $0.core.evaluationReports.askToRevise(
                    $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"))
            },
            .transition(
                "\(report)/sign-off", "signOffEvaluationReport", "Sign off", .evaluationReportSignOff, once: true
            ) {
                try await $0.core.evaluationReports.signOff($0.actor, try $0.id(), version: $0.version, once: $0.once)
            },
            .transition(
                "\(report)/schedule", "scheduleEvaluationReport", "Set the day of publication",
                .evaluationReportSchedule,
                body: EvaluationSchema.schedule
            ) { call in
                guard let on = call.day("on") else { throw WebRefusal.malformed("body_not_acceptable", "Send a day.") }
                try await call.core.evaluationReports.schedule(call.actor, try call.id(), version: call.version, on: on)
            },
            .transition(
                "\(report)/publication", "publishEvaluationReport", "Publish now", .evaluationReportPublish, once: true
            ) {
                try await $0.core.evaluationReports.publish($0.actor, try $0.id(), version: $0.version, once: $0.once)
            },
            .transition(
                "\(report)/delay", "delayEvaluationReport", "Delay publication, or renew a delay",
                .evaluationReportDelay,
                body: EvaluationSchema.delay, once: true
            ) { call in
                guard let reason = EvaluationReport.DelayReason(rawValue: call.body("reason")),
                    let until = call.day("until")
                else {
                    throw WebRefusal.malformed("body_not_acceptable", "Send a reason and a day.")
                }
                try await call.core.evaluationReports.delay(
                    call.actor, try call.id(), version: call.version, reason: reason, text: call.body("text"),
                    until: until,
                    once: call.once)
            },
            .frozen(
                "\(report)/correction-proposal", "proposeReportCorrection", "Propose a correction",
                .evaluationReportProposeCorrection, body: EvaluationSchema.correction
            ) {
                try await $0.core.evaluationReports.proposeCorrection(
                    $0.actor, try $0.id(), version: $0.version, note: $0.body("note"), once: $0.once)
            },
            .transition(
                "\(report)/correction", "correctEvaluationReport", "Publish the correction", .evaluationReportCorrect,
                once: true
            ) {
                try await $0.core.evaluationReports.correct($0.actor, try $0.id(), version: $0.version, once: $0.once)
            },
            .transition(
                "\(report)/withdrawal", "withdrawEvaluationReport", "Withdraw; the notice stays",
                .evaluationReportWithdraw,
                body: FundSchema.reason, once: true
            ) {
                try await $0.core.evaluationReports.withdraw(
                    $0.actor, try $0.id(), version: $0.version, reason: $0.body("reason"), once: $0.once)
            },
            .api(
                .post, "\(report)/pressure", "reportPressure", "Report pressure on its conclusions",
                .evaluationReportFlagPressure,
                body: EvaluationSchema.pressure
            ) { call in
                try await call.core.evaluationReports.flagPressure(call.actor, try call.id(), body: call.body("body"))
                return .noContent()
            },
        ] + desk(report, "Report", .report)
        + Questionnaire.evaluationReport(designs: []).sections.flatMap { section in
            parts(
                report, "Report", section, .evaluationReportRead, .evaluationReportEdit,
                read: { try await $0.core.evaluationReports.part($0.actor, try $0.id(), section.code) },
                save: {
                    try await $0.core.evaluationReports.savePart(
                        $0.actor, try $0.id(), section.code, try $0.answers(section), version: $0.version)
                })
        }

    /// Without signing in.
    static let publicEvaluationAPI: [Route] = [
        .system("/api/v1/public/protocols", "listPublicProtocols", "Protocols, newest first", face: .api) { call in
            let page = try await call.core.publicEvaluations.protocols(page: call.publicList)
            return .json(.object([("items", .list(page.rows, \.json)), ("next", .text(page.next))])).publicly
        },
        .system("/api/v1/public/protocols/{reference}", "getPublicProtocol", "A protocol with its versions", face: .api)
        { call in
            .json(try await call.core.publicEvaluations.protocol(call.text("reference").uppercased()).json).publicly
        },
        .system("/api/v1/public/reports", "listPublicReports", "Reports, newest first", face: .api) { call in
            let page = try await call.core.publicEvaluations.reports(page: call.publicList)
            return .json(.object([("items", .list(page.rows, \.json)), ("next", .text(page.next))])).publicly
        },
        .system("/api/v1/public/reports/{reference}", "getPublicReport", "A report", face: .api) { call in
            .json(try await call.core.publicEvaluations.report(call.text("reference").uppercased()).json).publicly
        },
        .system("/api/v1/public/overdue", "listOverdueReports", "Reports that should be public and are not", face: .api)
        { call in
            .json(.items(try await call.core.publicEvaluations.overdue(), \.json)).publicly
        },
    ]
}

extension OpenCall {
    var core: Touchstone { front.core }
    /// Where a public list continues.
    var publicList: Services.PageRequest {
        Services.PageRequest(
            after: request.uri.queryParameters.get("after"),
            size: request.uri.queryParameters.get("size").flatMap { Int($0) } ?? 20)
    }
}

extension Response {
    /// The same for everybody, and kept for a minute.
    var publicly: Response {
        var response = self
        response.headers[.cacheControl] = "public, max-age=60"
        return response
    }
}
