import ArgumentParser

/// The administrator's front: the same core as the pages, without a browser.
@main
struct TouchstoneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "touchstone",
        abstract: "Runs a public innovation fund that learns: set-up, people, audit and reports from the command line.",
        discussion: """
            Commands that change people act as the owner of the personal API token in TOUCHSTONE_TOKEN. Commands that set
            up the installation (migrate, reference, demo, audit, doctor) use the database owner's connection in
            TOUCHSTONE_DATABASE_OWNER and are for the host only. Every command takes --json.
            """,
        subcommands: [
            MigrateCommand.self, StatusCommand.self, DoctorCommand.self, ReferenceCommand.self, PersonCommand.self,
            CapacityCommand.self, DelegationCommand.self, PermissionsCommand.self, WorkflowCommand.self,
            AuditCommand.self, StatisticsCommand.self, DemoCommand.self, ReportCommand.self, OpenAPICommand.self,
            BenchCommand.self,
        ])
}
