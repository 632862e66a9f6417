/// What must be true before an account, a capacity or a delegated limit changes.
public enum PersonRules {
    /// Most characters of an e-mail address.
    public static let longestEmail = 254

    /// Details of an account: a name, and an address that could be one.
    public static func problems(name: String, email: String) -> [FieldProblem] {
        var problems = Problems()
        problems.text(name, "name", "Enter the person's full name.")
        problems.length(name, "name", "name", 140)
        problems.need(
            isAddress(email), "email", "Enter an e-mail address in the correct format, like name@example.gov.uk.")
        return problems.found
    }

    /// Whether people of a role work in an organisation of a kind.
    public static func role(_ role: Role, fits kind: Organisation.Kind) -> Refusal? {
        kind.roles.contains(role)
            ? nil : .invalid([FieldProblem("role", "Choose a role that fits the kind of organisation.")])
    }

    /// Whether a capacity belongs to a role. A person has one role for life, so an administrator or auditor never holds
    /// anything else.
    public static func capacity(_ capacity: Capacity, of role: Role) -> Refusal? {
        capacity.role == role
            ? nil
            : .invalid([
                FieldProblem(
                    "capacity",
                    "Choose a capacity of the role \(role.label). \(capacity.label) belongs to the role \(capacity.role.label)."
                )
            ])
    }

    /// Whether somebody may invite: an administrator anybody; a user administrator people of their own authority, to act for it.
    public static func invite(
        role: Role, kind: Organisation.Kind, organisation: OrganisationID, capacities: [Capacity], by subject: Subject
    ) -> Refusal? {
        if let refusal = self.role(role, fits: kind) { return refusal }
        for capacity in capacities {
            if let refusal = self.capacity(capacity, of: role) { return refusal }
        }
        return reach(of: subject, role: role, organisation: organisation)
    }

    /// Whether somebody may give a capacity to somebody else from a day to a day.
    public static func grant(
        _ capacity: Capacity, to person: Person, by subject: Subject, from: Day, to: Day?
    ) -> Refusal? {
        if let refusal = notOneself(person.id, subject) { return refusal }
        if let refusal = self.capacity(capacity, of: person.role) { return refusal }
        if person.state == .left {
            return Refusal(.conflict, code: "person_left", "This person has left. Invite whoever takes over.")
        }
        if let to, to < from {
            return .invalid([FieldProblem("validTo", "Enter a last day that is not before the first day.")])
        }
        return reach(of: subject, role: person.role, organisation: person.organisation)
    }

    /// Nobody suspends, grants to or promises for themselves.
    public static func notOneself(_ person: PersonID, _ subject: Subject) -> Refusal? {
        person == subject.person
            ? Refusal(
                .forbidden, code: "not_oneself", "You cannot do this to your own account. Ask another administrator.")
            : nil
    }

    /// Whether somebody may leave: their open work goes to a colleague who is active and of the same organisation.
    public static func leave(_ person: Person, openWork: Int, handover: Person?) -> Refusal? {
        guard openWork > 0 else { return nil }
        guard let handover else {
            return .invalid([
                FieldProblem(
                    "handover",
                    "Choose who takes over: \(person.name) still has \(Rules.counted(openWork, "open task")).")
            ])
        }
        let fits =
            handover.id != person.id && handover.organisation == person.organisation && handover.state == .active
            && handover.role == person.role
        return fits
            ? nil : .invalid([FieldProblem("handover", "Choose an active colleague of the same organisation.")])
    }

    private static func reach(of subject: Subject, role: Role, organisation: OrganisationID) -> Refusal? {
        if subject.holds(.administrator) { return nil }
        guard subject.holds(.laUserAdministrator), role == .localAuthority, organisation == subject.organisation else {
            return Refusal(
                .forbidden, code: "out_of_reach",
                "A user administrator manages only people of their own authority who act for it.")
        }
        return nil
    }

    private static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= longestEmail, !parts[0].isEmpty else { return false }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty }
            && text.unicodeScalars.allSatisfy { $0.value > 32 && $0.value != 127 && !$0.properties.isWhitespace }
    }
}

/// What must be true before a delegated limit changes. Proposer, activator and holder are three people: nobody raises their
/// own limit, alone or with one friend.
public enum DelegationRules {
    /// What keeps a proposal from being stored. `holder` is the person's capacities.
    public static func problems(
        tier: String, limit: Money?, instrument: String, from: Day?, to: Day?, holder: [Capacity]
    ) -> [FieldProblem] {
        var problems = Problems()
        problems.need(holder.contains(.approver), "person", "Choose a person who is an approver.")
        problems.text(tier, "tier", "Enter the tier, as the letter of delegation calls it.")
        problems.length(tier, "tier", "tier", 60)
        problems.need(
            limit.map { ProgrammeRules.isStorable($0) && $0 > .zero } ?? false, "limit", "Enter the limit, above zero.")
        problems.text(instrument, "instrument", "Enter the reference of the letter of delegation.")
        problems.length(instrument, "instrument", "reference", 140)
        problems.need(from != nil, "validFrom", "Enter the first day of the limit.")
        problems.need(to != nil, "validTo", "Enter the last day of the limit.")
        if let from, let to {
            problems.need(from <= to, "validTo", "Enter a last day that is not before the first day.")
        }
        return problems.found
    }

    /// Whether somebody may propose a limit: never their own.
    public static func propose(for holder: PersonID, by proposer: PersonID) -> Refusal? {
        holder == proposer ? three : nil
    }

    /// Whether somebody may put a limit into force: neither its holder nor its proposer, and not after its last day.
    public static func activate(_ delegation: Delegation, proposer: PersonID?, by activator: PersonID, on today: Day)
        -> Refusal?
    {
        if activator == delegation.person || activator == proposer || proposer == delegation.person { return three }
        return delegation.validTo >= today
            ? nil
            : Refusal(.conflict, code: "delegation_over", "This limit's last day has passed. Propose a new one.")
    }

    /// Whether somebody may revoke a limit: anybody but its holder.
    public static func revoke(_ delegation: Delegation, by person: PersonID) -> Refusal? {
        person == delegation.person ? three : nil
    }

    private static let three = Refusal(
        .forbidden, code: "three_people",
        "The person who holds a limit, the one who proposes it and the one who puts it into force are three different people."
    )
}
