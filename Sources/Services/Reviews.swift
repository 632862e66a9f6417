public import Domain
import FoundationEssentials
import Postgres

/// Reviews of protocols and reports: what a person reads of them.
public struct Reviews: Sendable {
    let platform: Platform

    /// The actor's own: what waits first, the first due first.
    public func mine(_ actor: Actor, page: PageRequest = PageRequest()) async throws -> Page<ReviewRow> {
        let after = try page.keys(3).map {
            (try Keys.number($0[0]), try Keys.day($0[1]), try Keys.id($0[2], of: Review.self))
        }
        let (subject, rows) = try await platform.read(
            "reviews.mine", actor, ReviewStatements.mine(after: after, limit: page.limit).many)
        _ = try Permission.authorise(.reviewList, subject: subject)
        return Page(rows, page) { row in
            [[.final, .declined, .withdrawn].contains(row.state) ? "1" : "0", "\(row.dueOn)", "\(row.id)"]
        }
    }

    /// Submissions that wait for the review lead.
    public func desk(_ actor: Actor) async throws -> [DeskRow] {
        let (subject, rows) = try await platform.read("reviews.desk", actor, ReviewStatements.desk.many)
        _ = try Permission.authorise(.reviewList, subject: subject)
        return rows
    }

    /// Everything a review's page shows.
    public func detail(_ actor: Actor, _ id: ReviewID) async throws -> ReviewDetail {
        let (
            subject, found, criteria, anchors, scores, items, notes, declarations, sentPlan, sentReport, designs,
            indicators,
            settings, planned
        ) = try await platform.read(
            "reviews.detail", actor, ReviewStatements.find(id).optional,
            ReviewStatements.criteria(ReviewStatements.version(of: id)).many,
            ReviewStatements.anchors(ReviewStatements.version(of: id)).many, ReviewStatements.scores(id).many,
            ReviewStatements.items(id).many, ReviewStatements.notes(id).many,
            ReviewStatements.declarations(of: id).many,
            EvaluationPaperStatements.submission(ofPlan: id).optional,
            EvaluationPaperStatements.submission(ofReport: id).optional, EvaluationStatements.designs.many,
            BidSectionStatements.indicators.many, EvaluationStatements.settings.many,
            EvaluationPlanStatements.version(ofReview: id).optional)
        let record = try found.orNotFound("review")
        _ = try Permission.authorise(.reviewRead, subject: subject, facts: record.facts(for: subject))
        let isOwn = record.review.reviewer == subject.person
        let reference = EvaluationReference(designs, indicators, settings)
        let rubric = Rubric(version: record.rubricVersion, criteria: criteria, anchors: anchors)
        let form = record.review.kind == .protocol ? reference.planForm : reference.reportForm
        // Nothing of what is to be judged is shown before interests are declared and clear.
        let opens = !isOwn || record.review.state.opensContent
        let answers = opens ? try (sentPlan ?? sentReport).map { try form.answers(json: $0.json) } : nil
        let plan = try planned.map { PlanFacts(try reference.planForm.answers(json: $0.json), designs: designs) }
        let visible = isOwn || !scores.isEmpty
        return ReviewDetail(
            review: record.review, title: record.title, paperReference: record.paperReference, plan: record.plan,
            report: record.report, authorityName: record.of.authorityName, reviewerName: record.reviewerName,
            reviewerOrganisation: record.reviewerOrganisation, rubric: rubric, estimatesImpact: record.estimatesImpact,
            scores: visible ? Self.complete(scores, rubric, record.review.kind) : [], scoresVisible: visible,
            items: items,
            notes: notes, declarations: declarations, form: form, answers: answers,
            messages: record.review.kind == .report
                ? answers.map {
                    EvaluationReportRules.messages(
                        ReportFacts($0, designs: designs),
                        plan: plan ?? PlanFacts(Questionnaire.Answers(), designs: designs),
                        thresholds: reference.thresholds)
                } ?? [] : [],
            warnings: record.review.kind == .protocol
                ? answers.map {
                    EvaluationPlanRules.warnings(PlanFacts($0, designs: designs), thresholds: reference.thresholds)
                } ?? [] : [],
            problems: isOwn ? ReviewRules.problems(scores, rubric: rubric, kind: record.review.kind) : [],
            reason: record.reason, signedAt: record.signedAt,
            allowed: Self.allowed(record, subject, declarations), isOwn: isOwn)
    }

    /// The review lead's desk for one plan.
    public func desk(_ actor: Actor, plan id: EvaluationPlanID) async throws -> DeskDetail {
        try await desk(actor, .plan(id))
    }

    /// The review lead's desk for one report.
    public func desk(_ actor: Actor, report id: EvaluationReportID) async throws -> DeskDetail {
        try await desk(actor, .report(id))
    }

