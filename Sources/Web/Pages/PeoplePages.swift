import Domain
import Hummingbird
import Services

extension Done {
    static let personInvited = Done(rawValue: "person-invited")
    static let linkSent = Done(rawValue: "link-sent")
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
        let search = visit.query("find") ?? visit.form.optional("organisationSearch")
        let found = try await visit.core.organisations.list(
            visit.actor, page: .init(size: Limit.pageSize), filter: .init(search: search, activeOnly: true))
        return found.rows.map { .init($0.organisation.id.description, $0.organisation.name) }
    }

    /// The role, where there is a choice.
    private static func role(of roles: [Role], _ visit: Visit, _ refusal: Refusal?) -> any Markup {
        guard roles.count > 1 else {
            return HTML(trusted: "<input type=\"hidden\" name=\"role\" value=\"\(roles[0].rawValue)\">")
        }
        return Component.Radios(
            name: "role", legend: "Role", choices: roles.map { .init($0.rawValue, $0.label) },
            value: visit.form.optional("role"), hint: "An account has one role for life.",
            error: visit.problem("role", in: refusal), legendSize: .small)
    }

    /// What a role may act as, in a group of its own: only those of the role that is chosen can be given.
    private static func capacities(
        of role: Role, alone: Bool, _ visit: Visit, _ refusal: Refusal?
    ) -> any Markup {
        let name = group(role)
        return Component.Checkboxes(
            name: name, legend: alone ? "May act as, from today" : "\(role.label): may act as",
            choices: Capacity.allCases.filter { $0.role == role }.map { .init($0.rawValue, $0.label) },
            values: visit.form.all(name), error: visit.problem(name, in: refusal), legendSize: .small, small: true)
    }

    fileprivate static func group(_ role: Role) -> String { "capacities-\(role.rawValue)" }

    private static func invitePage(_ visit: Visit, _ refusal: Refusal?) async throws -> Page {
        let form = visit.form
        let roles = visit.subject.role == .localAuthority ? [Role.localAuthority] : Role.allCases
        var content: [any Markup] = []
        if visit.subject.role == .administrator {
            content.append(
                FilterForm(
                    action: "/people/new",
                    content: [
                        Component.TextInput(
                            name: "find", label: "Find their organisation", value: visit.query("find"),
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
                    role(of: roles, visit, refusal),
                    HTML(trusted: "<div class=\"app-two\">"),
                    HTML.joined(roles.map { capacities(of: $0, alone: roles.count == 1, visit, refusal) }),
                    HTML(trusted: "</div>"),
                    Component.Checkboxes(
                        name: "contractor", legend: "How they are engaged",
                        choices: [.init("yes", "Works under a contract")], values: form.all("contractor"),
                        legendSize: .small, small: true),
                    Component.Button("Invite"),
                ], once: Tokens.fresh(),
                hidden: [("organisationSearch", visit.query("find") ?? form["organisationSearch"])]))
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
            let new = NewPerson(
                organisation: organisation, role: role, email: visit.form["email"], name: visit.form["name"],
                isContractor: visit.form.has("contractor"),
                capacities: Role.allCases.flatMap { answers.choices(group($0)) })
            let person = try await invited(visit, new)
            return visit.redirect("/people/\(person)", done: .personInvited)
        } orShow: {
            try await invitePage(visit, $0)
        }
    }
}

extension PeoplePages {
    /// Invites; what is wrong with the capacities is said at those of the role that was chosen.
    fileprivate static func invited(_ visit: Visit, _ new: NewPerson) async throws -> PersonID {
        do {
            return try await visit.core.people.invite(visit.actor, new, once: visit.once).person
        } catch let refusal as Refusal where refusal.kind == .invalid {
            throw Refusal.invalid(
                refusal.problems.map {
                    $0.field == "capacity" ? FieldProblem(group(new.role), $0.sentence) : $0
                })
        }
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
