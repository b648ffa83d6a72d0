import Arguments
import Base
import Execution
import HostInterfaces
import Kinds

/// `compose`: Compose itself, with the files and the project of this workspace.
enum ComposeCommand: Command {
    static let adopted = Flag(
        "adopted", help: "The project of 'compose.files', where devinit has services of its own too.", variable: .none)

    static let engine = Option<String?>(
        "engine", value: "NAME", type: .text, help: "The engine, as 'engine' of its services has it.", variable: .none)

    static let spec = CommandSpec(
        name: "compose", summary: "Calls Compose with this workspace's files and project.",
        discussion:
            "The engine is the one that devinit uses, and the exit status is Compose's own. Services that name an "
            + "engine of their own are in a file of their own: --engine NAME.",
        arguments: [adopted.spec, engine.spec],
        examples: [
            Example("devinit compose -- ps", help: "Lists the containers."),
            Example("devinit compose -- exec postgres psql -U postgres", help: "Opens a shell of the database."),
        ],
        group: CommandTable.more,
        passthroughAfterDashes: Passthrough("ARGS", required: true, help: "The words for Compose."))

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let opened = try await OpenedWorkspace.open(session).approved()
        try await Preparation.settle(opened, writing: false)
        let end: ProcessResult.End
        do throws(NodeFailure) {
            let request = try await opened.services.compose(
                parsed.passthrough, isAdopted: parsed[adopted], engine: parsed[engine])
            do throws(ProcessError) {
                end = try await session.host.processes.run(request, onOutput: nil).end
            } catch { throw NodeFailure(.prerequisite, "Compose can't be started: \(error)") }
        } catch {
            throw CommandFailure(.of([error]), code: "compose", error.message, suggestion: error.remedy)
        }
        switch end {
        case .exited(let code): return ExitStatus(code: code)
        case .signalled(let number): return .signal(number)
        case .timedOut, .cancelled: return .signal(2)
        }
    }
}
