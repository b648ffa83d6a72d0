import Arguments
import Base
import Execution
import HostInterfaces
import Kinds
import Reporting
import Secrets
import State

/// `restart`: starts running services anew.
enum RestartCommand: Command {
    static let names = Positionals("service", help: "Only these services.", completion: .callback("services"))

    static let spec = CommandSpec(
        name: "restart", summary: "Starts running services anew, and waits until they serve.",
        arguments: [names.spec], group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        var (opened, lock) = try await OpenedWorkspace.locked(session, words: "restart", asksForTrust: true)
        defer { lock.release() }
        for name in parsed[names] where opened.workspace.node("service", name) == nil {
            throw CommandFailure(.usage, code: "unknown-node", "there is no service '\(name)'")
        }
        opened = try await opened.approved()
        try await Preparation.decidePorts(opened, writing: false)
        await Preparation.fetchSecrets(opened, writing: true)
        let clock = session.host.clock
        let start = clock.monotonicSeconds
        let isQuiet = session.reporting.progress == .quiet
        let mask = opened.values.mask
        do throws(NodeFailure) {
            let restarted = try await opened.services.restart(parsed[names]) { id in
                NodeReporter(
                    progress: { progress in
                        if !isQuiet { session.say("[\(id)] \(mask.mask(progress.words))") }
                    },
                    output: { _, _ in }, note: { text in session.say("[\(id)] \(mask.mask(text))") })
            }
            if session.isJSON {
                session.answer([
                    "schema": "devinit.restart/1", "restarted": .array(restarted.map { .string("service:\($0)") }),
                    "seconds": .number(clock.monotonicSeconds - start),
                ])
            } else {
                session.say(
                    restarted.isEmpty ? "nothing was running" : "restarted: \(restarted.joined(separator: ", "))")
            }
            return .done
        } catch {
            if !error.output.isEmpty { session.say(error.output.joined(separator: "\n")) }
            throw CommandFailure(.of([error]), code: "restart", error.message, suggestion: error.remedy)
        }
    }
}
