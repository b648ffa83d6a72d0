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
            return ["podman", "exec", isTerminal ? "-it" : "-i"] + names + [try await running()] + words
        }
        return try engine.composeArguments(findingContainersOf: service, context) + ["exec"]
            + (isTerminal ? [] : ["-T"]) + names
            + [service.name] + words
    }

    /// Shows what the container wrote; without `prefixed` the lines do not name it.
    func logs(follow: Bool, lines: Int?, prefixed: Bool) async throws(NodeFailure) -> [String] {
        let options = (follow ? ["--follow"] : []) + (lines.map { ["--tail=\($0)"] } ?? [])
        guard try engine.composeProgram().traits.isWhole else {
            return Self.logsOfEach(try await own().map(\.id), options)
        }
        return try engine.composeArguments(findingContainersOf: service, context) + ["logs"] + options
            + (prefixed ? [] : ["--no-log-prefix"]) + [service.name]
    }

    func request(_ words: [String], environment: [String: String] = [:]) -> ProcessRequest {
        ProcessRequest(
            words, environment: engine.environment(context.host, of: service.adopted).merging(environment) { $1 },
            folder: folder)
    }

    /// `podman logs` takes one container where it speaks to an engine by its address. What a
    /// shell begins in the background is deaf to an interrupt, so it is ended.
    private static func logsOfEach(_ containers: [String], _ options: [String]) -> [String] {
        let call = ["podman", "logs"] + options
        guard containers.count > 1 else { return call + containers }
        let words = call.joined(separator: " ")
        let script =
            options.contains("--follow")
            ? """
            for container; do \(words) "$container" & pids="$pids $!"; done
            trap 'kill $pids' INT TERM HUP
            wait
            """ : "for container; do \(words) \"$container\"; done"
        return ["sh", "-c", script, "sh"] + containers
    }

    private func running() async throws(NodeFailure) -> String {
        let own = try await own()
        guard let container = service.entered(of: own) else {
            throw NodeFailure(
                .prerequisite, "no container of '\(service.name)' runs",
                remedy: "start it with: devinit up \(service.name)")
        }
        return container.id
    }

    private func own() async throws(NodeFailure) -> [ContainerState] {
        let own = service.own(try await context.engine(of: service).containers(context), in: context.workspace)
        if !own.isEmpty { return own }
        throw NodeFailure(
            .prerequisite, "'\(service.name)' has no container",
            remedy: "start it with: devinit up \(service.name)")
    }
}
