import Arguments

/// A command: its declaration, and what it does.
protocol Command: Sendable {
    static var spec: CommandSpec { get }
    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus
}
