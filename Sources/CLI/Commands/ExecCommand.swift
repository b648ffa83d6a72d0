import Arguments
import Execution
import HostInterfaces
import Kinds
import State

/// `exec`: a command of one's own where a node works.
enum ExecCommand: Command {
    static let node = Positionals(
        "node", least: 1, most: 1, help: "A service, a step or a repository.", completion: .callback("nodes"))

    static let spec = CommandSpec(
        name: "exec", summary: "Runs a command where a node works.",
        discussion: """
            In a service's container; for a service without one, a step or a repository, in its folder with its \
            variables. The terminal, standard input and the exit status are passed through.
            """,
        arguments: [node.spec],
        examples: [
            Example("devinit exec postgres -- psql -U postgres", help: "A shell of the database."),
            Example("devinit exec api -- npm outdated", help: "In the folder of the repository api."),
            Example("devinit exec postgres -- psql -U postgres < dump.sql", help: "With a file as its input."),
        ],
        group: CommandTable.more, passthroughAfterDashes: Passthrough("COMMAND", help: "The command and its words."))

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        guard !parsed.passthrough.isEmpty else {
            throw CommandFailure(
                .usage, code: "usage", "'exec' needs a command after '--'",
                suggestion: "devinit exec \(parsed[node][0]) -- COMMAND")
        }
        if session.isJSON {
            throw CommandFailure(
                .usage, code: "usage", "what a command of your own writes is no document, so --json means nothing here")
        }
        var opened = try OpenedWorkspace.open(session)
        let id = try target(parsed[node][0], opened)
        // Variables that the manifest states change what a command does, so they count once they are approved.
        if !opened.services.isContainer(id) { opened = try await opened.approved() }
        try await Preparation.settle(opened, writing: false)
        let isTerminal = session.host.terminal.canAsk && session.host.terminal.isTerminal(.output)
        do throws(NodeFailure) {
            var request = try await opened.services.entering(id, parsed.passthrough, isTerminal: isTerminal)
            request.output = .terminal
            request.timeLimit = nil
            // Ctrl-C is for the command, which has the terminal too: psql only drops a line.
            Interrupts.leaveToChild()
            let result: ProcessResult
            do throws(ProcessError) {
                result = try await session.host.processes.run(request, onOutput: nil)
            } catch { throw NodeFailure(.prerequisite, error.description) }
            switch result.end {
            case .exited(let status): return ExitStatus(code: status)
            case .signalled(let signal): return .signal(signal)
            case .timedOut: return .timedOut
            case .cancelled: return .signal(2)
            }
        } catch {
            throw CommandFailure(.of([error]), code: "exec", error.message, suggestion: error.remedy)
        }
    }

    /// A name that several nodes share is first a service, then a repository, then a step.
    private static func target(_ name: String, _ opened: OpenedWorkspace) throws(CommandFailure) -> NodeID {
        for kind in ["service", "repo", "step"] where opened.workspace.node(kind, name) != nil {
            return NodeID(kind, name)
        }
        return try opened.node(named: name)
    }
}
