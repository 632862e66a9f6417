import Domain
import FoundationEssentials
import Services

// How evaluations, plans, reviews and reports write themselves as JSON.

extension EvaluationRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("title", .text(title)),
            ("authorityName", .text(authorityName)), ("evaluatorName", .text(evaluatorName)), ("planId", .of(plan)),
            ("planState", .code(planState)), ("reportState", .code(reportState)), ("registration", .code(registration)),
            ("protocolDue", .of(protocolDue)), ("createdAt", .of(createdAt)),
        ])
    }
}

extension EvaluationReportRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("title", .text(title)), ("kind", .code(kind)),
            ("state", .code(state)), ("direction", .code(direction)), ("publishDue", .of(publishDue)),
        ])
    }
}

extension EvaluationDetail {
    var json: JSON {
        .object([
            ("id", .of(evaluation.id)), ("reference", .text(evaluation.reference)), ("title", .text(evaluation.title)),
            ("version", .int(evaluation.version)), ("bidId", .of(evaluation.bid)), ("awardId", .of(evaluation.award)),
            ("authorityName", .text(authorityName)), ("evaluatorId", .of(evaluation.evaluator)),
            ("evaluatorName", .text(evaluatorName)), ("contract", .text(contractRef)),
            ("isSelfEvaluation", .flag(evaluation.isSelfEvaluation)), ("stage", .code(stage)),
            ("protocolDue", .of(evaluation.protocolDue)), ("reportDue", .of(reportDue)),
            ("plannedStart", .of(evaluation.plannedStart)), ("actualStart", .of(evaluation.actualStart)),
            ("unblindedOn", .of(unblindedOn)), ("registration", .code(evaluation.registration)),
            (
                "plan",
                plan.map {
                    .object([
                        ("id", .of($0.id)), ("reference", .text($0.reference)), ("state", .code($0.state)),
                        ("approvedVersion", .int($0.approvedVersion)),
                    ])
                } ?? .null
            ), ("reports", .list(reports, \.json)),
            (
                "milestones",
                .list(milestones) {
                    .object([
                        ("code", .text($0.code)), ("isMet", .flag($0.isMet)), ("waitingOn", .text($0.waitingOn)),
                        ("since", .of($0.since)),
                    ])
                }
            ),
        ])
    }
}

extension JSON {
    fileprivate static func changes(_ changes: [Questionnaire.Change]) -> JSON {
        .list(changes) {
            .object([
                ("key", .text($0.key)), ("label", .text($0.label)), ("before", .text($0.before)),
                ("after", .text($0.after)),
            ])
        }
    }

    fileprivate static func content(_ form: Questionnaire, _ answers: Questionnaire.Answers?) -> JSON {
        answers.map { .encoded(form.document($0, sections: form.sections.map(\.code))) } ?? .null
    }

    fileprivate static func comments(_ comments: [CommentView]) -> JSON {
        .list(comments) {
            .object([
                ("id", .of($0.id)), ("round", .int($0.round)), ("section", .text($0.section)), ("body", .text($0.body)),
                ("organisationName", .text($0.organisationName)), ("at", .of($0.at)),
                ("answers", .list($0.answers) { .text($0) }),
            ])
        }
    }

    fileprivate static func parts(_ parts: [PaperPart]) -> JSON {
        .list(parts) {
            .object([("section", .text($0.section)), ("version", .int($0.version)), ("progress", .code($0.progress))])
        }
    }

    fileprivate static func feedback(_ lines: [FeedbackLine]) -> JSON {
        .list(lines) {
            .object([
                ("submission", .int($0.submission)), ("reviewer", .int($0.reviewer)),
                ("criterion", .text($0.criterion)),
                ("value", $0.value.map { .int($0) } ?? .null), ("rationale", .text($0.rationale)),
                ("pointKind", .text($0.itemKind)), ("body", .text($0.body)),
                ("isClosed", $0.isClosed.map { .flag($0) } ?? .null),
            ])
        }
    }

    fileprivate static func messages(_ messages: [EvaluationReportRules.Message]) -> JSON {
        .list(messages) {
            .object([("field", .text($0.field)), ("sentence", .text($0.sentence)), ("stops", .code($0.weight))])
        }
    }

    /// An estimate, as text.
    fileprivate static func figure(_ value: Double?) -> JSON {
        value.map { .text(Rounded.text($0, places: 6).replacing("−", with: "-")) } ?? .null
    }

