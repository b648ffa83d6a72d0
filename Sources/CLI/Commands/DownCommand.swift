import Arguments
import Base
import HostInterfaces
import State
import Execution
import Kinds

/// `down`: stops services, keeps their data.
enum DownCommand: Command {
    static let volumes = Flag(
        "volumes", help: "Remove the data of the services too, after listing it.", variable: .none)

    static let spec = CommandSpec(
        name: "down", summary: "Stops the services and keeps their data.",
        discussion: "Repositories, env files and everything else stay as they are.", arguments: [volumes.spec],
        group: CommandTable.first, hints: [Hint("-v", suggestion: "--volumes")])

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let (opened, lock) = try await OpenedWorkspace.locked(session, words: "down")
        defer { lock.release() }
        try await Preparation.decidePorts(opened, writing: false)
        let operations = opened.services
        var stopped: [String] = []
        do throws(NodeFailure) {
            if parsed[volumes] {
                let lost = try await operations.lostVolumes().map(\.words) + operations.lostFolders().map(\.text)
                if !lost.isEmpty, !(await agrees(lost, session)) {
                    throw NodeFailure(
                        .prerequisite, "nothing was removed", remedy: "answer the question in a terminal")
                }
            }
            stopped = await operations.stopNative()
            if parsed[volumes] { try operations.removeFolders() }
            let answers = try await operations.removeContainers(
                volumes: parsed[volumes], stopped: &stopped, reporter: session.noting)
            if stopped.isEmpty, let instance = opened.workspace.instance {
                let others = await operations.instances().instances.compactMap(\.name).filter { $0 != instance }
                if !others.isEmpty {
                    session.say(
                        "note: no engine has anything of the instance '\(instance)'; there are: "
                            + others.joined(separator: ", "))
                }
            }
            if !answers { session.say("note: no container engine answers, and none was used here before") }
            if session.isJSON {
                session.answer([
                    "schema": "devinit.down/1", "stopped": .array(stopped.map { .string($0) }),
                    "volumes_removed": .bool(parsed[volumes]),
                ])
            } else {
                session.say(stopped.isEmpty ? "nothing was running" : "stopped: \(stopped.joined(separator: ", "))")
            }
            return .done
        } catch {
            if !stopped.isEmpty { session.say("stopped: \(stopped.joined(separator: ", "))") }
            throw CommandFailure(.of([error]), code: "down", error.message, suggestion: error.remedy)
        }
    }

    /// Losing data is never answered by `--yes`; naming `--volumes` without a person at hand is the consent.
    private static func agrees(_ lost: [String], _ session: Session) async -> Bool {
        session.say("this removes data for good:\n" + lost.map { "  \($0)" }.joined(separator: "\n"))
        guard session.mayAsk else { return true }
        let answer = await session.host.terminal.ask("Remove it? [y/N] ", hidden: false)
        return ["y", "yes"].contains(answer?.lowercased() ?? "")
    }
}
