import ArgumentParser
import Domain
import Foundation

/// Prints the permission table from the code.
struct PermissionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "permissions", abstract: "Print who may do what, from the code itself.")

    @Flag(help: "As a Markdown table.") var markdown = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        struct Row: Encodable {
            let action: String, capacities: [String], roles: [String], condition: String, writes: Bool, stepUp: Bool
            let sentence: String
        }
        if markdown {
            print(Permission.markdown, terminator: "")
        } else {
            try output.say(
                Permission.tsv.trimmingCharacters(in: .newlines),
                Action.allCases.map { action in
                    let row = action.permission
                    return Row(
                        action: action.rawValue, capacities: row.capacities.map(\.rawValue),
                        roles: row.roles.map(\.rawValue), condition: row.condition.rawValue, writes: row.writes,
                        stepUp: row.needsStepUp, sentence: row.sentence)
                })
        }
    }
}

/// Prints the state machines from the code.
struct WorkflowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflow", abstract: "Print every state machine, from the code itself.")

    @Flag(help: "As a Graphviz graph.") var dot = false
    @Flag(help: "As Markdown tables.") var markdown = false
    @Flag(help: "As the rows of the database's transition table.") var sql = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        struct Row: Encodable { let machine: String, from: String, event: String, to: String, who: [String] }
        if dot {
            print(Workflow.dot, terminator: "")
        } else if sql {
            print(Workflow.sql, terminator: "")
        } else if output.json {
            print(
                try Output.json(
                    Workflow.transitions.map {
                        Row(machine: $0.machine.rawValue, from: $0.from, event: $0.event, to: $0.to, who: $0.actors)
                    }))
        } else {
            print(Workflow.markdown, terminator: "")
        }
    }
}
