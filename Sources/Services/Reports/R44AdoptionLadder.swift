import Domain
import Postgres

extension ReportDefinition {
    /// View 44.
    static let adoptionLadder = ReportDefinition(
        "Adoption ladder", "How far did each practice spread?", action: .reportReadWhole, filters: ["practice"],
        columns: [
            .of(.text, "practice", "Practice"), .of(.text, "level", "Level of evidence"), .of(.text, "rung", "Rung"),
            .of(.count, "authorities", "Authorities"), .of(.count, "out_of", "Out of"),
            .share("authorities", of: "out_of"), .of(.count, "verified", "Verified by somebody else"),
        ],
        reading: ["Authorities say for themselves where they stand; what somebody else has verified is counted apart."]
    ) { query in
        (
            "report.r44",
            """
            select practice, level, rung, authorities, out_of, verified, numerator, denominator, excluded, why
            from report.r44_adoption_ladder(coalesce(\(query.asAt), now()), \(query.filters.practice))
            """
        )
    }
}
