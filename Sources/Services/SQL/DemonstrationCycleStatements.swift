import Domain
import Postgres

// Versions that the demonstration names when it moves awards and claims.

extension DemonstrationStatements {
    /// What an authority or a signatory must name.
    struct AwardHead: Sendable {
        let version: Int
        /// Digest of the agreement; empty while it is drafted.
        let hash: String
    }

    static func awardHead(_ id: AwardID) -> Statement<AwardHead> {
        Statement(
            "demonstration.award_version",
            "select version, coalesce(encode(agreement_hash, 'hex'), '') from award where id = \(id)"
        ) { row in try AwardHead(version: row.read(), hash: row.read()) }
    }

    /// An offer whose time to accept has passed.
    static func setOfferExpired(_ award: AwardID) -> Statement<Void> {
        Statement(
            "demonstration.set_offer_expired",
            "update award set accept_by = public.london_today() - 1, version = version + 1 where id = \(award)")
    }

    static func claimVersion(_ id: ClaimID) -> Statement<Int> {
        Statement("demonstration.claim_version", "select version from claim where id = \(id)") { row in try row.read() }
    }

    static func organisation(named name: String) -> Statement<OrganisationID> {
        Statement("demonstration.organisation", "select id from organisation where name = \(name)") { row in
            try row.read()
        }
    }
}
