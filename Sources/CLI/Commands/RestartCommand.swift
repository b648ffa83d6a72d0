import Arguments
import State
import Execution
import Kinds

/// `restart`: starts running services anew.
enum RestartCommand: Command {
    static let names = Positionals("service", help: "Only these services.", completion: .callback("services"))

    static let spec = CommandSpec(
        name: "restart", summary: "Starts running services anew.", arguments: [names.spec], group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        var (opened, lock) = try await OpenedWorkspace.locked(session, words: "restart", asksForTrust: true)
        defer { lock.release() }
        for name in parsed[names] where opened.workspace.node("service", name) == nil {
            throw CommandFailure(.usage, code: "unknown-node", "there is no service '\(name)'")
        }
        opened = try await opened.approved()
        try await Preparation.decidePorts(opened, writing: false)
        await Preparation.fetchSecrets(opened, writing: true)
        do throws(NodeFailure) {
            try await opened.services.restart(parsed[names])
            return .done
        } catch {
            throw CommandFailure(.of([error]), code: "restart", error.message, suggestion: error.remedy)
        }
    }
}
