import Arguments
import Kinds
import Reporting

/// `run`: one step now, manual ones too.
enum RunCommand: Command {
    static let step = Positionals(
        "step", least: 1, most: 1, help: "The step's name.", completion: .callback("steps"))

    static let spec = CommandSpec(
        name: "run", summary: "Runs one step now, also a manual one.",
        discussion: """
            What the step needs is brought up first. The step itself runs whatever its record says, and what it \
            writes is shown as it comes.
            """,
        arguments: [step.spec, UpCommand.trust.spec],
        examples: [Example("devinit run reset-db", help: "Runs the manual step reset-db.")],
        group: CommandTable.first,
        passthroughAfterDashes: Passthrough("ARGS", help: "Words added to the step's command."))

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let name = parsed[step][0]
        let target = name.contains(":") ? name : "step:\(name)"
        var selection = Selection()
        selection.targets = [target]
        var request = RunRequest(selection: selection, words: "run \(name)")
        request.rerun = [target]
        request.trusts = parsed[UpCommand.trust]
        request.extraArguments = parsed.passthrough
        request.showsOutput = true
        // What the step writes and a view that is redrawn can't share a screen.
        var session = session
        if session.reporting.progress == .tty { session.reporting.progress = .plain }
        return try await RunSession.run(request, session)
    }
}
