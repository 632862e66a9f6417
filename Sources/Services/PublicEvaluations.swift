import Domain
import Postgres

/// What anybody may know of evaluations without signing in: protocols with their amendments, reports whatever they say,
/// and by title what should be public and is not. Read from the views of the schema `published`, and from nothing else.
public struct PublicEvaluations: Sendable {
    let platform: Platform

    /// Protocols in force, newest first.
    public func protocols(page: PageRequest = PageRequest()) async throws -> Page<PublishedProtocolRow> {
        let after = try page.keys(1)
        let rows = try await platform.open(
            "public.protocols", PublishedEvaluationStatements.protocols(after: after?[0], limit: page.limit).many)
        return Page(rows, page) { [$0.reference] }
    }

    /// One protocol with all its versions and what changed between them.
    public func `protocol`(_ reference: String) async throws -> PublishedProtocol {
        let (versions, designs, indicators, settings) = try await platform.open(
            "public.protocol", PublishedEvaluationStatements.versions(reference).many,
            EvaluationStatements.designs.many,
            BidSectionStatements.indicators.many, EvaluationStatements.settings.many)
        guard let newest = versions.first else { throw Refusal.notFound("protocol") }
        let forms = EvaluationReference(designs, indicators, settings)
        let records = versions.map(\.version)
        return PublishedProtocol(
            head: newest.head, form: forms.planForm,
            versions: try records.map { try EvaluationPlans.version($0, records, forms) },
            canonicalTexts: Dictionary(versions.map { ($0.version.number, $0.canonicalText) }) { first, _ in first })
    }

    /// Reports, newest first; of a withdrawn one the notice.
    public func reports(page: PageRequest = PageRequest()) async throws -> Page<PublishedReportRow> {
        let after = try page.keys(2).map { (try Keys.instant($0[0]), $0[1]) }
        let rows = try await platform.open(
            "public.reports", PublishedEvaluationStatements.reports(after: after, limit: page.limit).many)
        return Page(rows, page) { ["\($0.publishedAt)", $0.reference] }
    }

    /// One report: the same for a null, a negative and a positive result.
    public func report(_ reference: String) async throws -> PublishedReport {
        let (found, results, versions, designs, indicators, settings) = try await platform.open(
            "public.report", PublishedEvaluationStatements.report(reference).optional,
            PublishedEvaluationStatements.results(reference).many,
            PublishedEvaluationStatements.reportVersions(reference).many, EvaluationStatements.designs.many,
            BidSectionStatements.indicators.many, EvaluationStatements.settings.many)
        let record = try found.orNotFound("report")
        let forms = EvaluationReference(designs, indicators, settings)
        let answers = try record.json.map { try forms.reportForm.answers(json: $0) }
        return PublishedReport(
            head: record.head, form: forms.reportForm, answers: answers,
            facts: answers.map { ReportFacts($0, designs: designs) }, results: results, versions: versions,
            thresholds: forms.thresholds)
    }

    /// Reports that are signed off and not public: overdue, or delayed, by title.
    public func overdue() async throws -> [OverduePublication] {
        try await platform.open("public.overdue", PublishedEvaluationStatements.overdue.many)
    }

    /// Every evaluation that was planned, also those that ended without a report.
    public func evaluations(page: PageRequest = PageRequest()) async throws -> Page<PublishedEvaluationRow> {
        let after = try page.keys(1)
        let rows = try await platform.open(
            "public.evaluations", PublishedEvaluationStatements.evaluations(after: after?[0], limit: page.limit).many)
        return Page(rows, page) { [$0.reference] }
    }
}
