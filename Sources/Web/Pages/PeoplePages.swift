import Domain
import Hummingbird
import Services

extension Done {
    static let personSuspended = Done(rawValue: "person-suspended")
    static let personReinstated = Done(rawValue: "person-reinstated")
    static let personLeft = Done(rawValue: "person-left")
    static let capacityGranted = Done(rawValue: "capacity-granted")
    static let capacityEnded = Done(rawValue: "capacity-ended")
}

/// People and what they may act as.
extension RouteTable {
    static let peoplePages: [Route] =
        [
            .page("/people", "peoplePage", "People", .peopleList, PeoplePages.list),
            .page("/people/new", "newPersonPage", "Invite somebody", .peopleInvite, PeoplePages.showInvite),
            .page(.post, "/people/new", "invitePersonForm", "Invite somebody", .peopleInvite, PeoplePages.invite),
            .page("/people/{id}", "personPage", "A person", .peopleRead, PersonPages.show),
            .page(
                .post, "/people/{id}/invitation", "reinvitePersonForm", "A new link", .peopleResetSignIn,
                PersonPages.reinvite),
            .page("/people/{id}/suspension", "suspendPersonPage", "Suspend", .peopleSuspend, PersonPages.showSuspend),
            .page(
                .post, "/people/{id}/suspension", "suspendPersonForm", "Suspend", .peopleSuspend, PersonPages.suspend),
            .page(
                .post, "/people/{id}/reinstatement", "reinstatePersonForm", "Reinstate", .peopleReinstate,
                PersonPages.reinstate),
            .page(
                "/people/{id}/leaving", "leavePersonPage", "Record that somebody left", .peopleLeave,
                PersonPages.showLeave),
            .page(
                .post, "/people/{id}/leaving", "leavePersonForm", "Record that somebody left", .peopleLeave,
                PersonPages.leave),
            .page(
                "/people/{id}/capacities/new", "newCapacityPage", "Give a capacity", .capacityGrant,
                CapacityPages.showGrant),
            .page(
                .post, "/people/{id}/capacities/new", "grantCapacityForm", "Give a capacity", .capacityGrant,
                CapacityPages.grant),
            .page(
                "/people/{id}/capacities/{capacity}/end", "endCapacityPage", "End a capacity", .capacityEnd,
                CapacityPages.showEnd),
            .page(
                .post, "/people/{id}/capacities/{capacity}/end", "endCapacityForm", "End a capacity", .capacityEnd,
                CapacityPages.end),
        ] + DelegationPages.routes
}

enum PeoplePages {
    @Sendable static func list(_ visit: Visit) async throws -> Response {
        let filter = PeopleFilter(
            role: visit.query("role").flatMap { Role(rawValue: $0) },
            state: visit.query("state").flatMap { Person.State(rawValue: $0) },
            search: visit.query("search"))
        let people = try await visit.core.people.list(visit.actor, page: visit.list, filter: filter)
        var content: [any Markup] = []
        if (try? visit.offer(.peopleInvite)) != nil {
            content.append(Component.ButtonLink(text: "Invite somebody", href: "/people/new"))
        }
        content += [
            FilterForm(
                action: "/people",
                content: [
                    HTML(trusted: "<div class=\"app-two\">"),
                    Component.TextInput(name: "search", label: "Name or e-mail address", value: visit.query("search")),
                    Component.Select(
                        name: "role", label: "Role", choices: Role.allCases.map { .init($0.rawValue, $0.label) },
                        value: visit.query("role"), blank: "Any"),
                    Component.Select(
                        name: "state", label: "Account",
                        choices: Person.State.allCases.map { .init($0.rawValue, $0.label) },
                        value: visit.query("state"), blank: "Any"),
                    HTML(trusted: "</div>"), Component.Button("Filter", style: .secondary),
                ]),
            Component.Table(
                caption: "People",
                columns: [.init("Name"), .init("Organisation"), .init("Role"), .init("Acts as"), .init("Account")],
                rows: people.rows.map { person in
                    [
                        Component.Link(person.name, "/people/\(person.id)"), HTML(text: person.organisationName),
                        HTML(text: person.role.label),
                        HTML(text: person.capacities.map(\.label).joined(separator: ", ")),
                        person.state.tag,
                    ]
                }, captionHidden: true, empty: "Nobody fits."),
            visit.pagination(people.next),
        ]
        return visit.page(Page("People", wide: true, content))
    }

    @Sendable static func showInvite(_ visit: Visit) async throws -> Response {
        try visit.offer(.peopleInvite)
        return visit.page(try await invitePage(visit, nil))
    }

