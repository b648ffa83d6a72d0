import Base
import Execution
import HostInterfaces
import ManifestModel
import State

/// The volumes of a service, and how its data is told from other data.
///
/// The engine's creation time of a volume is no help: with engine 20.10 it moves when files are written into it
/// (measured). So devinit makes the volumes itself, before Compose would, and gives each a label of its own. They
/// carry Compose's labels too, by which Compose takes them for its own.
struct ServiceVolumes {
    static let identityLabel = "dev.devinit.data"

    let service: ContainerService
    let context: NodeContext

    /// The engine's name, the Compose file's name, and whether devinit makes it.
    struct Volume {
        var name: String
        var key: String
        var isOwn: Bool
    }

    var all: [Volume] {
        service.definition.namedVolumes.enumerated().map { index, key in
            if let adopted = service.adopted {
                let volume = adopted.volume(key)
                return Volume(name: volume.name, key: key, isOwn: volume.isPlain)
            }
            if index == 0, let adopted = service.adoptedVolume {
                return Volume(name: (try? context.resolve(adopted).text) ?? adopted.source, key: key, isOwn: false)
            }
            return Volume(name: "\(context.workspace.project)_\(key)", key: key, isOwn: true)
        }
    }

    /// Compose makes every volume of the file, also those of services that start later; one that it made has no
    /// identity and no owner: new data could not be told from old, nor ours from another folder's.
    static func makeMissing(of adopted: AdoptedProject?, _ context: NodeContext, _ engine: FoundEngine) async {
        let workspace = context.workspace
        let services =
            adopted == nil ? workspace.containerServices(on: engine.name) : workspace.adoptedServices
        for service in services {
            await ServiceVolumes(service: service, context: context).makeMissing(engine.client)
        }
    }

    /// Makes those that are missing. Where the engine refuses, Compose makes them, without an identity.
    private func makeMissing(_ client: EngineClient) async {
        for volume in all where volume.isOwn {
            do throws(EngineClient.Failure) {
                guard try await client.volume(volume.name) == nil else { continue }
                try await make(volume, client)
            } catch {}
        }
    }

    /// Makes an empty volume with an identity that no other has.
    func make(_ volume: Volume, _ client: EngineClient) async throws(EngineClient.Failure) {
        try await client.createVolume(
            volume.name,
            labels: [
                ContainerState.projectLabel: service.projectName(in: context.workspace),
                "com.docker.compose.volume": volume.key,
                Self.identityLabel: context.host.randomness.bytes(16).hexadecimal,
                ComposeRendering.workspaceLabel: context.workspace.root.text,
            ])
    }

    /// Those that devinit made: of an adopted service's volumes, Compose may have made some before.
    func made() async -> [Volume] {
        guard service.adopted != nil else { return all.filter(\.isOwn) }
        guard let client = try? await context.engine(of: service).found(context).client else { return [] }
        var made: [Volume] = []
        for volume in all where volume.isOwn {
            if let found = try? await client.volume(volume.name), isOurs(volume, found) { made.append(volume) }
        }
        return made
    }

    /// Those of its volumes that are there and were made elsewhere.
    func foreign(_ client: EngineClient) async throws(EngineClient.Failure) -> [ForeignProject.Part] {
        var parts: [ForeignProject.Part] = []
        for volume in all where volume.isOwn {
            guard let found = try await client.volume(volume.name), !isOurs(volume, found) else { continue }
            // Compose itself made it for the project that was adopted.
            if service.adopted != nil, found["Labels"]?[ComposeRendering.workspaceLabel]?.string == nil { continue }
            parts.append(part(volume, found))
        }
        return parts
    }

    private func isAdopted(_ volume: Volume, _ found: JSON) -> Bool {
        ForeignProject.isAdopted(part(volume, found), context.journal)
    }

    private func part(_ volume: Volume, _ found: JSON) -> ForeignProject.Part {
        ForeignProject.Part(volume: found, name: volume.name, project: service.projectName(in: context.workspace))
    }

    /// Its label names this workspace, the ledger has it, or the user took it over.
    func isOurs(_ volume: Volume, _ found: JSON) -> Bool {
        if isAdopted(volume, found) { return true }
        if let owner = found["Labels"]?[ComposeRendering.workspaceLabel]?.string {
            return owner == context.workspace.root.text
        }
        if service.adopted != nil { return false }
        return context.journal.created(service.id.description).contains { $0.kind == .volume && $0.name == volume.name }
    }

    /// Whether this instance made it in a worktree that is not there any more: nobody else will remove it.
    func isOfGoneFolder(_ found: JSON, _ gone: GoneFolders) -> Bool {
        guard let owner = found["Labels"]?[ComposeRendering.workspaceLabel]?.string else { return false }
        return gone.root(of: owner, instance: context.workspace.instance) != nil
    }

    /// One name for all of them together; nil while one is missing. An adopted volume counts by its name alone; one of
    /// the workspace's own that another hand made has no identity, so two of them could not be told apart.
    func identity(_ client: EngineClient) async throws(NodeFailure) -> String? {
        var parts: [String] = []
        for volume in all {
            let found: JSON?
            do throws(EngineClient.Failure) { found = try await client.volume(volume.name) } catch {
                throw NodeFailure(
                    .failed, "the volume '\(volume.name)' of '\(service.name)' can't be looked at: \(error)")
            }
            guard let found else { return nil }
            let label = found["Labels"]?[Self.identityLabel]?.string ?? ""
            if volume.isOwn, label.isEmpty, service.adopted == nil, !isAdopted(volume, found) {
                throw NodeFailure(
                    .failed,
                    "the volume '\(volume.name)' was not made by devinit, so it can't tell whether its data is new",
                    remedy: "remove it, to get a new one (docker volume rm \(volume.name)), or adopt it "
                        + "('volume: \(volume.name)' in services.\(service.name))")
            }
            parts.append("\(volume.name.utf8.count):\(volume.name)=\(label)")
        }
        return String(context.host.digests.sha256(Array(parts.joined(separator: ";").utf8)).prefix(32))
    }
}
