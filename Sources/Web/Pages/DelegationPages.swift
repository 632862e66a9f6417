import Domain
import Hummingbird
import Services

extension Done {
    static let delegationProposed = Done(rawValue: "delegation-proposed")
    static let delegationActivated = Done(rawValue: "delegation-activated")
    static let delegationRevoked = Done(rawValue: "delegation-revoked")
}

/// Delegated limits.
enum DelegationPages {
    static let routes: [Route] = [
        .page("/delegations", "delegationsPage", "Delegated limits", .delegationList, list),
        .page("/delegations/new", "newDelegationPage", "Propose a limit", .delegationPropose, showPropose),
        .page(.post, "/delegations/new", "proposeDelegationForm", "Propose a limit", .delegationPropose, propose),
        .page(
            .post, "/delegations/{id}/activation", "activateDelegationForm", "Put a limit into force",
            .delegationActivate, activate),
        .page(
            .post, "/delegations/{id}/revocation", "revokeDelegationForm", "Take a limit away", .delegationRevoke,
            revoke),
    ]

    @Sendable static func list(_ visit: Visit) async throws -> Response { visit.page(try await listPage(visit)) }

    private static func listPage(_ visit: Visit) async throws -> Page {
        let delegations = try await visit.core.delegations.list(visit.actor, page: visit.list)
        var content: [any Markup] = [
            Component.Paragraph(
                "A delegated limit is the most that a person may promise one recipient, over the whole life of an award, in one case."
            )
        ]
        if (try? visit.offer(.delegationPropose)) != nil {
            content.append(Component.ButtonLink(text: "Propose a limit", href: "/delegations/new"))
        }
        content += [table(delegations.rows, visit), visit.pagination(delegations.next)]
        return Page(
            "Delegated limits",
            banner: visit.banner([
                .delegationProposed: "The limit was proposed. Somebody else puts it into force.",
                .delegationActivated: "The limit is in force.", .delegationRevoked: "The limit was taken away.",
            ]), wide: true, content)
    }

    static func table(_ rows: [DelegationRow], _ visit: Visit) -> any Markup {
        Component.Table(
            caption: "Delegated limits",
            columns: [
                .init("Holder"), .init("Tier"), .init("Limit", numeric: true), .init("Valid"),
                .init("Rests on"), .init("State"), .init("Action", hidden: true),
            ],
            rows: rows.map { row in
                [
                    HTML(text: row.personName), HTML(text: row.delegation.tier),
                    HTML(text: row.delegation.limit.description),
                    HTML(text: "\(row.delegation.validFrom.spoken) to \(row.delegation.validTo.spoken)"),
                    HTML(text: row.instrument), row.delegation.state.tag, actions(row, visit),
                ]
            }, captionHidden: true, empty: "There are no delegated limits.")
    }

    private static func actions(_ row: DelegationRow, _ visit: Visit) -> HTML {
        let facts = Permission.Facts(organisation: visit.subject.organisation, person: row.delegation.person)
        var parts: [any Markup] = []
        if row.delegation.state == .proposed,
            Permission.allows(.delegationActivate, subject: visit.subject, facts: facts)
        {
            parts.append(
                PostForm(
                    action: "/delegations/\(row.delegation.id)/activation", csrf: visit.csrf,
                    content: [Component.Button("Put into force", style: .secondary)], version: row.version))
        }
        if [.proposed, .active].contains(row.delegation.state),
            Permission.allows(.delegationRevoke, subject: visit.subject, facts: facts)
        {
            parts.append(
                Component.Details(
                    summary: "Take away",
                    parts: [
                        PostForm(
                            action: "/delegations/\(row.delegation.id)/revocation", csrf: visit.csrf,
                            content: [
                                Component.TextInput(name: "reason-\(row.delegation.id)", label: "Why"),
                                Component.Button("Take the limit away", style: .warning),
                            ], version: row.version)
                    ]))
        }
        return .joined(parts)
    }

