extension Permission {
    /// The table as tab-separated values with a header line; the golden file is this output.
    public static var tsv: String {
        let header = ["action", "capacities", "roles", "condition", "writes", "step_up", "sentence"]
        let rows = Action.allCases.map { action in
            let row = action.permission
            return [
                action.rawValue, row.capacities.map(\.rawValue).joined(separator: ","),
                row.roles.map(\.rawValue).joined(separator: ","), row.condition.rawValue, row.writes ? "yes" : "no",
                row.needsStepUp ? "yes" : "no", row.sentence,
            ]
        }
        return ([header] + rows).map { $0.joined(separator: "\t") + "\n" }.joined()
    }

    /// The table for people to read.
    public static var markdown: String {
        let rows = Action.allCases.map { action in
            let row = action.permission
            let who = row.capacities.map(\.label) + row.roles.map { "anyone of role \($0.label)" }
            let notes = (row.writes ? ["changes"] : ["looks"]) + (row.needsStepUp ? ["fresh proof of identity"] : [])
            return
                "| `\(action.rawValue)` | \(who.joined(separator: ", ")) | \(Workflow.words(row.condition.rawValue)) "
                + "| \(notes.joined(separator: ", ")) | \(row.sentence) |"
        }
        return """
            | action | who | condition | kind | as refusals say it |
            |---|---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }
}
