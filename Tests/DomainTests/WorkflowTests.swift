import Domain
import Testing

/// The tables of what may happen and who may do it.
@Suite struct WorkflowTests {
    @Test("From one state, one event leads to one place")
    func deterministic() {
        var seen: Set<String> = []
        for row in Workflow.transitions {
            #expect(
                seen.insert("\(row.machine) \(row.from) \(row.event)").inserted,
                "\(row.machine) \(row.from) \(row.event)")
        }
    }

    @Test("Every transition is for somebody, and for nobody who only reads")
    func actors() {
        for row in Workflow.transitions {
            #expect(!row.capacities.isEmpty || row.bySystem, "\(row.machine) \(row.event)")
            #expect(!row.capacities.contains(.auditor), "\(row.machine) \(row.event)")
        }
    }

    @Test("No action is for nobody, and none that changes anything is for an auditor")
    func permissions() {
        for action in Action.allCases {
            let row = action.permission
            #expect(!row.capacities.isEmpty || !row.roles.isEmpty, "\(action.rawValue)")
            #expect(!row.writes || !row.capacities.contains(.auditor), "\(action.rawValue)")
        }
    }
}