    /// How far reviewers agree, over all submissions that this actor may see.
    public func agreement(_ actor: Actor, kind: Review.Kind? = nil) async throws -> RaterAgreementView {
        let (subject, pairs, criteria) = try await platform.read(
            "reviews.agreement", actor, ReviewStatements.pairs(kind: kind).many,
            ReviewStatements.criteria(ReviewStatements.newest).many)
        guard Permission.allows(.reviewCompare, subject: subject, facts: Self.anyEvaluation(subject)) else {
            throw Action.reviewCompare.permission.refusal
        }
        func kappa(_ pairs: [ScorePair], _ weights: RaterAgreement.Weights) -> RaterAgreement.Kappa {
            ReviewRules.agreement(pairs.map { ($0.first, $0.second) }, weights: weights)
        }
        return RaterAgreementView(
            linear: kappa(pairs, .linear), quadratic: kappa(pairs, .quadratic),
            criteria: criteria.map { criterion in
                (criterion.code, criterion.title, kappa(pairs.filter { $0.criterion == criterion.code }, .quadratic))
            })
    }

    /// Facts of no evaluation in particular: of another organisation than the actor's.
    private static func anyEvaluation(_ subject: Subject) -> Permission.Facts {
        Permission.Facts(organisation: OrganisationID(rawValue: UUID()))
    }

    // MARK: The desk

    private func desk(_ actor: Actor, _ paper: EvaluationPaper) async throws -> DeskDetail {
        let parts = try await load(actor, paper)
        let subject = parts.subject
        let facts = parts.of.facts(for: subject)
        guard Permission.allows(.reviewCompare, subject: subject, facts: facts) else {
            // Whoever may see the paper is told whose desk this is; for everybody else it is not there.
            _ = try Permission.authorise(
                paper.isPlan ? .evaluationPlanRead : .evaluationReportRead, subject: subject, facts: facts)
            throw Action.reviewCompare.permission.refusal
        }
        let current = parts.reviews.filter { $0.review.submission == parts.submission }
        let finals = current.filter { $0.review.state == .final }
        let scores = finals.map { final in parts.scores.filter { $0.review == final.review.id }.map(\.score) }
        let rulings = parts.rulings.filter { $0.submission == parts.submission }
        let impact = parts.plan.map(\.estimatesImpact) ?? false
        let verdict = ReviewRules.verdict(
            scores, rulings: Dictionary(rulings.map { ($0.criterion, $0.value) }) { _, new in new },
            rubric: parts.rubric, kind: paper.kind, estimatesImpact: impact, thresholds: parts.reference.review)
        let pairs = verdict.standings.filter { $0.values.count >= 2 }.map { ($0.values[0], $0.values[1]) }
        let mayInvite =
            parts.isUnderReview && Permission.allows(.reviewInvite, subject: subject, facts: facts)
        return DeskDetail(
            kind: paper.kind, reference: parts.name, title: parts.title, authorityName: parts.of.authorityName,
            state: parts.state, version: parts.version, submission: parts.submission,
            reviews: parts.reviews.map {
                DeskReview(
                    review: $0.review, reviewerName: $0.reviewerName, reviewerOrganisation: $0.reviewerOrganisation,
                    allowed: Self.allowed($0, subject, []))
            }, verdict: verdict, rulings: parts.rulings, items: parts.items, agreement: ReviewRules.agreement(pairs),
            candidates: mayInvite ? parts.candidates : [], messages: parts.messages, warnings: parts.warnings,
            needsReason: paper.isPlan
                && (parts.plan.map { EvaluationPlanRules.hasFewClusters($0, thresholds: parts.reference.thresholds) }
                    ?? false),
            planEvents: parts.planEvents, reportEvents: parts.reportEvents, mayInvite: mayInvite)
    }

    /// What the desk is made of.
    private struct Parts: Sendable {
        let subject: Subject
        let of: EvaluationRecord
        let name: String
        let title: String
        let state: String
        let version: Int
        let submission: Int
        let reviews: [ReviewRecord]
        let scores: [PaperScore]
        let items: [ReviewItemView]
        let rulings: [AdjudicationView]
        let candidates: [ReviewerChoice]
        let rubric: Rubric
        let reference: EvaluationReference
        let plan: PlanFacts?
        let messages: [EvaluationReportRules.Message]
        let warnings: [String]
        let planEvents: [EvaluationPlanEvent]
        let reportEvents: [EvaluationReportEvent]

        var isUnderReview: Bool { ["submitted", "in_review", "peer_review"].contains(state) }
    }