    @Sendable static func showPropose(_ visit: Visit) async throws -> Response {
        try visit.offer(.delegationPropose)
        return visit.page(try await proposePage(visit, nil))
    }

    private static func proposePage(_ visit: Visit, _ refusal: Refusal?) async throws -> Page {
        let form = visit.form
        let holders = try await visit.core.people.list(
            visit.actor, page: .init(size: Limit.pageSize), filter: .init(role: .department, state: .active))
        return Page(
            "Propose a delegated limit", back: "/delegations",
            [
                PostForm(
                    action: "/delegations/new", csrf: visit.csrf,
                    content: [
                        Component.Select(
                            name: "person", label: "Holder",
                            choices: holders.rows.map { .init($0.id.description, $0.name) },
                            value: form["person"], error: visit.problem("person", in: refusal)),
                        Component.TextInput(
                            name: "tier", label: "Tier", value: form["tier"],
                            hint: "As your scheme of delegation calls it", error: visit.problem("tier", in: refusal),
                            width: .twenty),
                        Component.money(
                            "limit", "Limit", value: form["limit"], error: visit.problem("limit", in: refusal)),
                        Component.TextInput(
                            name: "instrument", label: "Letter or minute that it rests on", value: form["instrument"],
                            error: visit.problem("instrument", in: refusal)),
                        Component.DateInput(
                            name: "from", legend: "First day", day: form["from-day"], month: form["from-month"],
                            year: form["from-year"],
                            error: visit.problem("from", in: refusal), legendSize: .small),
                        Component.DateInput(
                            name: "to", legend: "Last day", day: form["to-day"], month: form["to-month"],
                            year: form["to-year"],
                            error: visit.problem("to", in: refusal), legendSize: .small),
                        Component.Button("Propose"),
                    ])
            ])
    }

    @Sendable static func propose(_ visit: Visit) async throws -> Response {
        try visit.offer(.delegationPropose)
        return try await visit.submit {
            var answers = Form.Reader(visit.form)
            let person: PersonID? = answers.id("person")
            let (limit, from, to) = (answers.money("limit"), answers.day("from"), answers.day("to"))
            let names = Set(answers.problems.map(\.field))
            if person == nil { answers.refuse("person", "Choose who is to hold the limit") }
            if limit == nil, !names.contains("limit") { answers.refuse("limit", "Enter the limit in pounds") }
            if from == nil, !names.contains("from") { answers.refuse("from", "Enter the first day") }
            if to == nil, !names.contains("to") { answers.refuse("to", "Enter the last day") }
            try answers.check()
            guard let person, let limit, let from, let to else { throw WebRefusal.notFound }
            _ = try await visit.core.delegations.propose(
                visit.actor,
                NewDelegation(
                    person: person, tier: visit.form["tier"], limit: limit, instrument: visit.form["instrument"],
                    from: from, to: to))
            return visit.redirect("/delegations", done: .delegationProposed)
        } orShow: {
            try await proposePage(visit, $0)
        }
    }

    @Sendable static func activate(_ visit: Visit) async throws -> Response {
        try await visit.submit {
            try await visit.core.delegations.activate(visit.actor, try visit.id(), version: visit.form.version)
            return visit.redirect("/delegations", done: .delegationActivated)
        } orShow: { _ in
            try await listPage(visit)
        }
    }

    @Sendable static func revoke(_ visit: Visit) async throws -> Response {
        try await visit.submit {
            let reason = visit.form.names.first { $0.hasPrefix("reason") }.map { visit.form[$0] } ?? ""
            try await visit.core.delegations.revoke(
                visit.actor, try visit.id(), version: visit.form.version, reason: reason)
            return visit.redirect("/delegations", done: .delegationRevoked)
        } orShow: { _ in
            try await listPage(visit)
        }
    }
}

extension Delegation.State {
    var tag: Component.Tag {
        switch self {
        case .proposed: .init("Proposed", .yellow)
        case .active: .init("In force", .green)
        case .revoked: .init("Taken away", .red)
        case .expired: .init("Expired", .grey)
        }
    }
}
