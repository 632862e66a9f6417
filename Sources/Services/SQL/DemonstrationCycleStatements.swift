import Domain
import Postgres

// Versions that the demonstration names when it moves awards, claims and returns, and time that it helps along.

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

    static func batchVersion(_ id: PaymentBatchID) -> Statement<Int> {
        Statement("demonstration.batch_version", "select version from payment_batch where id = \(id)") { row in
            try row.read()
        }
    }

    static func returnVersion(_ id: MonitoringReturnID) -> Statement<Int> {
        Statement("demonstration.return_version", "select version from monitoring_return where id = \(id)") { row in
            try row.read()
        }
    }

    /// A return and the days that it is about.
    struct Period: Sendable {
        let id: MonitoringReturnID
        let from: Day
        let to: Day
    }

    /// The returns of an award whose period has ended, in order.
    static func ended(of award: AwardID) -> Statement<Period> {
        Statement(
            "demonstration.returns",
            """
            select id, period_from, period_to from monitoring_return
            where award_id = \(award) and state <> 'scheduled' order by sequence
            """
        ) { row in try Period(id: row.read(), from: row.read(), to: row.read()) }
    }

    /// Follow-ups as if the award had been closed two years ago.
    static func setFollowUpsDue(of award: AwardID) -> Statement<Void> {
        Statement(
            "demonstration.set_follow_ups_due",
            """
            update follow_up set opens_on = public.london_today() - 10, due_on = public.london_today() + 20,
                version = version + 1
            where award_id = \(award) and months <= 24
            """)
    }

    static func organisation(named name: String) -> Statement<OrganisationID> {
        Statement("demonstration.organisation", "select id from organisation where name = \(name)") { row in
            try row.read()
        }
    }
}