    static func kappa(_ kappa: RaterAgreement.Kappa) -> JSON {
        switch kappa {
        case .estimate(let estimate, let pairs):
            .object([
                ("isEstimable", .flag(true)), ("kappa", .figure(estimate.value)),
                ("standardError", .figure(estimate.standardError)), ("low", .figure(estimate.interval.low)),
                ("high", .figure(estimate.interval.high)), ("pairs", .int(pairs)),
            ])
        case .notEstimable(let pairs):
            .object([
                ("isEstimable", .flag(false)), ("kappa", .null), ("standardError", .null), ("low", .null),
                ("high", .null),
                ("pairs", .int(pairs)),
            ])
        }
    }
}

extension PlanVersion {
    func json(_ form: Questionnaire) -> JSON {
        .object([
            ("number", .int(number)), ("digest", .text(digest)), ("approvedAt", .of(approvedAt)),
            ("reason", .text(reason)),
            ("beforeUnblinding", beforeUnblinding.map { .flag($0) } ?? .null), ("neededReview", .flag(neededReview)),
            ("plannedSMS", .int(plannedSMS)), ("fallbackSMS", fallbackSMS.map { .int($0) } ?? .null),
            ("changes", .changes(changes)), ("content", .content(form, answers)),
        ])
    }
}

extension EvaluationPlanDetail {
    var json: JSON {
        .object([
            ("id", .of(plan.id)), ("reference", .text(plan.reference)), ("state", .code(plan.state)),
            ("version", .int(plan.version)), ("evaluationId", .of(evaluation.id)), ("title", .text(evaluation.title)),
            ("authorityName", .text(authorityName)), ("evaluatorName", .text(evaluatorName)),
            ("submission", .int(plan.submission)), ("approvedVersion", .int(plan.approvedVersion)),
            ("commentDueOn", .of(commentDueOn)), ("reviewDueOn", .of(reviewDueOn)), ("parts", .parts(parts)),
            ("content", .content(form, answers)), ("problems", .problems(problems)),
            ("warnings", .list(warnings) { .text($0) }), ("computedMDES", .figure(facts?.computedMDES)),
            ("plannedSMS", facts.map { .int($0.plannedSMS) } ?? .null), ("draftChanges", .changes(draftChanges)),
            ("needsReview", .flag(needsReview)), ("comments", .comments(comments)), ("feedback", .feedback(feedback)),
            ("decisionReason", .text(decisionReason)), ("versions", .list(versions) { $0.json(form) }),
            (
                "registrations",
                .list(registrations) {
                    .object([
                        ("version", .int($0.version)), ("registry", .code($0.registry)), ("number", .text($0.number)),
                        ("registeredOn", .of($0.on)), ("url", .text($0.url)),
                    ])
                }
            ), ("allowed", .list(allowed) { .code($0) }),
        ])
    }
}

extension PaperPartView {
    var json: JSON {
        let form = Questionnaire(edition: "", sections: [section])
        return .object([
            ("section", .text(section.code)), ("title", .text(section.title)), ("version", .int(version)),
            ("editedAt", .of(editedAt)), ("isEditable", .flag(isEditable)),
            ("content", .encoded(form.document(answers, in: section))), ("problems", .problems(problems)),
            ("messages", .messages(messages)),
        ])
    }
}

extension EvaluationReportDetail {
    var json: JSON {
        .object([
            ("id", .of(report.id)), ("reference", .text(report.reference)), ("kind", .code(report.kind)),
            ("title", .text(report.title)), ("state", .code(report.state)), ("version", .int(report.version)),
            ("evaluationId", .of(evaluation.id)), ("planId", .of(plan)), ("authorityName", .text(authorityName)),
            ("evaluatorName", .text(evaluatorName)), ("submission", .int(report.submission)),
            ("publishedVersion", .int(report.publishedVersion)), ("direction", .code(report.direction)),
            ("parts", .parts(parts)), ("content", .content(form, answers)), ("problems", .problems(problems)),
            ("messages", .messages(messages)), ("gaps", .list(gaps) { .text($0) }),
            ("computedDirection", .code(computed?.direction)), ("sms", computed.map { .int($0.sms) } ?? .null),
            ("padlock", computed?.padlock.map { .int($0) } ?? .null), ("comments", .comments(comments)),
            ("feedback", .feedback(feedback)), ("decisionReason", .text(decisionReason)),
            ("signedOffAt", .of(signedOffAt)),
            ("publishDue", .of(report.publishDue)), ("plannedOn", .of(plannedOn)), ("publishedAt", .of(publishedAt)),
            (
                "delays",
                .list(delays) {
                    .object([
                        ("number", .int($0.number)), ("reason", .code($0.reason)), ("text", .text($0.text)),
                        ("until", .of($0.until)), ("at", .of($0.at)),
                    ])
                }
            ), ("allowed", .list(allowed) { .code($0) }),
        ])
    }
}

