extension Workflow {
    /// The tables as rows for the database's `workflow.transition`, in a stable order.
    public static var sql: String {
        let rows = transitions.map { row in
            "    ('\(row.machine.rawValue)', '\(row.from)', '\(row.event)', '\(row.to)', '{\(row.actors.joined(separator: ","))}')"
        }
        return "insert into workflow.transition (machine, from_state, event, to_state, capacities) values\n"
            + rows.joined(separator: ",\n") + ";\n"
    }

    /// One Markdown section per machine: a table of transitions with who and under which conditions.
    public static var markdown: String {
        Machine.allCases.map(markdown).joined(separator: "\n")
    }

    /// The Markdown section of one machine.
    public static func markdown(_ machine: Machine) -> String {
        let rows = table(machine).map { row in
            let who = row.capacities.map(\.label) + (row.bySystem ? ["the system"] : [])
            let cells = [
                row.from.isEmpty ? "–" : "`\(row.from)`", "`\(row.event)`", "`\(row.to)`", who.joined(separator: ", "),
                row.guards.map(\.sentence).joined(separator: " "), row.duty?.rawValue ?? "",
                row.notifies.map { words($0.rawValue) }.joined(separator: ", "),
            ]
            return "| " + cells.joined(separator: " | ") + " |"
        }
        return """
            ## \(machine.rawValue)

            | from | event | to | who | conditions | duty | tells |
            |---|---|---|---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }

    /// One Graphviz graph with a cluster per machine; the README's diagrams are made of it.
    public static var dot: String {
        let clusters = Machine.allCases.map { machine in
            let nodes = machine.states.map { "        \(node(machine, $0)) [label=\"\(words($0))\"];" }
            let edges = table(machine).map { row in
                "        \(node(machine, row.from)) -> \(node(machine, row.to)) [label=\"\(words(row.event))\"];"
            }
            return """
                    subgraph cluster_\(machine.rawValue) {
                        label="\(machine.rawValue)";
                        \(node(machine, "")) [shape=point, label=""];
                \(nodes.joined(separator: "\n"))
                \(edges.joined(separator: "\n"))
                    }
                """
        }
        return """
            digraph workflow {
                rankdir=LR;
                node [shape=box, style=rounded];
            \(clusters.joined(separator: "\n"))
            }

            """
    }

    private static func node(_ machine: Machine, _ state: String) -> String {
        "\(machine.rawValue)_\(state.isEmpty ? "start" : state)"
    }
}
