import Domain
import Hummingbird
import Services

/// One person's account.
enum PersonPages {
    @Sendable static func show(_ visit: Visit) async throws -> Response {
        let detail = try await visit.core.people.detail(visit.actor, try visit.id())
        let person = detail.person
        var content: [any Markup] = [
            Component.SummaryList([
                .init("E-mail address", person.email),
                .init("Organisation", Component.Link(detail.organisationName, "/organisations/\(person.organisation)")),
                .init("Role", person.role.label), .init("Account", person.state.tag),
                .init("Under contract", detail.isContractor ? "Yes" : "No"),
            ])
        ]
        content += actions(detail, visit)
        content += [Component.Heading("May act as"), capacities(detail, visit)]
        if Permission.allows(.capacityGrant, subject: visit.subject, facts: .of(person)), person.state != .left {
            content.append(
                Component.ButtonLink(
                    text: "Give a capacity", href: "/people/\(person.id)/capacities/new", style: .secondary))
        }
        if !detail.delegations.isEmpty {
            content += [Component.Heading("Delegated limits"), DelegationPages.table(detail.delegations, visit)]
        }
        content.append(FundParts.history(visit, .person, person.id))
        let lasting = "It works once, for \(visit.core.people.invitationDays) days, and only they see it."
        return visit.page(
            Page(
                person.name, caption: "Person", back: "/people",
                banner: visit.banner([
                    .personInvited: "An invitation is on its way to \(person.email). \(lasting)",
                    .linkSent: "A new link is on its way to \(person.email); earlier ones stopped working. \(lasting)",
                    .personSuspended: "The account is suspended and all its sessions are ended.",
                    .personReinstated: "The account can be used again.", .personLeft: "It is recorded that they left.",
                    .capacityGranted: "The capacity was given.", .capacityEnded: "The capacity was ended.",
                ]), content))
    }

    private static func actions(_ detail: PersonDetail, _ visit: Visit) -> [any Markup] {
        let person = detail.person
        var parts: [any Markup] = []
        if Permission.allows(.peopleResetSignIn, subject: visit.subject, facts: .of(person)),
            [.invited, .active].contains(person.state)
        {
            parts.append(
                PostForm(
                    action: "/people/\(person.id)/invitation", csrf: visit.csrf,
                    content: [
                        Component.Button(
                            person.state == .invited
                                ? "Send a new invitation" : "Send a link for a new passphrase", style: .secondary)
                    ]))
        }
        if detail.allowed.contains(.suspend) {
            parts.append(
                Component.ButtonLink(text: "Suspend", href: "/people/\(person.id)/suspension", style: .warning))
        }
        if detail.allowed.contains(.reinstate) {
            parts.append(
                PostForm(
                    action: "/people/\(person.id)/reinstatement", csrf: visit.csrf,
                    content: [Component.Button("Reinstate")], version: person.version))
        }
        if detail.allowed.contains(.leave) {
            parts.append(
                Component.ButtonLink(
                    text: "Record that they left", href: "/people/\(person.id)/leaving", style: .secondary))
        }
        guard !parts.isEmpty else { return [] }
        return [HTML(trusted: "<div class=\"govuk-button-group\">")] + parts + [HTML(trusted: "</div>")]
    }

    private static func capacities(_ detail: PersonDetail, _ visit: Visit) -> any Markup {
        let mayEnd = Permission.allows(.capacityEnd, subject: visit.subject, facts: .of(detail.person))
        return Component.Table(
            caption: "Capacities",
            columns: [.init("Capacity"), .init("From"), .init("To"), .init("Reaches"), .init("Action", hidden: true)],
            rows: detail.capacities.map { row in
                [
                    HTML(text: row.capacity.label), HTML(text: row.validFrom.spoken),
                    HTML(text: row.validTo.map(\.spoken) ?? "No end"),
                    HTML(text: row.scope.map(\.words) ?? "Everywhere"),
                    row.endReason == nil && mayEnd
                        ? Component.Link(
                            "End", "/people/\(detail.person.id)/capacities/\(row.id)/end", hidden: row.capacity.label
                        ).html
                        : HTML(text: row.endReason ?? ""),
                ]
            }, captionHidden: true, empty: "None.")
    }

