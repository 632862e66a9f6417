public import Domain
import Postgres

/// Organisations with their dated facts, and the registry of indicators.
public struct Organisations: Sendable {
    let platform: Platform

    /// Organisations by name.
    public func list(
        _ actor: Actor, page: PageRequest = PageRequest(), filter: OrganisationFilter = OrganisationFilter()
    ) async throws -> Page<OrganisationRow> {
        let keys = try page.keys(2)
        let (subject, rows) = try await platform.read(
            "organisations.list", actor, OrganisationStatements.list(filter, after: keys, limit: page.limit).many)
        _ = try Permission.authorise(.organisationList, subject: subject)
        return Page(rows, page) { [$0.organisation.name, $0.organisation.id.description] }
    }

    /// An organisation with its facts as at a day, today unless said.
    public func detail(_ actor: Actor, _ id: OrganisationID, asAt day: Day? = nil) async throws -> OrganisationDetail {
        let (subject, found, facts, history, neighbours, predecessors, successors) = try await platform.read(
            "organisations.detail", actor, OrganisationStatements.detail(id, asAt: day).optional,
            OrganisationStatements.facts(of: id, asAt: day).many, OrganisationStatements.history(of: id).many,
            OrganisationStatements.neighbours(of: id).many, OrganisationStatements.predecessors(of: id).many,
            OrganisationStatements.successors(of: id).many)
        _ = try Permission.authorise(.organisationRead, subject: subject)
        let (organisation, otherNames, asAt) = try found.orNotFound("organisation")
        return OrganisationDetail(
            organisation: organisation, otherNames: otherNames, asAt: asAt, facts: facts, history: history,
            neighbours: neighbours, predecessors: predecessors, successors: successors)
    }

    /// The indicators that bids choose from.
    public func indicators(_ actor: Actor) async throws -> [Indicator] {
        let (subject, indicators) = try await platform.read(
            "organisations.indicators", actor, OrganisationStatements.indicators.many)
        _ = try Permission.authorise(.indicatorList, subject: subject)
        return indicators
    }
}
