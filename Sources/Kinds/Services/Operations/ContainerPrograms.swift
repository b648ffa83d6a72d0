import Base
import Execution
import HostInterfaces
import ManifestModel

/// What is done with a container by a program that has the terminal, through Compose where that does it whole, else
/// through `podman`.
struct ContainerPrograms {
    let service: ContainerService
    let engine: FoundEngine
    let context: NodeContext

    private var folder: Path { service.adopted?.request.folder ?? context.workspace.root }

    /// Words of a command in the running container. Variables go by name, their values by the call's environment: an
    /// argument could be read by others.
    func entering(_ words: [String], variables: [String], isTerminal: Bool) async throws(NodeFailure) -> [String] {
        let names = variables.sorted().flatMap { ["-e", $0] }
        guard try engine.composeProgram().traits.isWhole else {
            return ["podman", "exec", isTerminal ? "-it" : "-i"] + names + [try await container()] + words
        }
        return try engine.composeArguments(findingContainersOf: service, context) + ["exec"]
            + (isTerminal ? [] : ["-T"]) + names
            + [service.name] + words
    }

    /// Shows what the container wrote; without `prefixed` the lines do not name it.
    func logs(follow: Bool, lines: Int?, prefixed: Bool) async throws(NodeFailure) -> [String] {
        let options = (follow ? ["--follow"] : []) + (lines.map { ["--tail=\($0)"] } ?? [])
        guard try engine.composeProgram().traits.isWhole else {
            return ["podman", "logs"] + options + [try await container()]
        }
        return try engine.composeArguments(findingContainersOf: service, context) + ["logs"] + options
            + (prefixed ? [] : ["--no-log-prefix"]) + [service.name]
    }

    func request(_ words: [String], environment: [String: String] = [:]) -> ProcessRequest {
        ProcessRequest(
            words, environment: engine.environment(context.host, of: service.adopted).merging(environment) { $1 },
            folder: folder)
    }

    private func container() async throws(NodeFailure) -> String {
        let containers = try await context.engine(of: service).containers(context)
        guard let own = containers.first(where: { $0.belongs(to: service, in: context.workspace) }) else {
            throw NodeFailure(
                .prerequisite, "'\(service.name)' has no container",
                remedy: "start it with: devinit up \(service.name)")
        }
        return own.id
    }
}
