import Domain
import Foundation
import Postgres

@testable import Services

/// A stage with an award in force whose evaluation has published a report. The report is put there without its own story,
/// which other suites tell.
struct EvidenceStage {
    let award: AwardStage
    let report: EvaluationReportID

    var services: Touchstone { award.services }
    var test: Fund { award.stage.test }
    func actor(_ key: String) throws -> Actor { try award.actor(key) }

    static let reason = "Because of what was found on looking at it."

    /// Runs a test on such a stage.
    static func run(comparator: String = "business_as_usual", _ body: (EvidenceStage) async throws -> Void) async throws
    {
        try await AwardStage.runActive { award in
            try await body(try on(award, comparator: comparator))
        }
    }

    /// The same for an award that is in force already.
    static func on(_ award: AwardStage, comparator: String = "business_as_usual") throws -> EvidenceStage {
        let report = EvaluationReportID.fresh()
        try publish(report, of: award, comparator: comparator)
        return EvidenceStage(award: award, report: report)
    }

    /// A follow-up of the award that is open.
    func openFollowUp() throws -> FollowUpID {
        let id = FollowUpID.fresh()
        try Self.replica(
            test.name,
            """
            insert into public.follow_up (id, reference, award_id, bid_id, organisation_id, months, opens_on, due_on, state, last_event, transition_seq, version)
                select '\(id)', 'FUP-2026-9001', a.id, a.bid_id, a.organisation_id, 6, current_date, current_date + 30, 'open', 'open', 2, 2
                from public.award a where a.id = '\(award.award)'
            """)
        return id
    }

    /// Puts a published report of a trial of 1,511 families under an award's evaluation.
    private static func publish(_ report: EvaluationReportID, of award: AwardStage, comparator: String) throws {
        let plan =
            #"{"design": {"design": "rct_individual", "comparator": "\#(comparator)"}, "sample": {"mdes": "0.19"}}"#
        let content =
            #"{"summary": {"plainLanguage": "Fewer children were in care."}, "methods": {"followUpMonths": 12}}"#
        try replica(
            award.stage.test.name,
            """
            insert into public.evaluation (id, reference, award_id, bid_id, organisation_id, title, inception_due, protocol_due)
                select gen_random_uuid(), 'EVL-2026-9001', a.id, a.bid_id, a.organisation_id, 'A trial', current_date, current_date
                from public.award a where a.id = '\(award.award)' on conflict do nothing;
            insert into public.evaluation_plan (id, reference, evaluation_id, award_id, bid_id, organisation_id, state, approved_version, submission)
                select gen_random_uuid(), 'EPL-2026-9001', e.id, e.award_id, e.bid_id, e.organisation_id, 'active', 1, 1
                from public.evaluation e where e.award_id = '\(award.award)' on conflict do nothing;
            insert into public.evaluation_plan_version (plan_id, number, submission, content, canonical_text, content_hash)
                select p.id, 1, 1, '\(plan)', 'x', sha256('x') from public.evaluation_plan p where p.award_id = '\(award.award)';
            insert into public.evaluation_report (id, reference, evaluation_id, plan_id, award_id, bid_id, organisation_id, kind, title, submission,
                    published_version, plan_version, direction, state, last_event, transition_seq, version, published_at, signed_off_at, created_by)
                select '\(report)', 'EVR-2026-9001', p.evaluation_id, p.id, p.award_id, p.bid_id, p.organisation_id, 'final', 'A trial of conferences', 1,
                    1, 1, 'positive', 'published', 'publish', 7, 7, now(), now(), (select id from public.person limit 1)
                from public.evaluation_plan p where p.award_id = '\(award.award)';
            insert into public.evaluation_report_submission (report_id, number, plan_version, content, canonical_text, content_hash, submitted_by)
                values ('\(report)', 1, 1, '\(content)', 'x', sha256('x'), (select id from public.person limit 1));
            insert into public.evaluation_report_version (report_id, number, submission, content, canonical_text, content_hash, direction)
                values ('\(report)', 1, 1, '\(content)', 'x', sha256('x'), 'positive');
            insert into public.report_flow (report_id, submission, assessed, randomised, analysed, attrition_overall)
                values ('\(report)', 1, 1600, 1511, 1471, 2.6);
            insert into public.report_arm (report_id, submission, position, arm, allocated, lost, analysed)
                values ('\(report)', 1, 1, 'Intervention', 755, 20, 735), ('\(report)', 1, 2, 'Usual service', 756, 20, 736);
            """)
    }

    /// Statements as the superuser, with no trigger looking.
    static func replica(_ database: String, _ sql: String) throws {
        try TestDatabase.psql(["-c", "set session_replication_role = replica; " + sql], database: database)
    }

