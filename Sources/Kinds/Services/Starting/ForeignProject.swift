import Base
public import Execution
import HostInterfaces
import State

/// Containers and volumes that have the name of the workspace's project and were made elsewhere: by another folder, or
/// here by Compose itself.
public struct ForeignProject: Sendable {
    /// One container or volume.
    public struct Part: Hashable, Sendable {
        var kind: String
        /// By which it is told from one that is made later: a container's id, a volume's name with its identity.
        var mark: String
        public var name: String
        /// The folder that made it; nil where nothing tells.
        public var owner: String?
        /// The same for a sentence.
        var place: String { owner ?? "another place" }
        /// The Compose project whose name it has.
        var project: String

        /// For a list: `container acme-redis-1, made from /srv/acme`.
        public var words: String { "\(kind) \(name), made \(owner.map { "from \($0)" } ?? "elsewhere")" }

        init(_ container: ContainerState) {
            kind = "container"
            mark = container.id
            name = container.names.first ?? String(container.id.prefix(12))
            project = container.labels[ContainerState.projectLabel] ?? ""
            owner =
                container.labels[ComposeRendering.workspaceLabel]
                ?? container.labels[ContainerState.folderLabel]
        }

        init(volume found: JSON, name: String, project: String) {
            self.project = project
            let labels = found["Labels"]
            kind = "volume"
            owner = labels?[ComposeRendering.workspaceLabel]?.string
            mark = "\(name) \(labels?[ServiceVolumes.identityLabel]?.string ?? "") \(owner ?? "")"
            self.name = name
        }
    }

    public internal(set) var parts: [Part]

    /// The names of the projects that they have.
    public var projects: [String] { Set(parts.map(\.project)).sorted() }

    /// The journal's name for what was taken over.
    private static let fact = "services/adopted"

    /// Whether the user took this over.
    static func isAdopted(_ part: Part, _ journal: Journal) -> Bool {
        (journal.fact(fact)?.array ?? []).contains(.string(part.mark))
    }

    static func adopt(_ parts: [Part], _ journal: Journal) throws(SystemError) {
        let marks = (journal.fact(fact)?.array ?? []) + parts.map { .string($0.mark) }
        // Containers are made anew, so what was taken over long ago is not needed for ever.
        try journal.append(.fact(fact, .array(marks.suffix(200))))
    }
}

extension ServiceOperations {
    /// What stands in the way of the services named; nil where nothing does, or no engine answers. Volumes are looked for
    /// only where a service has no container yet.
    public func foreignProject(among chosen: Set<NodeID>) async -> ForeignProject? {
        var parts: [ForeignProject.Part] = []
        for engine in workspace.engines {
            let here = workspace.containerServices(on: engine) + (engine == .standard ? workspace.adoptedServices : [])
            let services = here.filter { chosen.contains($0.id) }
            for part in await foreignParts(of: services) where !parts.contains(part) { parts.append(part) }
        }
        return parts.isEmpty ? nil : ForeignProject(parts: parts)
    }

    /// Of services that live on one engine.
    private func foreignParts(of services: [ContainerService]) async -> [ForeignProject.Part] {
        guard let first = services.first else { return [] }
        let context = make(first.id, .silent)
        guard let containers = try? await context.engine(of: first).containers(context),
            let engine = try? await context.engine(of: first).found(context)
        else { return [] }
        var parts = containers.filter { StartGuards.isForeign($0, context) }.map { ForeignProject.Part($0) }
        for service in services
        where !containers.contains(where: { $0.belongs(to: service, in: workspace) }) || !parts.isEmpty {
            let volumes = ServiceVolumes(service: service, context: make(service.id, .silent))
            for part in (try? await volumes.foreign(engine.client)) ?? [] where !parts.contains(part) {
                parts.append(part)
            }
        }
        return parts
    }

    /// Takes it over: from now on it counts as made here.
    public func adopt(_ foreign: ForeignProject) throws(NodeFailure) {
        let context = make(NodeID(ServiceKind.name, ""), .silent)
        do throws(SystemError) { try ForeignProject.adopt(foreign.parts, context.journal) } catch {
            throw NodeFailure(.failed, "what was taken over can't be recorded: \(error)")
        }
    }

    /// Other names for what the foreign parts are called by, under which the engines have nothing.
    public func freeNames(instead foreign: ForeignProject) async throws(NodeFailure) -> NewNames {
        var names = NewNames()
        let own = foreign.projects.contains(workspace.project) && !workspace.containerServices.isEmpty
        if own { names.workspace = try await freeName(like: workspace.name) }
        if let adopted = workspace.adoptedProject, foreign.projects.contains(adopted.name) {
            names.project = try await freeName(like: adopted.statedName)
        }
        return names
    }

    /// What to call the workspace, and the project of existing Compose files; nil where the name may stay.
    public struct NewNames: Hashable, Sendable {
        public var workspace: String?
        public var project: String?
    }

    private func freeName(like name: String) async throws(NodeFailure) -> String {
        let context = make(NodeID(ServiceKind.name, ""), .silent)
        var clients: [EngineClient] = []
        for engine in workspace.engines {
            clients.append(try await context.parts.engines[engine].found(context).client)
        }
        let instance = workspace.instance.map { "-\($0)" } ?? ""
        let base = name
        for number in 2..<100 {
            let name = "\(base)-\(number)"
            do throws(EngineClient.Failure) {
                let project = name + instance
                var isFree = true
                for client in clients where isFree {
                    let isEmpty = try await client.containers(projects: [project]).isEmpty
                    isFree = isEmpty ? try await client.volumes(project: project).isEmpty : false
                }
                if isFree { return name }
            } catch { throw NodeFailure(.failed, "the engine does not say which names are free: \(error)") }
        }
        throw NodeFailure(.failed, "no name from \(base)-2 to \(base)-99 is free")
    }
}