    private func load(_ actor: Actor, _ paper: EvaluationPaper) async throws -> Parts {
        let (
            subject, plan, report, reviews, scores, items, rulings, candidates, criteria, anchors, sent, planned,
            designs,
            indicators, settings
        ) = try await platform.read(
            "reviews.desk_of_paper", actor, EvaluationPlanStatements.find(paper.plan).optional,
            EvaluationReportStatements.find(paper.report).optional, ReviewStatements.of(paper).many,
            ReviewStatements.scores(of: paper).many, ReviewStatements.items(of: paper).many,
            ReviewStatements.rulings(of: paper).many, ReviewStatements.candidates(paper).many,
            ReviewStatements.criteria(ReviewStatements.newest).many,
            ReviewStatements.anchors(ReviewStatements.newest).many,
            EvaluationPaperStatements.submission(paper).optional,
            EvaluationPlanStatements.version(of: paper.report).optional, EvaluationStatements.designs.many,
            BidSectionStatements.indicators.many, EvaluationStatements.settings.many)
        let of = try (plan?.of ?? report?.of).orNotFound(paper.noun)
        let reference = EvaluationReference(designs, indicators, settings)
        let answers = try sent.map { try reference.form(paper).answers(json: $0.json) }
        let planJSON = paper.isPlan ? sent?.json : planned?.json
        let facts = try planJSON.map { PlanFacts(try reference.planForm.answers(json: $0), designs: designs) }
        let permission = of.facts(for: subject)
        return Parts(
            subject: subject, of: of, name: plan?.plan.reference ?? report?.report.reference ?? "",
            title: report?.report.title ?? of.evaluation.title,
            state: plan?.plan.state.rawValue ?? report?.report.state.rawValue ?? "",
            version: plan?.plan.version ?? report?.report.version ?? 0,
            submission: plan?.plan.submission ?? report?.report.submission ?? 0, reviews: reviews, scores: scores,
            items: items, rulings: rulings, candidates: candidates,
            rubric: Rubric(version: 0, criteria: criteria, anchors: anchors), reference: reference, plan: facts,
            messages: paper.isPlan
                ? []
                : answers.map {
                    EvaluationReportRules.messages(
                        ReportFacts($0, designs: designs),
                        plan: facts ?? PlanFacts(Questionnaire.Answers(), designs: designs),
                        thresholds: reference.thresholds)
                } ?? [],
            warnings: paper.isPlan
                ? facts.map { EvaluationPlanRules.warnings($0, thresholds: reference.thresholds) } ?? [] : [],
            planEvents: plan.map {
                offered(EvaluationPlanEvent.self, from: $0.plan.state, to: subject, facts: permission, as: \.action)
            } ?? [],
            reportEvents: report.map {
                offered(EvaluationReportEvent.self, from: $0.report.state, to: subject, facts: permission, as: \.action)
            } ?? [])
    }

    /// One score for each criterion, blank where there is none yet.
    static func complete(_ scores: [ReviewScore], _ rubric: Rubric, _ kind: Review.Kind) -> [ReviewScore] {
        rubric.criteria(for: kind).map { criterion in
            scores.first { $0.criterion == criterion.code }
                ?? ReviewScore(criterion: criterion.code, value: nil, rationale: "")
        }
    }

    /// What a page may offer: the reviewer's acts to the reviewer, the review lead's to others.
    static func allowed(_ record: ReviewRecord, _ subject: Subject, _ declarations: [DeclarationView]) -> [ReviewEvent]
    {
        let own = record.review.reviewer == subject.person
        return offered(
            ReviewEvent.self, from: record.review.state, to: subject, facts: record.facts(for: subject), as: \.action
        ).filter { event in
            switch event {
            case .accept, .decline, .submit, .clarify, .declareInterest: own
            case .begin: own && ["in_review", "peer_review"].contains(record.paperState)
            case .checkInterests: own
            case .askToClarify, .finalise, .manage, .recuse, .release: !own
            case .invite: false
            }
        }
    }
}

extension ReviewEvent {
    /// The permission that the event needs.
    var action: Action? {
        switch self {
        case .invite: .reviewInvite
        case .accept: .reviewAccept
        case .decline: .reviewDecline
        case .checkInterests: .reviewCheckInterests
        case .begin: .reviewBegin
        case .submit: .reviewSubmit
        case .askToClarify: .reviewAskToClarify
        case .clarify: .reviewClarify
        case .finalise: .reviewFinalise
        case .declareInterest: .reviewDeclareInterest
        case .manage: .reviewManage
        case .recuse: .reviewRecuse
        case .release: .reviewRelease
        }
    }

    /// As a notice says it. Never whose review it is.
    var headline: String {
        switch self {
        case .invite: "was asked of you"
        case .accept: "was accepted"
        case .decline: "was declined"
        case .checkInterests: "may begin"
        case .begin: "has begun"
        case .submit: "was handed in"
        case .askToClarify: "needs a clarification"
        case .clarify: "was clarified"
        case .finalise: "is final"
        case .declareInterest: "waits for a ruling on a declared interest"
        case .manage: "may go on"
        case .recuse, .release: "is no longer asked of you"
        }
    }
}
