/// A way of working with children and families that can be described, evaluated and taken up by others: the card that says
/// what it is.
public struct Practice: Hashable, Sendable {
    /// Its identity.
    public let id: PracticeID
    /// `PRA-2026-0003`.
    public let reference: String
    /// Where it stands.
    public let state: State
    /// Goes up by one with each change.
    public let version: Int
    /// How often the card has been published.
    public let publishedNumber: Int
    /// Who wrote the first draft.
    public let creator: PersonID
    /// Who changed the card last; does not check it.
    public let lastEditor: PersonID
    /// What the card says.
    public let content: Content

    /// A practice with its parts.
    public init(
        id: PracticeID, reference: String, state: State, version: Int, publishedNumber: Int, creator: PersonID,
        lastEditor: PersonID, content: Content
    ) {
        self.id = id
        self.reference = reference
        self.state = state
        self.version = version
        self.publishedNumber = publishedNumber
        self.creator = creator
        self.lastEditor = lastEditor
        self.content = content
    }

    /// Exits are in `Workflow.practice`.
    public enum State: String, Sendable, CaseIterable, Codable {
        case draft, wwChecked = "ww_checked", published, underReview = "under_review", retired

        /// Whether the card may be written.
        public var isEditable: Bool { self == .draft || self == .underReview }
    }

    /// What the card says.
    public struct Content: Hashable, Sendable, Codable {
        /// What people call it.
        public var name = ""
        /// What it is, in plain words.
        public var summary = ""
        /// What makes it this practice; without one of these it is another.
        public var coreComponents: [String] = []
        /// What each place may change.
        public var adaptableComponents: [String] = []
        /// For whom it is.
        public var population = ""
        /// Words to find it by.
        public var features: [String] = []
        /// What one case costs.
        public var unitCost: Money?
        /// Of what that is the cost: a family, a child and year.
        public var costUnit = ""
        /// In the prices of which year.
        public var priceYear: FinancialYear?
        /// Who is needed to deliver it.
        public var staffNeeded = ""
        /// The organisation that it comes from.
        public var originator: OrganisationID?
        /// An empty card.
        public init() {}
    }

    /// How an award is part of a practice's story.
    public enum Part: String, Sendable, CaseIterable, Codable {
        case origin, replication, scale

        /// As people say it.
        public var label: String {
            switch self {
            case .origin: "Where it was developed"
            case .replication: "Where it was tried again"
            case .scale: "Where it was rolled out"
            }
        }
    }

    /// What permissions ask about it. The department and What Works work on every practice; others see it once it is out.
    public func facts(for subject: Subject) -> Permission.Facts {
        Permission.Facts(
            organisation: content.originator, person: creator,
            published: publishedNumber > 0 || [.department, .whatWorks].contains(subject.role)
                || creator == subject.person)
    }
}

/// What must be true of a practice card.
public enum PracticeRules {
    /// Most components or features of one kind.
    public static let listMost = 30

    /// What keeps a card from being stored, complete or not.
    public static func problems(draft content: Practice.Content) -> [FieldProblem] {
        var problems = Problems()
        problems.text(content.name, "name", "Enter the name of the practice.")
        problems.length(content.name, "name", "name", 140)
        problems.length(content.summary, "summary", "summary")
        problems.length(content.population, "population", "description of who it is for", 2000)
        problems.length(content.staffNeeded, "staffNeeded", "description of staff", 2000)
        problems.length(content.costUnit, "costUnit", "unit of cost", 140)
        for (list, field) in [
            (content.coreComponents, "coreComponents"), (content.adaptableComponents, "adaptableComponents"),
            (content.features, "features"),
        ] {
            problems.need(list.count <= listMost, field, "List at most \(listMost).")
            problems.need(
                list.allSatisfy { !$0.isBlank && $0.count <= 300 }, field, "Write 1 to 300 characters on each line.")
        }
        problems.need(
            content.unitCost == nil || (!content.costUnit.isBlank && content.priceYear != nil), "costUnit",
            "Say what the cost is the cost of, and in the prices of which year.")
        return problems.found
    }

    /// What keeps a card from being checked and published.
    public static func problems(_ content: Practice.Content) -> [FieldProblem] {
        var problems = Problems()
        problems.add(Self.problems(draft: content))
        problems.text(content.summary, "summary", "Say what the practice is, in plain words.")
        problems.text(content.population, "population", "Say for whom it is.")
        problems.need(
            !content.coreComponents.isEmpty, "coreComponents",
            "List what makes it this practice: without its core, another place does something else.")
        problems.need(content.originator != nil, "originator", "Choose the organisation that it comes from.")
        return problems.found
    }

    /// Whoever wrote a card does not check it.
    public static func check(_ practice: Practice, by person: PersonID) -> Refusal? {
        guard practice.creator == person || practice.lastEditor == person else { return nil }
        return Refusal(
            .forbidden, code: "own_card", "You wrote this card, so somebody else at What Works must check it.")
    }

    /// An authority writes cards of its own practices only.
    public static func mayWrite(_ content: Practice.Content, as subject: Subject) -> Refusal? {
        guard subject.role == .localAuthority, content.originator != subject.organisation else { return nil }
        return .invalid([
            FieldProblem("originator", "Write cards of practices that your own authority developed.")
        ])
    }
}