    /// The organisations that this person may invite to: their own; for an administrator, any.
    private static func organisations(_ visit: Visit) async throws -> [Component.Choice] {
        let own = Component.Choice(visit.subject.organisation.description, visit.subject.organisationName)
        guard visit.subject.role == .administrator else { return [own] }
        let search = visit.query("organisation") ?? visit.form.optional("organisationSearch")
        let found = try await visit.core.organisations.list(
            visit.actor, page: .init(size: Limit.pageSize), filter: .init(search: search, activeOnly: true))
        return found.rows.map { .init($0.organisation.id.description, $0.organisation.name) }
    }

    private static func invitePage(_ visit: Visit, _ refusal: Refusal?) async throws -> Page {
        let form = visit.form
        let roles = visit.subject.role == .localAuthority ? [Role.localAuthority] : Role.allCases
        let capacities = Capacity.allCases.filter { roles.contains($0.role) }
        var content: [any Markup] = []
        if visit.subject.role == .administrator {
            content.append(
                FilterForm(
                    action: "/people/new",
                    content: [
                        Component.TextInput(
                            name: "organisation", label: "Find their organisation", value: visit.query("organisation"),
                            width: .thirty),
                        Component.Button("Find", style: .secondary),
                    ]))
        }
        content.append(
            PostForm(
                action: "/people/new", csrf: visit.csrf,
                content: [
                    Component.TextInput(
                        name: "name", label: "Full name", value: form["name"], error: visit.problem("name", in: refusal)
                    ),
                    Component.TextInput(
                        name: "email", label: "E-mail address", value: form["email"],
                        error: visit.problem("email", in: refusal),
                        type: "email", spellcheck: false),
                    Component.Select(
                        name: "organisation", label: "Organisation", choices: try await organisations(visit),
                        value: form.optional("organisation") ?? visit.subject.organisation.description,
                        error: visit.problem("organisation", in: refusal)),
                    Component.Radios(
                        name: "role", legend: "Role", choices: roles.map { .init($0.rawValue, $0.label) },
                        value: form.optional("role") ?? (roles.count == 1 ? roles[0].rawValue : nil),
                        hint: "An account has one role for life.", error: visit.problem("role", in: refusal),
                        legendSize: .small),
                    Component.Checkboxes(
                        name: "capacities", legend: "What they may act as from today",
                        choices: capacities.map {
                            .init($0.rawValue, $0.label, hint: roles.count > 1 ? $0.role.label : nil)
                        },
                        values: form.all("capacities"), error: visit.problem("capacities", in: refusal),
                        legendSize: .small, small: true),
                    Component.Checkboxes(
                        name: "contractor", legend: "", choices: [.init("yes", "Works under a contract")],
                        values: form.all("contractor")),
                    Component.Button("Invite"),
                ], once: Tokens.fresh(),
                hidden: [("organisationSearch", visit.query("organisation") ?? form["organisationSearch"])]))
        return Page("Invite somebody", back: "/people", content)
    }

    @Sendable static func invite(_ visit: Visit) async throws -> Response {
        try visit.offer(.peopleInvite)
        return try await visit.submit {
            var answers = Form.Reader(visit.form)
            let organisation: OrganisationID? = answers.id("organisation")
            let role: Role? = answers.choice("role")
            if organisation == nil { answers.refuse("organisation", "Choose an organisation") }
            if role == nil { answers.refuse("role", "Choose a role") }
            try answers.check()
            guard let organisation, let role else { throw WebRefusal.notFound }
            let (person, token) = try await visit.core.people.invite(
                visit.actor,
                NewPerson(
                    organisation: organisation, role: role, email: visit.form["email"], name: visit.form["name"],
                    isContractor: visit.form.has("contractor"), capacities: answers.choices("capacities")),
                once: visit.once)
            return visit.page(linkPage(visit, person, token, name: visit.form["name"]))
        } orShow: {
            try await invitePage(visit, $0)
        }
    }

    /// The link is shown once, to the person who may pass it on.
    static func linkPage(_ visit: Visit, _ person: PersonID, _ token: String, name: String) -> Page {
        let host = visit.request.head.authority ?? "localhost"
        let scheme = host.hasPrefix("127.0.0.1") || host.hasPrefix("localhost") ? "http" : "https"
        return Page(
            "Send this link to \(name)",
            [
                Component.Paragraph(
                    "With it they choose a passphrase. It works once, for 7 days, and is not shown again."),
                Component.InsetText([
                    HTML(
                        trusted:
                            "<span class=\"app-code\">\(scheme)://\(HTML(text: host).source)/invitations/\(HTML(text: token).source)</span>"
                    )
                ]),
                Component.ButtonLink(text: "Continue", href: "/people/\(person)"),
            ])
    }
}

extension Person.State {
    /// As people say it.
    var label: String {
        switch self {
        case .invited: "Invited"
        case .active: "Active"
        case .suspended: "Suspended"
        case .left: "Left"
        }
    }

    var tag: Component.Tag {
        switch self {
        case .invited: .init(label, .yellow)
        case .active: .init(label, .green)
        case .suspended: .init(label, .red)
        case .left: .init(label, .grey)
        }
    }
}
