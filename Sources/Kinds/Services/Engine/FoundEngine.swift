import Base
import Execution
import HostInterfaces
import ManifestModel
import State

/// The engine that answers, and how Compose is called for it.
struct FoundEngine: Sendable {
    /// The journal's name for which engine holds the workspace's data.
    static let fact = "services/engine"

    let endpoint: EngineEndpoint
    let client: EngineClient
    /// The first words of a call of Compose; nil where there is none.
    let compose: [String]?

    /// A call of Compose for services of one project: that of the generated file, or that of existing files.
    func composeArguments(
        _ services: [ContainerService], _ workspace: Workspace
    ) throws(NodeFailure) -> [String] {
        guard let adopted = services.first?.adopted else { return try composeArguments(workspace) }
        return adopted.arguments(try composeProgram(), for: services.map(\.name))
    }
    /// Compose 2, of which more is known than of a program that is named `docker-compose`.
    var isPlugin: Bool { compose?.count == 2 }

    /// A call of Compose for the workspace's generated file.
    func composeArguments(_ workspace: Workspace) throws(NodeFailure) -> [String] {
        try composeProgram() + ["--ansi", "never", "-p", workspace.project, "-f", workspace.composeFile.text]
    }

    func composeProgram() throws(NodeFailure) -> [String] {
        guard let compose else {
            throw NodeFailure(
                .prerequisite, "the engine answers, but Compose is missing",
                remedy: "install the plugin docker-compose-plugin, or docker-compose, then run devinit up again")
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
        if let context = endpoint.context {
            // It may say more than an address: certificates.
            environment["DOCKER_CONTEXT"] = context
            environment["DOCKER_HOST"] = nil
        } else if endpoint.origin != "DOCKER_HOST" {
            environment["DOCKER_HOST"] = endpoint.address
            environment["DOCKER_CONTEXT"] = nil
        }
        return environment.merging(secrets) { $1 }
    }

    /// What is said when it answered before and does so no more.
    func stopped(_ context: NodeContext) -> NodeFailure {
        let search = EngineSearch(host: client.host, choice: context.settings.engine)
        return NodeFailure(
            .prerequisite, "the container engine stopped (\(endpoint.origin), \(endpoint.address))",
            remedy: search.startAdvice() + "; devinit up then goes on from there")
    }

    /// What is said when no engine answers.
    static func nothingAnswers(_ search: EngineSearch, _ reasons: [String]) -> NodeFailure {
        let message: String
        if reasons.isEmpty {
            message = "no container engine was found"
        } else {
            message = "no container engine answers (\(reasons.joined(separator: "; ")))"
        }
        return NodeFailure(.prerequisite, message, remedy: search.startAdvice())
    }
}