    @Sendable static func reinvite(_ visit: Visit) async throws -> Response {
        let id: PersonID = try visit.id()
        try await visit.core.people.reinvite(visit.actor, id)
        return visit.redirect("/people/\(id)", done: .linkSent)
    }

    @Sendable static func showSuspend(_ visit: Visit) async throws -> Response {
        visit.page(try await suspendPage(visit, nil))
    }

    private static func suspendPage(_ visit: Visit, _ refusal: Refusal?) async throws -> Page {
        let detail = try await visit.core.people.detail(visit.actor, try visit.id())
        return Page(
            "Suspend \(detail.person.name)", back: "/people/\(detail.person.id)",
            [
                Component.WarningText("All their sessions and tokens end at once. Nothing that they did is lost."),
                PostForm(
                    action: visit.path, csrf: visit.csrf,
                    content: [
                        Component.Textarea(
                            name: "reason", label: "Why", value: visit.form["reason"],
                            error: visit.problem("reason", in: refusal), rows: 3),
                        Component.Button("Suspend", style: .warning),
                    ], version: detail.person.version),
            ])
    }

    @Sendable static func suspend(_ visit: Visit) async throws -> Response {
        let id: PersonID = try visit.id()
        return try await visit.submit {
            try await visit.core.people.suspend(
                visit.actor, id, version: visit.form.version, reason: visit.form["reason"])
            return visit.redirect("/people/\(id)", done: .personSuspended)
        } orShow: {
            try await suspendPage(visit, $0)
        }
    }

    @Sendable static func reinstate(_ visit: Visit) async throws -> Response {
        let id: PersonID = try visit.id()
        try await visit.core.people.reinstate(visit.actor, id, version: visit.form.version)
        return visit.redirect("/people/\(id)", done: .personReinstated)
    }

    @Sendable static func showLeave(_ visit: Visit) async throws -> Response {
        visit.page(try await leavePage(visit, nil))
    }

    private static func leavePage(_ visit: Visit, _ refusal: Refusal?) async throws -> Page {
        let detail = try await visit.core.people.detail(visit.actor, try visit.id())
        let colleagues = try await visit.core.people.list(
            visit.actor, page: .init(size: Limit.pageSize),
            filter: .init(organisation: detail.person.organisation, role: detail.person.role, state: .active))
        let choices = colleagues.rows.filter { $0.id != detail.person.id }.map {
            Component.Choice($0.id.description, $0.name)
        }
        return Page(
            "Record that \(detail.person.name) left", back: "/people/\(detail.person.id)",
            [
                Component.Paragraph(
                    "Their account ends for good. What they worked on stays with the organisation; drafts can go to a colleague."
                ),
                PostForm(
                    action: visit.path, csrf: visit.csrf,
                    content: [
                        Component.Select(
                            name: "successor", label: "Who takes over their drafts and tasks", choices: choices,
                            value: visit.form.optional("successor"), error: visit.problem("successor", in: refusal),
                            blank: "Nobody"),
                        Component.Textarea(
                            name: "reason", label: "Anything to record (optional)", value: visit.form["reason"],
                            error: visit.problem("reason", in: refusal), rows: 3),
                        Component.Button("Record that they left", style: .warning),
                    ], version: detail.person.version),
            ])
    }

    @Sendable static func leave(_ visit: Visit) async throws -> Response {
        let id: PersonID = try visit.id()
        return try await visit.submit {
            var answers = Form.Reader(visit.form)
            let successor: PersonID? = answers.id("successor")
            try answers.check()
            try await visit.core.people.leave(
                visit.actor, id, version: visit.form.version, handoverTo: successor,
                reason: visit.form.optional("reason"))
            return visit.redirect("/people/\(id)", done: .personLeft)
        } orShow: {
            try await leavePage(visit, $0)
        }
    }
}

/// Giving and ending capacities.
enum CapacityPages {
    @Sendable static func showGrant(_ visit: Visit) async throws -> Response {
        visit.page(try await grantPage(visit, nil))
    }