    /// The report is corrected, as its own machine would do it.
    func correctReport() throws {
        try TestDatabase.psql(
            [
                "-c",
                """
                begin; set local session_replication_role = replica;
                insert into public.evaluation_report_version (report_id, number, submission, content, canonical_text, content_hash, direction, note)
                    select report_id, 2, 1, content, canonical_text, content_hash, direction, 'A limitation was missing.'
                    from public.evaluation_report_version where report_id = '\(report)';
                update public.evaluation_report set published_version = 2 where id = '\(report)';
                set local session_replication_role = origin;
                alter table public.evaluation_report disable trigger user;
                alter table public.evaluation_report enable trigger evaluation_report_zz_evidence;
                update public.evaluation_report set state = 'corrected', last_event = 'correct', transition_seq = transition_seq + 1, version = version + 1
                    where id = '\(report)';
                alter table public.evaluation_report enable trigger user; commit;
                """,
            ], database: test.name)
    }

    // MARK: The steps

    /// A practice of authority 919, published and linked to the award.
    func practice(_ name: String = "Family group conferences") async throws -> PracticeID {
        var content = Practice.Content()
        content.name = name
        content.summary = "Families lead the plan for their children."
        content.coreComponents = ["An independent coordinator", "Private family time"]
        content.population = "Families before care proceedings"
        content.originator = try await test.authority("919")
        let id = try await services.practices.create(try actor("officer"), content)
        try await services.practices.move(try actor("reviewer"), id, .check, version: 1)
        try await services.practices.move(try actor("officer"), id, .publish, version: 2)
        try await services.practices.link(try actor("officer"), id, to: award.bid.id, as: .origin)
        return id
    }

    /// A rating as the rules propose it, or at another level.
    func proposed(_ practice: PracticeID, level: EvidenceLevel? = nil) async throws -> EvidenceRatingID {
        let id = try await services.ratings.open(try actor("reviewer2"), practice)
        let detail = try await services.ratings.detail(try actor("reviewer2"), id)
        var content = EvidenceRating.Content()
        content.sms = detail.proposal?.sms
        content.padlock = detail.proposal?.padlock
        content.level = level ?? detail.proposal?.level
        content.direction = detail.proposal?.direction
        content.consistency = detail.proposal?.consistency
        content.rationale = "One large trial in five places, with little attrition and a clear result."
        content.departureReason = level == nil ? "" : "The panel will see why from the process evaluation."
        try await services.ratings.propose(try actor("reviewer2"), id, version: 1, content)
        return id
    }

    func agreed(_ practice: PracticeID, level: EvidenceLevel? = nil) async throws -> EvidenceRatingID {
        let id = try await proposed(practice, level: level)
        try await services.ratings.move(try actor("reviewer2"), id, .sendToPanel, version: 2)
        for key in ["panel", "panel2"] {
            let detail = try await services.ratings.detail(try actor(key), id)
            _ = try await services.ratings.vote(
                try actor(key), id, version: detail.rating.version, contentHash: detail.rating.contentHash ?? "",
                agrees: true, note: "")
        }
        return id
    }

    /// An option with its pack assembled.
    func option(_ practice: PracticeID) async throws -> AdoptionDecisionID {
        var content = AdoptionDecision.Content()
        content.title = "Conferences everywhere"
        content.question = "Should every authority offer family group conferences?"
        content.expectedCost = Money(pounds: 2_000_000)
        content.reachAuthorities = 100
        let id = try await services.adoptionDecisions.identify(
            try actor("officer2"), practice, in: try await award.programme, content)
        try await services.adoptionDecisions.move(try actor("officer2"), id, .assemble, version: 1)
        return id
    }

    func advice(_ id: AdoptionDecisionID, _ what: AdoptionDecision.Recommendation = .scale) async throws
        -> AdoptionDecision.Advice
    {
        let detail = try await services.adoptionDecisions.detail(try actor("officer2"), id)
        var advice = AdoptionDecision.Advice()
        advice.recommendation = what
        advice.reason = "The trial found fewer children in care."
        advice.citations = detail.pack.filter { $0.kind == .report }.map { .init(evidence: $0.id, bearing: .supports) }
        return advice
    }

    static var override: AdoptionDecision.Override {
        var override = AdoptionDecision.Override()
        override.reason = "Families cannot wait for the report."
        override.evidenceToFollow = "The impact report of the pathfinder."
        override.evidenceDue = Day("2031-01-01")
        override.stopRule = "It stops when the report finds no benefit."
        return override
    }

    func announced(_ practice: PracticeID, _ change: (inout AdoptionDecision.Advice) -> Void = { _ in }) async throws
        -> AdoptionDecisionID
    {
        let id = try await option(practice)
        var advice = try await advice(id)
        change(&advice)
        try await services.adoptionDecisions.recommend(try actor("officer2"), id, version: 2, advice)
        try await services.adoptionDecisions.move(try actor("approver2"), id, .approve, version: 3)
        try await services.adoptionDecisions.move(try actor("senior"), id, .announce, version: 4)
        return id
    }

    /// An authority adopts.
    func adopted(_ practice: PracticeID, by authority: String = "840") async throws -> AdoptionID {
        let certifier = try actor("\(authority).certifier")
        let id = try await services.adoptions.declare(certifier, practice, Adoption.Content())
        var content = Adoption.Content()
        content.startedOn = try await services.subject(certifier).now.londonDay.adding(days: -30)
        content.coverage = 6000
        try await services.adoptions.move(certifier, id, .adopt, version: 1, content)
        return id
    }
}
