/// Who may do one thing: what they must hold, under which condition, and the sentence that a refusal gives.
///
/// Two questions stay apart. What you may not *see* is not there (`notFound`); what you may see but not *do* is `forbidden`.
/// Whether the state and the time allow it is not asked here: that is the workflow's and the rules' to say.
public struct Permission: Hashable, Sendable {
    /// Any one of these is enough, if its scope reaches the object.
    public let capacities: [Capacity]
    /// People of these roles may, whatever capacity they hold. Only for looking.
    public let roles: [Role]
    /// What must hold between the person and the object.
    public let condition: Condition
    /// Whether it changes anything.
    public let writes: Bool
    /// Whether it needs a proof of identity within the last `stepUpMinutes`.
    public let needsStepUp: Bool
    /// Who may, as a sentence: "Only a certifier of the lead authority can submit a bid."
    public let sentence: String

    /// How fresh a proof of identity must be for a decision or money.
    public static let stepUpMinutes: Int64 = 15

    /// What must hold between the person and the object. Facts that are missing never satisfy a condition.
    public enum Condition: String, Sendable, CaseIterable, Codable {
        /// Nothing more; lists show only what the person may see.
        case anyone
        /// The object is their own: their account, their tokens.
        case themselves
        /// Somebody's account: any for an administrator or auditor; of their own organisation for others.
        case personInReach = "person_in_reach"
        /// The same, but never their own.
        case anotherPersonInReach = "another_person_in_reach"
        /// The object is of their own organisation.
        case ownOrganisation = "own_organisation"
        /// Their own department runs the programme.
        case ownDepartment = "own_department"
        /// Their own department runs the programme; or they audit.
        case ownDepartmentOrAuditing = "own_department_or_auditing"
        /// Their own department runs it; or it is published; or they audit.
        case ownDepartmentOrPublished = "own_department_or_published"
        /// Their own department runs it; or it was offered to their own authority; or they audit.
        case ownDepartmentOrOffered = "own_department_or_offered"
        /// Their own organisation's at any time. For the department that runs the round, for reviewers it is assigned to and
        /// for auditors: only once it was submitted and the round has closed.
        case ownOrganisationOrAfterClose = "own_organisation_or_after_close"
        /// Their own department runs the round, and it has closed: bids are sealed until then.
        case ownDepartmentAfterClose = "own_department_after_close"
        /// It is assigned to them.
        case assigned
        /// It is assigned to them; or their own department runs it and they coordinate; or they audit.
        case assignedOrCoordinating = "assigned_or_coordinating"
        /// Scores are open to them: their own appraisal is final, or they score none and all are final; or they audit.
        case scoresOpen = "scores_open"
        /// Their own organisation evaluates.
        case ownEvaluation = "own_evaluation"
        /// Their organisation neither evaluates nor gets the money.
        case independentOfEvaluation = "independent_of_evaluation"
        /// Their authority gets the money; their department runs it; they evaluate it, review it or lead its review; or they
        /// audit.
        case evaluationParty = "evaluation_party"
        /// It is assigned to them; or they lead its review, independently; or they audit.
        case assignedOrLeading = "assigned_or_leading"
        /// It is of their own organisation; or their own department runs it; or it is open to them: published, or shared with
        /// them; or they audit.
        case openToActor = "open_to_actor"
        /// For an authority: of their own organisation. For the department and What Works, who keep the evidence together: any.
        case ownOrStewarded = "own_or_stewarded"
        /// It is of their own organisation; or their own department runs it; or they were let in to evaluate it; or they audit.
        case ownCase = "own_case"
        /// It is of another organisation than theirs.
        case anotherOrganisation = "another_organisation"
    }

    /// What is true of the object. The loader fills in what it knows; what it leaves out counts as not so.
    public struct Facts: Hashable, Sendable {
        /// Whose it is: the bidding authority, or the organisation of the person acted on.
        public var organisation: OrganisationID?
        /// The department that runs the programme it belongs to.
        public var department: OrganisationID?
        /// The person acted on, or whose the thing is.
        public var person: PersonID?
        /// People it is assigned to.
        public var assignees: Set<PersonID>
        /// The organisation that evaluates.
        public var evaluator: OrganisationID?
        /// The programme it belongs to, for scoped capacities.
        public var programme: ProgrammeID?
        /// The round it belongs to, for scoped capacities.
        public var round: RoundID?
        /// The bid it belongs to, for scoped capacities.
        public var bid: BidID?
        /// Whether a bid may not yet be opened by the other side: not submitted, or its round not closed.
        public var sealed: Bool
        /// Whether it is for everybody to see: a programme that opened, a round that was scheduled.
        public var published: Bool
        /// Whether this person may see the scores; from `AppraisalRules.maySeeScores`.
        public var scoresOpen: Bool

