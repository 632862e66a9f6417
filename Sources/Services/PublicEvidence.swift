import Domain
import Postgres

/// What anybody may know of evidence, decisions and adoption without signing in.
public struct PublicEvidence: Sendable {
    let platform: Platform

    /// The most that a search answers with; who finds more narrows it.
    public static let hitsMost = 50
    /// The longest words that are searched for.
    public static let wordsMost = 200

    /// How much there is to read.
    public func counts() async throws -> PublicCounts {
        try await platform.open("public.counts", PublicEvidenceStatements.counts.one)
    }

    /// Practices, alphabetically.
    public func practices(page: PageRequest = PageRequest()) async throws -> Page<PublicPractice> {
        let after = try page.keys(2).map { ($0[0], $0[1]) }
        let rows = try await platform.open(
            "public.practices", PublicEvidenceStatements.practices(after: after, limit: page.limit).many)
        return Page(rows, page) { [$0.name, $0.reference] }
    }

    /// One practice with its ratings, decisions and adoptions.
    public func practice(_ reference: String) async throws -> (
        practice: PublicPractice, ratings: [PublicRating], decisions: [PublicDecision], adoptions: [PublicAdoption]
    ) {
        let (found, ratings, decisions, adoptions) = try await platform.open(
            "public.practice", PublicEvidenceStatements.practice(reference).optional,
            PublicEvidenceStatements.ratings(ofPractice: reference).many,
            PublicEvidenceStatements.decisions(ofPractice: reference).many,
            PublicEvidenceStatements.adoptions(ofPractice: reference).many)
        return (try found.orNotFound("practice"), ratings, decisions, adoptions)
    }

    /// Ratings in force, by name of the practice, with the thresholds that the rules go by.
    public func ratings(page: PageRequest = PageRequest()) async throws -> (
        page: Page<PublicRating>, thresholds: [EvidenceThreshold]
    ) {
        let after = try page.keys(2).map { ($0[0], $0[1]) }
        let (rows, thresholds) = try await platform.open(
            "public.ratings", PublicEvidenceStatements.ratings(after: after, limit: page.limit).many,
            EvidenceStatements.thresholds.many)
        return (Page(rows, page) { [$0.practice, $0.reference] }, thresholds.map(EvidenceThreshold.init))
    }

    /// One rating, also one that is superseded.
    public func rating(_ reference: String) async throws -> PublicRating {
        let found = try await platform.open("public.rating", PublicEvidenceStatements.rating(reference).optional)
        return try found.orNotFound("rating")
    }

    /// Roll-out decisions, the newest first.
    public func decisions(page: PageRequest = PageRequest()) async throws -> Page<PublicDecision> {
        let after = try page.keys(1)
        let rows = try await platform.open(
            "public.decisions", PublicEvidenceStatements.decisions(after: after?[0], limit: page.limit).many)
        return Page(rows, page) { [$0.reference] }
    }

    /// One decision with all that was on the table.
    public func decision(_ reference: String) async throws -> (decision: PublicDecision, pack: [EvidenceItem]) {
        let (found, pack) = try await platform.open(
            "public.decision", PublicEvidenceStatements.decision(reference).optional,
            PublicEvidenceStatements.pack(reference).many)
        return (try found.orNotFound("decision"), pack)
    }

    /// Searches the whole public record, the best match first.
    public func search(_ words: String) async throws -> [PublicHit] {
        let words = words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !words.isEmpty else { return [] }
        guard words.count <= Self.wordsMost else {
            throw Refusal.invalid([FieldProblem("q", "Search for at most \(Self.wordsMost) characters.")])
        }
        return try await platform.open(
            "public.search", PublicEvidenceStatements.search(words, limit: Self.hitsMost).many)
    }
}
