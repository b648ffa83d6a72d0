import Base
public import Execution
import HostInterfaces

/// What `doctor` tells of one of the engines that `up` would use.
public struct EngineDiagnosis: Sendable {
    /// As a service names it in the manifest; nil for the engine of `defaults.engine`.
    public var name: String?
    /// As people call it: "Docker", "Podman"; empty where none answers.
    public var kind = ""
    /// Empty where it does not tell.
    public var version = ""
    /// As `DOCKER_HOST` would have it.
    public var address = ""
    /// Where it was found: "DOCKER_HOST", "the context colima", "rootless Docker".
    public var origin = ""
    /// What its machine has, where that is another one or a service names the engine: "16 GB of memory, 8 cores"; empty
    /// where it does not tell.
    public var machine = ""
    /// Why it does not answer.
    public var failure: NodeFailure?
}

/// How Compose would be called for one of the engines, for `doctor`.
public struct ComposeDiagnosis: Sendable {
    /// As a service names the engine in the manifest; nil for the engine of `defaults.engine`.
    public var engine: String?
    /// "docker compose", "docker-compose", "podman-compose"; what was looked for where none is there.
    public var title: String
    /// What prints its version, in a line of its own that may hold more words; nil where no program is there.
    public var versionCommand: [String]?
    /// How one comes here.
    public var remedy: String
}

extension RunWorkspace {
    /// Each engine that services among these nodes need.
    public func diagnoseEngines(for nodes: [NodeID]) async -> [EngineDiagnosis] {
        var diagnoses: [EngineDiagnosis] = []
        for (engine, service) in diagnosed(nodes) {
            var diagnosis = EngineDiagnosis(name: engine.stated)
            do throws(NodeFailure) {
                let found = try await parts.engines[engine].found(planningContext(service))
                diagnosis.kind = found.client.isPodman ? "Podman" : "Docker"
                (diagnosis.address, diagnosis.origin) = (found.endpoint.address, found.endpoint.origin)
                diagnosis.version = (try? await found.client.get("/version"))?["Version"]?.string ?? ""
                if engine != .standard || found.endpoint.isElsewhere(from: host.machine.operatingSystem),
                    let information = try? await found.client.get("/info"),
                    let machine = EngineMachine(information, of: found.endpoint)
                {
                    diagnosis.machine = "\(ByteSize.describe(machine.memory)) of memory, \(machine.cores) cores"
                }
            } catch { diagnosis.failure = error }
            diagnoses.append(diagnosis)
        }
        return diagnoses
    }

    /// The program that starts containers on each engine that services among these nodes need.
    public func diagnoseCompose(for nodes: [NodeID]) async -> [ComposeDiagnosis] {
        var diagnoses: [ComposeDiagnosis] = []
        for (engine, service) in diagnosed(nodes) {
            let found = try? await parts.engines[engine].found(planningContext(service))
            let search = engine.search(host, settings)
            let isPodman = found?.client.isPodman ?? (search.choice == "podman")
            var diagnosis = ComposeDiagnosis(
                engine: engine.stated,
                title: isPodman ? "docker-compose or podman-compose" : "'docker compose' or 'docker-compose'",
                remedy: isPodman
                    ? "install docker-compose, or podman-compose" : "https://docs.docker.com/compose/install")
            if let program = found?.compose ?? search.compose(forPodman: isPodman) {
                diagnosis.title = program.traits.title
                let words = program.generation == .podman ? ["--version"] : ["version", "--short"]
                diagnosis.versionCommand = program.words + words
            }
            diagnoses.append(diagnosis)
        }
        return diagnoses
    }

    /// The engines with a service each, the standard one first. Services of existing files of which nothing is known yet
    /// live on that.
    private func diagnosed(_ nodes: [NodeID]) -> [(engine: EngineName, service: NodeID)] {
        let known = engines(for: nodes)
        let pending = nodes.first { workspace.nodes[$0] is PendingService }
        let standard = known.first { $0.engine == .standard }?.service ?? pending
        return (standard.map { [(EngineName.standard, $0)] } ?? []) + known.filter { $0.engine != .standard }
    }
}