        /// Facts, all unknown unless given. Unknown is the safe side: sealed, unpublished, closed.
        public init(
            organisation: OrganisationID? = nil, department: OrganisationID? = nil, person: PersonID? = nil,
            assignees: Set<PersonID> = [], evaluator: OrganisationID? = nil, programme: ProgrammeID? = nil,
            round: RoundID? = nil, bid: BidID? = nil,
            sealed: Bool = true, published: Bool = false, scoresOpen: Bool = false
        ) {
            self.organisation = organisation
            self.department = department
            self.person = person
            self.assignees = assignees
            self.evaluator = evaluator
            self.programme = programme
            self.round = round
            self.bid = bid
            self.sealed = sealed
            self.published = published
            self.scoresOpen = scoresOpen
        }

        /// Facts of a programme.
        public static func of(_ programme: Programme) -> Facts {
            Facts(
                organisation: programme.organisation, department: programme.organisation, programme: programme.id,
                published: programme.state.isPublished)
        }

        /// Facts of a round that a department runs.
        public static func of(_ round: Round, department: OrganisationID) -> Facts {
            Facts(
                organisation: department, department: department, programme: round.programme, round: round.id,
                published: round.state.isPublished)
        }

        /// Facts of a bid in a round that a department runs, with the people who appraise it.
        public static func of(_ bid: Bid, in round: Round, department: OrganisationID, assignees: Set<PersonID> = [])
            -> Facts
        {
            Facts(
                organisation: bid.organisation, department: department, assignees: assignees,
                programme: round.programme,
                round: round.id, bid: bid.id, sealed: BidRules.isSealed(bid, round: round.state))
        }

        /// Facts of a person's account.
        public static func of(_ person: Person) -> Facts {
            Facts(organisation: person.organisation, person: person.id)
        }
    }

    /// Answers with a grant, or refuses with the sentence of the row. The order of the questions is the order in which
    /// a person can do something about the answer.
    public static func authorise(
        _ action: Action, subject: Subject, facts: Facts = Facts()
    ) throws(Refusal) -> Grant {
        let permission = action.permission
        guard let used = permission.basis(for: subject, facts: facts) else {
            throw action.looksAtOne ? .notFound(action.noun) : permission.refusal
        }
        if permission.writes && !subject.mayWrite {
            throw Refusal(
                .forbidden, code: "read_only_token",
                "This token is for reading only. Use a token that may write, or sign in.")
        }
        if permission.writes, let capacity = used.capacity, capacity.needsSecondFactor, !subject.hasSecondFactor {
            throw Refusal(
                .forbidden, code: "second_factor_required",
                "Set up a second factor on your account before you act as \(capacity.label.lowercased()).")
        }
        if permission.needsStepUp && !isFresh(subject) {
            throw Refusal(
                .stepUpRequired, code: "step_up_required",
                "Confirm that it is you, then try again. A confirmation lasts \(stepUpMinutes) minutes.")
        }
        return Grant(action: action, subject: subject, capacity: used.capacity)
    }

    /// Whether an action would be granted, apart from a fresh proof of identity. For pages that offer only what can be done.
    public static func allows(_ action: Action, subject: Subject, facts: Facts = Facts()) -> Bool {
        let permission = action.permission
        return permission.basis(for: subject, facts: facts) != nil && (!permission.writes || subject.mayWrite)
    }

    /// The refusal of the row, in its own words.
    public var refusal: Refusal { Refusal(.forbidden, code: "forbidden", sentence) }

    private static func isFresh(_ subject: Subject) -> Bool {
        guard let at = subject.steppedUpAt else { return false }
        return at <= subject.now && subject.now < at.adding(seconds: stepUpMinutes * 60)
    }

    /// What entitles a subject: a capacity in reach, or the role alone.
    private enum Basis {
        case capacity(Capacity)
        case role

        var capacity: Capacity? { if case .capacity(let capacity) = self { capacity } else { nil } }
    }

    private func basis(for subject: Subject, facts: Facts) -> Basis? {
        guard condition.holds(for: subject, facts: facts) else { return nil }
        let objectless = condition == .anyone && !writes
        for wanted in capacities {
            if subject.capacities.contains(where: {
                $0.capacity == wanted && wanted.role == subject.role && (objectless || $0.reaches(facts))
            }) {
                return .capacity(wanted)
            }
        }
        return roles.contains(subject.role) ? .role : nil
    }
}