extension ReviewRow {
    var json: JSON {
        .object([
            ("id", .of(id)), ("reference", .text(reference)), ("kind", .code(kind)), ("title", .text(title)),
            ("authorityName", .text(authorityName)), ("dueOn", .of(dueOn)), ("state", .code(state)),
            ("isThird", .flag(isThird)),
        ])
    }
}

extension ReviewDetail {
    var json: JSON {
        .object([
            ("id", .of(review.id)), ("reference", .text(review.reference)), ("kind", .code(review.kind)),
            ("state", .code(review.state)), ("version", .int(review.version)), ("submission", .int(review.submission)),
            ("dueOn", .of(review.dueOn)), ("title", .text(title)), ("planId", .of(plan)), ("reportId", .of(report)),
            ("reviewerName", .text(reviewerName)), ("isOwn", .flag(isOwn)), ("scoresVisible", .flag(scoresVisible)),
            (
                "criteria",
                .list(rubric.criteria(for: review.kind)) { criterion in
                    .object([
                        ("code", .text(criterion.code)), ("title", .text(criterion.title)),
                        ("weight", .int(criterion.weight(review.kind))),
                        ("isGate", .flag(criterion.isGate(review.kind, estimatesImpact: estimatesImpact))),
                        ("best", .text(criterion.best)), ("worst", .text(criterion.worst)),
                    ])
                }
            ), ("anchors", .list(rubric.anchors) { .text($0) }),
            (
                "scores",
                .list(scores) {
                    .object([
                        ("criterion", .text($0.criterion)), ("value", $0.value.map { .int($0) } ?? .null),
                        ("rationale", .text($0.rationale)),
                    ])
                }
            ),
            (
                "points",
                .list(items) {
                    .object([
                        ("id", .of($0.id)), ("kind", .text($0.isMustFix ? "must_fix" : "should_fix")),
                        ("criterion", .text($0.criterion)), ("body", .text($0.body)),
                        ("closedWith", .text($0.closedWith)),
                    ])
                }
            ), ("content", .content(form, answers)), ("problems", .problems(problems)),
            ("allowed", .list(allowed) { .code($0) }),
        ])
    }
}

extension DeskDetail {
    var json: JSON {
        .object([
            ("kind", .code(kind)), ("reference", .text(reference)), ("title", .text(title)), ("state", .text(state)),
            ("version", .int(version)), ("submission", .int(submission)),
            (
                "reviews",
                .list(reviews) {
                    .object([
                        ("id", .of($0.review.id)), ("reference", .text($0.review.reference)),
                        ("state", .code($0.review.state)),
                        ("submission", .int($0.review.submission)), ("reviewerName", .text($0.reviewerName)),
                        ("reviewerOrganisation", .text($0.reviewerOrganisation)), ("dueOn", .of($0.review.dueOn)),
                    ])
                }
            ), ("score", .text(verdict.total.map { Words.decimal(hundredths: $0) })), ("advice", .code(verdict.advice)),
            (
                "criteria",
                .list(verdict.standings) {
                    .object([
                        ("code", .text($0.criterion.code)), ("values", .list($0.values) { .int($0) }),
                        ("ruling", $0.ruling.map { .int($0) } ?? .null), ("isDisputed", .flag($0.isDisputed)),
                        ("isUnsettled", .flag($0.isUnsettled)), ("failsGate", .flag($0.failsGate)),
                    ])
                }
            ), ("agreement", .kappa(agreement)), ("messages", .messages(messages)),
            ("warnings", .list(warnings) { .text($0) }),
            (
                "candidates",
                .list(candidates) {
                    .object([
                        ("id", .of($0.id)), ("name", .text($0.name)), ("organisationName", .text($0.organisationName)),
                        ("inHand", .int($0.inHand)),
                    ])
                }
            ),
        ])
    }
}

