import Base
public import Execution
import HostInterfaces

/// The engine that `up` would use, for `doctor`.
public struct EngineDiagnosis: Hashable, Sendable {
    /// As people call it: "Docker", "Podman".
    public var name: String
    public var version: String
    /// As `DOCKER_HOST` would have it.
    public var address: String
    /// Where it was found: "DOCKER_HOST", "the context colima", "rootless Docker".
    public var origin: String
}

/// How Compose would be called, for `doctor`.
public struct ComposeDiagnosis: Hashable, Sendable {
    /// "docker compose", "docker-compose", "podman-compose".
    public var title: String
    /// What prints its version, in a line of its own that may hold more words.
    public var versionCommand: [String]
}

extension RunWorkspace {
    /// The engine that answers for a service; fails with the way out.
    public func diagnoseEngine(for service: NodeID) async throws(NodeFailure) -> EngineDiagnosis {
        let found = try await parts.engines[.standard].found(planningContext(service))
        let version = (try? await found.client.get("/version"))?["Version"]?.string ?? "unknown"
        return EngineDiagnosis(
            name: found.client.isPodman ? "Podman" : "Docker", version: version, address: found.endpoint.address,
            origin: found.endpoint.origin)
    }

    /// The program that starts containers for a service; nil where none is there.
    public func diagnoseCompose(for service: NodeID) async -> ComposeDiagnosis? {
        let found = try? await parts.engines[.standard].found(planningContext(service))
        let search = EngineSearch(host: host, choice: EngineName.standard.choice(settings))
        guard
            let program = found?.compose ?? search.compose(forPodman: EngineName.standard.choice(settings) == "podman")
        else { return nil }
        let words = program.generation == .podman ? ["--version"] : ["version", "--short"]
        return ComposeDiagnosis(title: program.traits.title, versionCommand: program.words + words)
    }
}
