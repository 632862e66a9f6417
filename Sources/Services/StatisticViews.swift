public import Domain

/// One definition of an indicator.
public struct IndicatorDefinition: Hashable, Sendable, Codable {
    /// Permanent code.
    public let code: String
    /// Which definition: 1, 2, …
    public let number: Int
    /// As people read it.
    public let name: String
    /// What is counted.
    public let numerator: String
    /// Among whom.
    public let denominator: String
    /// `previous_year` where the denominator is the population of the year before; else empty.
    public let populationBasis: String
    /// What a value counts.
    public let unit: Indicator.Unit
    /// Decimal places.
    public let decimals: Int
    /// What the quotient is multiplied by; 0 where there is none.
    public let scale: Int
    /// How it is rounded.
    public let rounding: String
    /// Which way is better.
    public let polarity: Indicator.Polarity
    /// What kind of period.
    public let periodType: String
    /// Where it is collected.
    public let source: String
    /// Months after the end of a period until it is public.
    public let availableAfterMonths: Int
    /// Counts below this are small.
    public let threshold: Int
    /// The plausible band.
    public let plausibleLow: String?
    /// The plausible band.
    public let plausibleHigh: String?
    /// What it belongs to in the framework.
    public let tags: [String]
    /// From when the definition holds.
    public let validFrom: Day
    /// Whether bids choose from it.
    public let isOffered: Bool
    /// The newest period with published figures.
    public let newestPeriod: String?
}

/// A published figure of one area.
public struct PublishedFigure: Hashable, Sendable, Codable {
    /// The area's kind: authority, joint, region, country.
    public let geography: String
    /// Its code.
    public let areaCode: String
    /// Its name.
    public let areaName: String
    /// The authority, where it is one.
    public let organisation: OrganisationID?
    /// Which period.
    public let period: String
    /// What was counted, as published.
    public let numerator: String?
    /// Among whom.
    public let denominator: String?
    /// The figure; nil where a letter stands.
    public let figure: String?
    /// Why there is none.
    public let status: FigureStatus
    /// Who published it.
    public let source: String

    /// The figure, or the letter in its place. Never nought for want of one.
    public var text: String { figure ?? status.letter ?? FigureStatus.notAvailable.letter ?? "x" }
}

/// What was published for one indicator.
public struct IndicatorFigures: Sendable {
    /// The definition in force.
    public let definition: IndicatorDefinition
    /// All definitions, the newest first.
    public let versions: [IndicatorDefinition]
    /// Periods and groups with figures, the newest first.
    public let periods: [FigurePeriod]
    /// The period shown.
    public let period: String?
    /// The group shown.
    public let cohort: String
    /// By area.
    public let figures: [PublishedFigure]
    /// All authorities together.
    public let pooled: PooledFigure?
    /// Files that it came from, the newest first.
    public let loads: [StatisticsLoad]
}

/// A period with figures.
public struct FigurePeriod: Hashable, Sendable {
    /// Which.
    public let period: String
    /// Of which group; empty for all.
    public let cohort: String
    /// How many areas.
    public let areas: Int
}

/// Authorities together: their counts added up.
public struct PooledFigure: Hashable, Sendable, Codable {
    /// All that was counted.
    public let numerator: String?
    /// Among whom.
    public let denominator: String?
    /// The figure.
    public let figure: String?
    /// Authorities in it.
    public let authorities: Int
    /// Authorities without both counts.
    public let excluded: Int
}

/// A file that was loaded.
public struct StatisticsLoad: Hashable, Sendable {
    /// Its name.
    public let file: String
    /// SHA-256, in hex.
    public let sha256: String
    /// Figures that were new.
    public let added: Int
    /// Figures that differed.
    public let changed: Int
    /// When.
    public let at: Instant
}

/// What was published about one authority.
public struct AuthorityFigures: Sendable {
    /// The authority.
    public let organisation: OrganisationID
    /// Its name.
    public let name: String
    /// One row for each indicator and group.
    public let rows: [AuthorityFigure]
}

/// One indicator of one authority beside others.
public struct AuthorityFigure: Hashable, Sendable, Codable {
    /// Which indicator.
    public let code: String
    /// Its name.
    public let name: String
    /// Of which group; empty for all.
    public let cohort: String
    /// What a value counts.
    public let unit: Indicator.Unit
    /// Which way is better.
    public let polarity: Indicator.Polarity
    /// The newest period.
    public let period: String
    /// The authority's, or a letter.
    public let own: String
    /// Why there is no figure.
    public let status: FigureStatus
    /// England's, or a letter; empty where there is none.
    public let england: String
    /// Its region's.
    public let region: String
    /// The middle of its statistical neighbours.
    public let neighbours: String
    /// How many neighbours have a figure.
    public let neighbourCount: Int
}

/// What a load of a statistics file did, or would do.
public struct StatisticsReport: Sendable {
    /// The file.
    public let file: String
    /// Its SHA-256, in hex.
    public let sha256: String
    /// What happened.
    public let content: Content
    /// The whole report as JSON.
    public let json: String

    /// What the database found.
    public struct Content: Hashable, Sendable, Codable {
        /// Whether the file was sound; if not, nothing was written.
        public let accepted: Bool
        /// Which format it has.
        public let format: String?
        /// Lines read.
        public let rows: Int?
        /// Figures in them.
        public let figures: Int?
        /// Figures that were not on record.
        public let added: Int?
        /// Figures that differ from what was on record.
        public let changed: Int?
        /// Figures that are on record as they are.
        public let unchanged: Int?
        /// Cells that hold a letter.
        public let suppressed: Int?
        /// How often each letter.
        public let letters: [String: Int]?
        /// Lines of areas that nobody knows.
        public let unmatched: Int?
        /// Areas that publish together.
        public let jointAreas: [String]?
        /// GSS codes that are not today's.
        public let gssChanges: [GSSChange]?
        /// What differs, the first of it.
        public let changes: [Change]?
        /// What is wrong with the file.
        public let problems: [Problem]?
        /// How many such problems.
        public let problemCount: Int?

        /// Whether anything is new.
        public var changedAnything: Bool { (added ?? 0) + (changed ?? 0) > 0 }

        private enum CodingKeys: String, CodingKey {
            case accepted, format, rows, figures, added, changed, unchanged, suppressed, letters, unmatched, changes,
                problems
            case jointAreas = "joint_areas", gssChanges = "gss_changes", problemCount = "problem_count"
        }
    }

    /// A GSS code that is not today's.
    public struct GSSChange: Hashable, Sendable, Codable {
        /// The stable key.
        public let dfeCode: String
        /// The authority.
        public let name: String
        /// In the file.
        public let inFile: String
        /// Today's.
        public let onRecord: String?

        private enum CodingKeys: String, CodingKey {
            case name, dfeCode = "dfe_code", inFile = "in_file", onRecord = "on_record"
        }
    }

    /// A figure that differs.
    public struct Change: Hashable, Sendable, Codable {
        /// Which indicator.
        public let indicatorCode: String
        /// Which period.
        public let period: String
        /// Which area.
        public let areaName: String
        /// What was on record.
        public let before: String
        /// What the file says.
        public let after: String

        private enum CodingKeys: String, CodingKey {
            case period, before, after, indicatorCode = "indicator_code", areaName = "area_name"
        }
    }

    /// What is wrong with a line.
    public struct Problem: Hashable, Sendable, Codable {
        /// Which line.
        public let line: Int
        /// Which column.
        public let column: String
        /// What is wrong.
        public let sentence: String
    }
}