extension DeskRow {
    var json: JSON {
        .object([
            ("kind", .code(kind)), ("id", .text(id.uuidString.lowercased())), ("reference", .text(reference)),
            ("title", .text(title)), ("authorityName", .text(authorityName)), ("evaluatorName", .text(evaluatorName)),
            ("state", .text(state)), ("submission", .int(submission)), ("reviews", .int(reviews)),
            ("finals", .int(finals)),
            ("locked", .int(locked)),
        ])
    }
}

extension RaterAgreementView {
    var json: JSON {
        .object([
            ("linear", .kappa(linear)), ("quadratic", .kappa(quadratic)),
            (
                "criteria",
                .list(criteria) {
                    .object([("code", .text($0.code)), ("title", .text($0.title)), ("agreement", .kappa($0.kappa))])
                }
            ),
        ])
    }
}

extension PublishedProtocolRow {
    var json: JSON {
        .object([
            ("reference", .text(reference)), ("title", .text(title)), ("authorityName", .text(authorityName)),
            ("evaluatorName", .text(evaluatorName)), ("version", .int(version)), ("stage", .code(stage)),
            ("registration", .code(registration)), ("approvedAt", .of(approvedAt)), ("isAbandoned", .flag(isAbandoned)),
        ])
    }
}

extension PublishedProtocol {
    var json: JSON {
        .object([
            ("reference", .text(head.reference)), ("title", .text(head.title)), ("award", .text(head.award)),
            ("authorityName", .text(head.authorityName)), ("evaluatorName", .text(head.evaluatorName)),
            ("registration", .code(head.registration)), ("registry", .code(head.registry)),
            ("registryNumber", .text(head.registryNumber)), ("registeredOn", .of(head.registeredOn)),
            ("firstDataCollection", .of(head.firstDataCollection)), ("isAbandoned", .flag(head.isAbandoned)),
            ("lessons", .text(head.lessons)), ("versions", .list(versions) { $0.json(form) }),
        ])
    }
}

extension PublishedReportRow {
    var json: JSON {
        .object([
            ("reference", .text(reference)), ("title", .text(title)), ("kind", .code(kind)),
            ("authorityName", .text(authorityName)), ("evaluatorName", .text(evaluatorName)), ("state", .code(state)),
            ("direction", .code(direction)), ("sms", sms.map { .int($0) } ?? .null),
            ("padlock", padlock.map { .int($0) } ?? .null), ("version", .int(version)),
            ("publishedAt", .of(publishedAt)),
            ("summary", .text(summary)),
        ])
    }
}

extension PublishedReport {
    var json: JSON {
        .object([
            ("reference", .text(head.reference)), ("title", .text(head.title)), ("kind", .code(head.kind)),
            ("version", .int(head.version)), ("state", .code(head.state)), ("direction", .code(head.direction)),
            ("authorityName", .text(head.authorityName)), ("evaluatorName", .text(head.evaluatorName)),
            ("plan", .text(head.plan)), ("planVersion", .int(head.planVersion)),
            ("sms", head.sms.map { .int($0) } ?? .null),
            ("digest", .text(head.digest)), ("publishedAt", .of(head.publishedAt)),
            ("withdrawalReason", .text(head.withdrawalReason)), ("content", .content(form, answers)),
            (
                "results",
                .list(results) {
                    .object([
                        ("outcomeCode", .text($0.code)), ("outcome", .text($0.outcome)),
                        ("timePoint", .text($0.timePoint)),
                        ("isPrimary", .flag($0.isPrimary)), ("prespecified", .flag($0.isPrespecified)),
                        ("metric", .code($0.metric)), ("effect", .figure($0.effect)),
                        ("ciLow", .figure($0.interval.low)),
                        ("ciHigh", .figure($0.interval.high)), ("p", .figure($0.p)), ("direction", .code($0.direction)),
                    ])
                }
            ),
        ])
    }
}

extension OverduePublication {
    var json: JSON {
        .object([
            ("reference", .text(reference)), ("title", .text(title)), ("authorityName", .text(authorityName)),
            ("signedOffOn", .of(signedOffOn)), ("dueOn", .of(dueOn)), ("daysOverdue", .int(daysOverdue)),
            ("delayReason", .code(delayReason)), ("delayText", .text(delayText)), ("delayUntil", .of(delayUntil)),
            ("renewals", .int(renewals)),
        ])
    }
}
