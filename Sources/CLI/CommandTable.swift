import Arguments

/// Every command, one line each, in the order of the help.
enum CommandTable {
    static let commands: [any Command.Type] = [
        UpCommand.self, DoctorCommand.self, PlanCommand.self, StatusCommand.self, DownCommand.self, RunCommand.self,
        SyncCommand.self, EnvironmentCommand.self, SecretsCommand.self, LogsCommand.self, ReportCommand.self,
        RestartCommand.self, ExecCommand.self, OpenCommand.self, ComposeCommand.self, DataCommand.self,
        ServicesCommand.self, ExportCommand.self, ValidateCommand.self, ConfigCommand.self, SchemaCommand.self,
        GraphCommand.self,
        TrustCommand.self, CompletionsCommand.self, HelpCommand.self, VersionCommand.self, CompleteCommand.self,
    ]

    static let first = "The six to learn"
    static let more = "When you look for it"

    static let program = Program(
        name: "devinit", summary: "Makes this machine match the team's manifest.",
        discussion: "Run 'devinit up' in a folder that has an init.yaml, or below one.",
        globals: GlobalOptions.specs, commands: commands.map { $0.spec }, groups: [first, more],
        hints: [
            Hint("start", suggestion: "devinit up"), Hint("install", suggestion: "devinit up"),
            Hint("apply", suggestion: "devinit up"), Hint("stop", suggestion: "devinit down"),
            Hint("check", suggestion: "devinit doctor"), Hint("lint", suggestion: "devinit validate"),
        ])

    static func command(named name: String) -> (any Command.Type)? { commands.first { $0.spec.name == name } }
}
