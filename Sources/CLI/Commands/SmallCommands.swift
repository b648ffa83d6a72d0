import Arguments
import Base
import Execution
import HostInterfaces
import Kinds
import ManifestModel
import Reporting
import State

/// `help`: the same as `--help`.
enum HelpCommand: Command {
    static let topic = Positionals("command", most: 1, help: "The command to explain.")

    static let spec = CommandSpec(
        name: "help", summary: "Explains a command, or lists them all.", arguments: [topic.spec],
        group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        guard let name = parsed[topic].first else {
            session.answer(CommandLineTool.helpText(nil, session, stream: .output), as: "help")
            return .done
        }
        guard let command = CommandTable.program.command(named: name) else {
            let error = UsageError(
                program: "devinit", command: nil,
                kind: .unknownCommand(
                    name, suggestion: TextDistance.nearest(to: name, among: CommandTable.program.commands.map(\.name))))
            throw CommandFailure(.usage, code: "unknown-command", error.message, suggestion: error.advice)
        }
        session.answer(CommandLineTool.helpText(command, session, stream: .output), as: "help")
        return .done
    }
}

/// `version`: the same as `--version`.
enum VersionCommand: Command {
    static let spec = CommandSpec(name: "version", summary: "Prints the version.", group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        if session.isJSON {
            session.answer(["schema": "devinit.version/1", "version": .string(ProgramVersion.text)])
        } else {
            session.answer("devinit \(ProgramVersion.text)")
        }
        return .done
    }
}

/// `completions`: a script for the shell.
enum CompletionsCommand: Command {
    static let shell = Positionals(
        "shell", type: .choice(["bash", "zsh", "fish"]), least: 1, most: 1, help: "The shell.")

    static let spec = CommandSpec(
        name: "completions", summary: "Prints the completion script of a shell.", arguments: [shell.spec],
        examples: [
            Example("devinit completions bash", help: "Put its output where bash-completion looks.")
        ],
        group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        guard let shell = Completions.Shell(rawValue: parsed[shell][0]) else { return .usage }
        session.answer(Completions.script(for: shell, program: CommandTable.program), as: "completions")
        return .done
    }
}

/// `__complete`: words for the shell, asked by its completion script. Executes nothing of the manifest.
enum CompleteCommand: Command {
    static let sort = Positionals("sort", least: 1, most: 1, help: "What is completed.")

    static let spec = CommandSpec(
        name: "__complete", summary: "Lists words for completion.", arguments: [sort.spec], group: nil,
        passthroughAfterDashes: Passthrough("WORDS", help: "The words typed so far."))

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        if parsed[sort][0] == "runs" {
            guard let (manifest, _) = try? OpenedWorkspace.located(session) else { return .done }
            let runs = WorkspaceFolder(root: manifest.root).runs
            for id in RecordedRuns(files: session.host.files, runs: runs).ids.reversed() { session.answer(id) }
            return .done
        }
        guard let opened = try? OpenedWorkspace.open(session) else { return .done }
        let kind: String? =
            switch parsed[sort][0] {
            case "steps": "step"
            case "services": "service"
            case "secrets": "secret"
            case "env-files": "env"
            default: nil
            }
        let ids = opened.workspace.order.filter { kind == nil || $0.kind == kind }
        for word in Set(ids.map(\.name) + (kind == nil ? ids.map(\.description) : [])).sorted() { session.answer(word) }
        return .done
    }
}