/// Proof that a question was asked and answered yes in this transaction. Functions that write demand one; only
/// `Permission.authorise` makes them.
public struct Grant: Hashable, Sendable {
    /// What was granted.
    public let action: Action
    /// To whom.
    public let subject: Subject
    /// The capacity that it rests on, for the audit trail; nil where the role alone suffices.
    public let capacity: Capacity?

    init(action: Action, subject: Subject, capacity: Capacity?) {
        self.action = action
        self.subject = subject
        self.capacity = capacity
    }

    /// Stops a grant for one thing from being used for another, which would be a mistake of ours.
    public func covers(_ action: Action) -> Bool { self.action == action }
}

extension HeldCapacity {
    /// Whether its scope reaches an object.
    func reaches(_ facts: Permission.Facts) -> Bool {
        switch scope {
        case nil: true
        case .programme(let id): facts.programme == id
        case .round(let id): facts.round == id
        case .bid(let id): facts.bid == id
        case .organisation(let id): facts.organisation == id
        }
    }
}

extension Permission.Condition {
    /// Whether the condition holds between a person and an object.
    func holds(for subject: Subject, facts: Permission.Facts) -> Bool {
        let own = facts.organisation == subject.organisation
        let runs = subject.role == .department && facts.department == subject.organisation
        let audits = subject.role == .auditor
        let assigned = facts.assignees.contains(subject.person)
        switch self {
        case .anyone: return true
        case .themselves: return facts.person == subject.person
        case .personInReach: return reachesPerson(subject, facts)
        case .anotherPersonInReach:
            return facts.person != nil && facts.person != subject.person && reachesPerson(subject, facts)
        case .ownOrganisation: return own
        case .ownDepartment: return runs
        case .ownDepartmentOrAuditing: return runs || audits
        case .ownDepartmentOrPublished: return runs || facts.published || audits
        case .ownDepartmentOrOffered:
            return runs || (own && subject.role == .localAuthority && facts.published) || audits
        case .ownOrganisationOrAfterClose:
            switch subject.role {
            case .localAuthority: return own
            case .department: return runs && !facts.sealed
            case .whatWorks: return assigned && !facts.sealed
            case .auditor: return !facts.sealed
            case .evaluator, .administrator: return false
            }
        case .ownDepartmentAfterClose: return runs && !facts.sealed
        case .assigned: return assigned
        case .assignedOrCoordinating: return assigned || (runs && subject.holds(.programmeOfficer)) || audits
        case .scoresOpen: return facts.scoresOpen && (runs || assigned) || audits
        case .ownEvaluation: return evaluates(subject, facts)
        case .independentOfEvaluation: return isIndependent(subject, facts)
        case .evaluationParty:
            switch subject.role {
            case .localAuthority: return own
            case .department: return runs
            case .evaluator: return evaluates(subject, facts)
            case .whatWorks: return isIndependent(subject, facts) && (assigned || subject.holds(.reviewLead))
            case .auditor: return true
            case .administrator: return false
            }
        case .assignedOrLeading:
            return isIndependent(subject, facts) && (assigned || subject.holds(.reviewLead)) || audits
        case .openToActor: return own || runs || facts.published || audits
        case .ownOrStewarded:
            return own || (facts.person != nil && [.department, .whatWorks].contains(subject.role))
        case .ownCase: return own || runs || assigned || audits
        case .anotherOrganisation: return facts.organisation != nil && !own
        }
    }

    private func evaluates(_ subject: Subject, _ facts: Permission.Facts) -> Bool {
        subject.role == .evaluator && facts.evaluator == subject.organisation
    }

    private func isIndependent(_ subject: Subject, _ facts: Permission.Facts) -> Bool {
        facts.organisation != nil && facts.organisation != subject.organisation
            && facts.evaluator != subject.organisation
    }

    private func reachesPerson(_ subject: Subject, _ facts: Permission.Facts) -> Bool {
        switch subject.role {
        case .administrator, .auditor: facts.organisation != nil
        default: facts.organisation == subject.organisation
        }
    }
}

extension Programme.State {
    /// Whether people outside the department see the programme.
    public var isPublished: Bool {
        switch self {
        case .open, .suspended, .closing, .closed, .archived: true
        case .draft, .inApproval, .approved, .rejected: false
        }
    }
}

extension Round.State {
    /// Whether people outside the department see the round.
    public var isPublished: Bool {
        switch self {
        // Everybody hears of a cancellation, so everybody may read what was cancelled.
        case .scheduled, .open, .closed, .appraising, .decided, .announced, .cancelled: true
        case .draft, .approved: false
        }
    }
}
