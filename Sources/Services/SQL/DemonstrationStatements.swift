import Domain
import FoundationEssentials
import Postgres

/// What the operator does for the demonstration, on the owner's connection.
enum DemonstrationStatements {
    enum Found: String, PostgresConvertible {
        case none, partial, complete
    }

    static let found = Statement<Found>(
        "demonstration.found",
        """
        select case
            when exists (select from setting where code = 'demonstration_loaded') then 'complete'
            when exists (select from person where email like '%.example') then 'partial'
            else 'none' end
        """
    ) { row in try row.read() }

    static let indicators = Statement<String>(
        "demonstration.indicators",
        """
        select code from indicator where active and unit = 'percent' and polarity = 'low' order by code <> 'REREF', code
        """
    ) { row in try row.read() }

    static let markLoaded = Statement<Void>(
        "demonstration.mark",
        """
        insert into setting (code, value, meaning, source)
        values ('demonstration_loaded', now()::text, 'When the demonstration fund was loaded.', 'touchstone demo')
        """)

    static let endSessions = Statement<Void>(
        "demonstration.end_sessions",
        """
        update auth.session set ended_at = now(), end_reason = 'demonstration loaded'
        where label = 'demonstration' and kind = 'web' and ended_at is null
        """)

    static let revokeTokens = Statement<Void>(
        "demonstration.revoke_tokens",
        """
        update auth.session set ended_at = now(), end_reason = 'replaced'
        where label = 'demonstration' and kind = 'api' and ended_at is null
        """)

    static func addToken(_ email: String, key: [UInt8]) -> Statement<Void> {
        Statement(
            "demonstration.add_token",
            """
            insert into auth.session (id, person_id, kind, key, level, label, scope, idle_limit, expires_at,
                stepped_up_at)
            select public.uuid7(), p.id, 'api', \(Bytes(key)), 'full', 'demonstration', 'write', interval '7 days',
                now() + interval '7 days', now()
            from person p where p.email = \(email) and p.state = 'active'
            """)
    }

    static func addOrganisation(_ organisation: DemonstrationCast.Organisation) -> Statement<Void> {
        Statement(
            "demonstration.add_organisation",
            """
            insert into organisation (id, kind, name) values (public.uuid7(), \(organisation.kind),
                \(organisation.name))
            """)
    }

    /// One account with all that it needs to act.
    struct Account: Sendable {
        let person: PersonID
        let role: DemonstrationCast.Account
        let invitation: Credential
        let salt: [UInt8]
        let cost: Argon2Cost
        let verifier: [UInt8]
        let seed: [UInt8]?
        let session: Credential
    }

    /// Invited and accepted by the database's own doors; then capacities, second factor, limit and session.
    static func make(_ account: Account) -> [Step<Void>] {
        var steps = [
            invite(account).done, accept(account).done, capacities(account).done,
        ]
        if let seed = account.seed {
            steps.append(
                Statement(
                    "demonstration.totp",
                    """
                    insert into auth.totp (person_id, sealed, confirmed_at)
                    values (\(account.person), \(Bytes(seed)), now())
                    """
                ).done)
        }
        if let delegation = account.role.delegation {
            steps.append(contentsOf: delegate(account.person, delegation.tier, delegation.limit))
        }
        steps.append(session(account).done)
        return steps
    }

    private static func invite(_ account: Account) -> Statement<Void> {
        let home: SQL =
            switch account.role.home {
            case .authority(let code): "dfe_code = \(code)"
            case .other(let name): "name = \(name)"
            }
        return Statement(
            "demonstration.invite",
            """
            select auth.invite(null, \(Identifier<Account>.fresh()), \(Bytes(account.invitation.key)),
                \(account.person), o.id,
                \(account.role.role), \(account.role.email), \(account.role.name), false, interval '1 day')
            from organisation o where \(home)
            """)
    }

    private static func accept(_ account: Account) -> Statement<Void> {
        Statement(
            "demonstration.accept",
            """
            select auth.accept_invitation(\(Bytes(account.invitation.bytes)), \(Bytes(account.salt)),
                \(Int32(account.cost.memoryKiB)), \(Int32(account.cost.iterations)), \(Int32(account.cost.parallelism)),
                \(Bytes(account.verifier)))
            """)
    }

    private static func capacities(_ account: Account) -> Statement<Void> {
        Statement(
            "demonstration.capacities",
            """
            insert into capacity (id, person_id, role, code, valid_from)
            select public.uuid7(), \(account.person), \(account.role.role), c, public.london_today() - 30
            from unnest(\(account.role.capacities.map(\.rawValue))) as c
            """)
    }

    private static func session(_ account: Account) -> Statement<Void> {
        Statement(
            "demonstration.session",
            """
            insert into auth.session (id, person_id, kind, key, level, label, idle_limit, expires_at, stepped_up_at)
            values (public.uuid7(), \(account.person), 'web', \(Bytes(account.session.key)), 'full', 'demonstration',
                interval '1 hour', now() + interval '1 hour', now())
            """)
    }

    /// A limit in force for the current year.
    static func delegate(_ person: PersonID, _ tier: String, _ limit: Money) -> [Step<Void>] {
        let id = DelegationID.fresh()
        return [
            Statement<Void>(
                "demonstration.delegate",
                """
                insert into delegation (id, person_id, tier, max_amount, instrument_ref, valid_from, valid_to)
                values (\(id), \(person), \(tier), \(limit), 'Demonstration letter of delegation',
                    public.london_today() - 30, public.london_today() + 335)
                """
            ).done,
            Statement<Void>(
                "demonstration.activate",
                """
                update delegation set state = 'active', last_event = 'activate', transition_seq = transition_seq + 1,
                    version = version + 1 where id = \(id)
                """
            ).done,
        ]
    }

    /// Time passes: the round opened and closes when it is said.
    static func setTimes(_ round: RoundID, opens: Instant, closes: Instant) -> Statement<Void> {
        Statement(
            "demonstration.set_times",
            """
            update round set opens_at = \(opens), closes_at = \(closes), version = version + 1 where id = \(round)
            """)
    }

    /// An approval whose offer nobody accepted in time.
    static func setLapsed(_ approval: ApprovalID) -> Statement<Void> {
        Statement(
            "demonstration.set_lapsed",
            "update approval set lapses_at = now() - interval '1 day', version = version + 1 where id = \(approval)")
    }

    /// A limit whose last day has passed.
    static func setExpired(_ delegation: DelegationID) -> Statement<Void> {
        Statement(
            "demonstration.set_expired",
            """
            update delegation set valid_from = least(valid_from, public.london_today() - 60),
                valid_to = public.london_today() - 1, version = version + 1 where id = \(delegation)
            """)
    }

    static func roundVersion(_ id: RoundID) -> Statement<Int> {
        Statement("demonstration.round_version", "select version from round where id = \(id)") { row in try row.read() }
    }

    static func approvalVersion(_ id: ApprovalID) -> Statement<ApprovalHead> {
        Statement(
            "demonstration.approval_version",
            "select version, encode(content_hash, 'hex') from approval where id = \(id)"
        ) { row in try ApprovalHead(version: row.read(), hash: row.read()) }
    }

    /// What an approver must name.
    struct ApprovalHead: Sendable {
        let version: Int
        let hash: String
    }

    static func bidVersion(_ id: BidID) -> Statement<Int> {
        Statement("demonstration.bid_version", "select version from bid where id = \(id)") { row in try row.read() }
    }
}