    private static func grantPage(_ visit: Visit, _ refusal: Refusal?) async throws -> Page {
        let detail = try await visit.core.people.detail(visit.actor, try visit.id())
        let form = visit.form
        return Page(
            "Give \(detail.person.name) a capacity", back: "/people/\(detail.person.id)",
            [
                PostForm(
                    action: visit.path, csrf: visit.csrf,
                    content: [
                        Component.Radios(
                            name: "capacity", legend: "Capacity",
                            choices: Capacity.allCases.filter { $0.role == detail.person.role }.map {
                                .init($0.rawValue, $0.label, hint: $0.needsSecondFactor ? "Needs a second factor" : nil)
                            }, value: form["capacity"], error: visit.problem("capacity", in: refusal),
                            legendSize: .small),
                        Component.DateInput(
                            name: "from", legend: "First day", day: form["from-day"], month: form["from-month"],
                            year: form["from-year"],
                            hint: "Leave blank for today", error: visit.problem("from", in: refusal), legendSize: .small
                        ),
                        Component.DateInput(
                            name: "to", legend: "Last day", day: form["to-day"], month: form["to-month"],
                            year: form["to-year"],
                            hint: "Leave blank for no end", error: visit.problem("to", in: refusal), legendSize: .small),
                        Component.DateInput(
                            name: "training", legend: "Training counts until", day: form["training-day"],
                            month: form["training-month"],
                            year: form["training-year"], hint: "Leave blank if none is needed",
                            error: visit.problem("training", in: refusal), legendSize: .small),
                        Component.Button("Give the capacity"),
                    ])
            ])
    }

    @Sendable static func grant(_ visit: Visit) async throws -> Response {
        let id: PersonID = try visit.id()
        try visit.offer(.capacityGrant)
        return try await visit.submit {
            var answers = Form.Reader(visit.form)
            let capacity: Capacity? = answers.choice("capacity")
            if capacity == nil { answers.refuse("capacity", "Choose a capacity") }
            let (from, to, training) = (answers.day("from"), answers.day("to"), answers.day("training"))
            try answers.check()
            guard let capacity else { throw WebRefusal.notFound }
            _ = try await visit.core.people.grant(
                visit.actor, id, capacity, from: from ?? visit.subject.now.londonDay, to: to,
                trainingValidUntil: training)
            return visit.redirect("/people/\(id)", done: .capacityGranted)
        } orShow: {
            try await grantPage(visit, $0)
        }
    }

    @Sendable static func showEnd(_ visit: Visit) async throws -> Response { visit.page(try await endPage(visit, nil)) }

    private static func endPage(_ visit: Visit, _ refusal: Refusal?) async throws -> Page {
        let detail = try await visit.core.people.detail(visit.actor, try visit.id())
        let id: CapacityID = try visit.id("capacity")
        guard let row = detail.capacities.first(where: { $0.id == id }) else { throw WebRefusal.notFound }
        return Page(
            "End “\(row.capacity.label)” for \(detail.person.name)", back: "/people/\(detail.person.id)",
            [
                PostForm(
                    action: visit.path, csrf: visit.csrf,
                    content: [
                        Component.Textarea(
                            name: "reason", label: "Why", value: visit.form["reason"],
                            error: visit.problem("reason", in: refusal), rows: 3),
                        Component.Button("End the capacity", style: .warning),
                    ], version: row.version)
            ])
    }

    @Sendable static func end(_ visit: Visit) async throws -> Response {
        let person: PersonID = try visit.id()
        return try await visit.submit {
            try await visit.core.people.endCapacity(
                visit.actor, try visit.id("capacity"), version: visit.form.version, reason: visit.form["reason"])
            return visit.redirect("/people/\(person)", done: .capacityEnded)
        } orShow: {
            try await endPage(visit, $0)
        }
    }
}

extension HeldCapacity.Scope {
    /// What it reaches, in words.
    var words: String {
        switch self {
        case .programme: "One programme"
        case .round: "One round"
        case .bid: "One bid"
        case .organisation: "One organisation"
        }
    }

    /// Kind and identity, for programs.
    var json: JSON {
        switch self {
        case .programme(let id): .object([("kind", .text("programme")), ("id", .of(id))])
        case .round(let id): .object([("kind", .text("round")), ("id", .of(id))])
        case .bid(let id): .object([("kind", .text("bid")), ("id", .of(id))])
        case .organisation(let id): .object([("kind", .text("organisation")), ("id", .of(id))])
        }
    }
}
