public import Domain

/// A return in a list.
public struct ReturnRow: Hashable, Sendable {
    /// Its identity.
    public let id: MonitoringReturnID
    /// `RET-2026-0001`.
    public let reference: String
    /// The award that it reports on.
    public let award: AwardID
    /// The award's title.
    public let awardTitle: String
    /// The authority's name.
    public let organisationName: String
    /// The first return of an award is 1.
    public let sequence: Int
    /// First day of the period.
    public let from: Day
    /// Last day of the period.
    public let to: Day
    /// Last day on which it is in time.
    public let due: Day
    /// Where it stands.
    public let state: MonitoringReturn.State
    /// Goes up by one with each change.
    public let version: Int
    /// When it came in first.
    public let submittedAt: Instant?
    /// How many days after it was due it came in; nil before.
    public let lateDays: Int?
    /// Whether somebody waits for it past its day.
    public let isOverdue: Bool
}

/// Which returns to list; nil means any.
public struct ReturnFilter: Hashable, Sendable {
    /// Where it stands.
    public var state: MonitoringReturn.State?
    /// Of one award.
    public var award: AwardID?
    /// Only those that are waited for past their day.
    public var overdueOnly: Bool

    /// A filter.
    public init(state: MonitoringReturn.State? = nil, award: AwardID? = nil, overdueOnly: Bool = false) {
        self.state = state
        self.award = award
        self.overdueOnly = overdueOnly
    }
}

/// How far one section of a draft is.
public struct ReturnSectionStatus: Hashable, Sendable {
    /// Which section.
    public let section: ReturnSection
    /// 0 before the first saving.
    public let version: Int
    /// How far it is.
    public let status: BidSection.Progress
    /// Who saved it last.
    public let editedBy: String?
    /// When it was saved last.
    public let editedAt: Instant?
}

/// One ruling of the department.
public struct ReturnRuling: Hashable, Sendable {
    /// accepted, accepted_with_issues, changes_requested, reopened, waived.
    public let ruling: String
    /// On which version.
    public let number: Int
    /// Why.
    public let reason: String
    /// Who; nil where that may not be seen.
    public let personName: String?
    /// When.
    public let at: Instant
}

/// What the department asks about one field.
public struct ReturnComment: Hashable, Sendable, Codable {
    /// Dotted path of the field.
    public let field: String
    /// What is asked.
    public let comment: String
    /// Of which version.
    public let number: Int

    /// A comment on a field; the number is the service's to say.
    public init(field: String, comment: String, number: Int = 0) {
        self.field = field
        self.comment = comment
        self.number = number
    }
}

/// What a reopening changed.
public struct ReturnRestatement: Hashable, Sendable {
    /// Which field.
    public let field: String
    /// What was accepted before.
    public let before: String?
    /// What is accepted now.
    public let after: String?
    /// Why it was reopened.
    public let cause: String
    /// From which version to which.
    public let versions: (from: Int, to: Int)
    /// When.
    public let at: Instant

    /// By field and version.
    public static func == (left: ReturnRestatement, right: ReturnRestatement) -> Bool {
        left.field == right.field && left.versions == right.versions && left.after == right.after
    }

    /// By field and version.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(field)
        hasher.combine(versions.to)
    }
}

/// A certified version.
public struct ReturnVersionRow: Hashable, Sendable {
    /// Which.
    public let number: Int
    /// SHA-256 of its canonical text, in hex.
    public let hash: String
    /// When it came in.
    public let submittedAt: Instant
    /// Who certified it; nil where that may not be seen.
    public let certifiedBy: String?
}

/// Everything a return's own page shows.
public struct ReturnDetail: Sendable {
    /// The return.
    public let subject: MonitoringReturn
    /// As in a list.
    public let row: ReturnRow
    /// The programme's title; empty where it is hidden.
    public let programmeTitle: String
    /// Why it was ruled as it was, or why its certifier sent it back.
    public let reason: String?
    /// Until when changes are asked for.
    public let changesDue: Day?
    /// Empty for all but its authority.
    public let sections: [ReturnSectionStatus]
    /// What the rules say about the draft, for its authority; about the newest version for others.
    public let findings: [ReturnFinding]
    /// What this actor could do with it now.
    public let allowed: [MonitoringReturnEvent]
    /// Whether this actor may write in it now.
    public let editable: Bool
    /// Certified versions, the newest first.
    public let versions: [ReturnVersionRow]
    /// Rulings, the newest first.
    public let rulings: [ReturnRuling]
    /// What was asked about the newest version.
    public let comments: [ReturnComment]
    /// What reopenings changed.
    public let restatements: [ReturnRestatement]
    /// Who could certify it.
    public let certifiers: [PersonChoice]
}

/// What stands beside one figure.
public struct ReturnComparison: Hashable, Sendable {
    /// Which indicator.
    public let code: String
    /// Of the last return.
    public let last: String?
    /// The newest published period.
    public let period: String?
    /// The authority's own published figure, or its letter.
    public let own: String?
    /// England's.
    public let england: String?
    /// The middle of its statistical neighbours.
    public let neighbours: String?
    /// How many neighbours have a figure.
    public let neighbourCount: Int
}

/// One section, for its page.
public struct ReturnSectionView: Sendable {
    /// The return.
    public let subject: MonitoringReturn
    /// The authority's name.
    public let organisationName: String
    /// Which section.
    public let section: ReturnSection
    /// What it says.
    public let content: ReturnContent
    /// The one that was opened; saving names it.
    public let version: Int
    /// Who saved it last.
    public let editedBy: String?
    /// When it was saved last.
    public let editedAt: Instant?
    /// Whether this actor may write in it now.
    public let editable: Bool
    /// What must be reported.
    public let indicators: [ReturnIndicator]
    /// What stands beside each figure.
    public let comparisons: [ReturnComparison]
    /// The last return, if there is one.
    public let last: ReturnNeeds.Last?
    /// What the rules say.
    public let findings: [ReturnFinding]
    /// What the department asks.
    public let comments: [ReturnComment]
}

/// A whole return, to read.
public struct ReturnContentView: Sendable {
    /// The return.
    public let subject: MonitoringReturn
    /// As in a list.
    public let row: ReturnRow
    /// What it says.
    public let content: ReturnContent
    /// What had to be reported.
    public let indicators: [ReturnIndicator]
    /// Which version; 0 for a draft.
    public let number: Int
    /// What the rules say.
    public let findings: [ReturnFinding]
}

/// What came of an upload.
public struct ReturnUpload: Sendable {
    /// What is wrong, row by row.
    public let messages: [SheetMessage]
    /// Answers that differ from the draft.
    public let changes: Int
    /// Whether the answers were taken into the draft.
    public let applied: Bool
}

/// Counts of one indicator by authority and period, as they may be passed on.
public struct ReturnTable: Sendable {
    /// Which indicator.
    public let code: String
    /// Its name.
    public let name: String
    /// Authorities, by name.
    public let authorities: [String]
    /// Ends of periods.
    public let periods: [String]
    /// The numerators; nil where none was reported, with the letter where they are withheld.
    public let cells: [[String]]
    /// Totals of authorities; empty where totals would give something away.
    public let rowTotals: [String]
    /// Totals of periods.
    public let columnTotals: [String]
    /// How many counts are withheld.
    public let withheld: Int
    /// How many cells have no figure.
    public let missing: Int
}
