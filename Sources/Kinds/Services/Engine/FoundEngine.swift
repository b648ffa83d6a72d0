import Base
import Execution
import HostInterfaces
import ManifestModel
import State

/// The engine that answers, and how Compose is called for it.
struct FoundEngine: Sendable {
    let name: EngineName
    let endpoint: EngineEndpoint
    let client: EngineClient
    /// Nil where none is there.
    let compose: ComposeProgram?

    /// A call of Compose for services of one project: that of the generated file, or that of existing files.
    func composeArguments(
        _ services: [ContainerService], _ workspace: Workspace
    ) throws(NodeFailure) -> [String] {
        guard let adopted = services.first?.adopted else { return try composeArguments(workspace) }
        let program = try wholeProgram()
        return adopted.arguments(program.callWords, for: services.map(\.name))
    }

    /// One that takes existing Compose files.
    func wholeProgram() throws(NodeFailure) -> ComposeProgram {
        let program = try composeProgram()
        if program.traits.isWhole { return program }
        throw NodeFailure(
            .prerequisite, "\(program.traits.title) does not take existing compose files as devinit calls it",
            remedy: "install docker-compose beside Podman, then run devinit up again")
    }

    /// A call of Compose for the engine's generated file.
    func composeArguments(_ workspace: Workspace) throws(NodeFailure) -> [String] {
        let program = try composeProgram()
        return program.callWords + ["-p", workspace.project, "-f", workspace.composeFile(name).text]
    }

    /// Fails where there is none.
    func composeProgram() throws(NodeFailure) -> ComposeProgram {
        guard let compose else {
            throw NodeFailure(
                .prerequisite, "the engine answers, but Compose is missing",
                remedy: client.isPodman
                    ? "install docker-compose or podman-compose, then run devinit up again"
                    : "install the plugin docker-compose-plugin, or docker-compose, then run devinit up again")
        }
        return compose
    }

    /// The environment of a call: what the user's is, the engine that was found, secrets by name, and for existing files
    /// the project's name, which Compose 1.29 knows in them by no other way.
    func environment(
        _ host: Host, secrets: [String: String] = [:], of adopted: AdoptedProject? = nil
    ) -> [String: String] {
        var environment = host.environment
        for name in ["COMPOSE_FILE", "COMPOSE_PROJECT_NAME", "COMPOSE_PROFILES", "COMPOSE_ENV_FILES"] {
            environment[name] = nil
        }
        if let adopted { environment["COMPOSE_PROJECT_NAME"] = adopted.name }
        environment = endpoint.environment(environment)
        // podman-compose calls `podman`, which else works on its own, whatever engine was found.
        if compose?.generation == .podman { environment["CONTAINER_HOST"] = endpoint.address }
        return environment.merging(secrets) { $1 }
    }

    /// What is said when it answered before and does so no more.
    func stopped(_ context: NodeContext) -> NodeFailure {
        let search = name.search(client.host, context.settings)
        return NodeFailure(
            .prerequisite, "the container engine stopped (\(endpoint.origin), \(endpoint.address))",
            remedy: search.startAdvice() + "; devinit up then goes on from there")
    }

    /// What is said when no engine answers.
    static func nothingAnswers(_ search: EngineSearch, _ reasons: [String]) -> NodeFailure {
        let message: String
        if search.isContext, search.stated == nil {
            message = "there is no Docker context '\(search.choice)' on this machine"
        } else if reasons.isEmpty {
            message = "no container engine was found"
        } else {
            message = "no container engine answers (\(reasons.joined(separator: "; ")))"
        }
        return NodeFailure(.prerequisite, message, remedy: search.startAdvice())
    }
}
