import Base
public import Execution
import HostInterfaces
import ManifestModel
import State

/// Loading: the service's container goes, its volumes are made anew with the content of the snapshot. They get an identity
/// of their own, and what the snapshot says was done for its data is recorded for that: a seeded database is not seeded
/// again, and what was done after the saving is done again.
extension ServiceData {
    /// What a load would do.
    public struct Load: Sendable {
        public var snapshots: [Snapshot]
        /// Volumes and folders that are there: their content is lost.
        public var lost: [String]
        var services: [any ServiceNode]
    }

    /// Looks for the snapshot of the services named, of all that it has where none is named. Changes nothing.
    public func plan(loading name: String, services names: [String]) async throws(NodeFailure) -> Load {
        let all = try await list()
        let found = all.filter { $0.name == name }
        guard !found.isEmpty else { throw unknown(name, all) }
        if let missing = names.first(where: { name in !found.contains { $0.service == name } }) {
            throw NodeFailure(
                .failed, "the snapshot '\(name)' has no data of '\(missing)'",
                remedy: "it has that of \(found.map(\.service).joined(separator: ", "))")
        }
        var load = Load(snapshots: found.filter { names.isEmpty || names.contains($0.service) }, lost: [], services: [])
        for snapshot in load.snapshots {
            if let native = try native(snapshot.service) {
                try check(snapshot, isFolder: true)
                if let data = NativeData(native, context(native)), data.identity != nil {
                    load.lost.append(data.folder.text)
                }
                load.services.append(native)
                continue
            }
            let service = try service(snapshot.service)
            try check(snapshot, isFolder: false)
            let engine = try await engine()
            let volumes = ServiceVolumes(service: service, context: context(service))
            try check(snapshot, service, volumes.all)
            for volume in volumes.all {
                let there = try await asking { () async throws(EngineClient.Failure) in
                    try await engine.client.volume(volume.name)
                }
                guard let there else { continue }
                guard volumes.isOurs(volume, there) else {
                    throw NodeFailure(.failed, "the volume '\(volume.name)' was not made from here")
                }
                load.lost.append(volume.name)
            }
            load.services.append(service)
        }
        return load
    }

    private func check(_ snapshot: Snapshot, isFolder: Bool) throws(NodeFailure) {
        guard snapshot.isFolder != isFolder else { return }
        let service = snapshot.service
        throw NodeFailure(
            .failed,
            isFolder
                ? "'\(service)' ran in a container when the snapshot '\(snapshot.name)' was made, and runs without one now"
                : "'\(service)' ran without a container when the snapshot '\(snapshot.name)' was made, and runs in one now",
            remedy:
                "load it as the service ran then: \(isFolder ? "drop" : "write") 'native: true' in services.\(service)")
    }

    private func check(
        _ snapshot: Snapshot, _ service: ContainerService, _ volumes: [ServiceVolumes.Volume]
    ) throws(NodeFailure) {
        if let adopted = volumes.first(where: { !$0.isOwn }) {
            throw NodeFailure(
                .failed, "'\(service.name)' uses the volume '\(adopted.name)', which is not devinit's to replace",
                remedy: "drop 'volume' from services.\(service.name) to load into a volume of its own")
        }
        guard Set(volumes.map(\.key)) == Set(snapshot.keys) else {
            throw NodeFailure(
                .failed,
                "'\(service.name)' had other volumes when the snapshot '\(snapshot.name)' was made "
                    + "(\(snapshot.keys.joined(separator: ", ")); now \(volumes.map(\.key).joined(separator: ", ")))")
        }
    }

    /// Replaces the data. The services are left without a container: they are to be started as `up` does.
    public func perform(_ load: Load) async throws(NodeFailure) {
        for case (let snapshot, let service as NativeService) in zip(load.snapshots, load.services) {
            try await self.load(snapshot, into: service)
        }
        guard load.services.contains(where: { $0 is ContainerService }) else { return }
        let engine = try await engine()
        await VolumeCopy.clearLeftovers(of: workspace.root.text, engine.client)
        for case (let snapshot, let service as ContainerService) in zip(load.snapshots, load.services) {
            let context = context(service)
            let volumes = ServiceVolumes(service: service, context: context)
            let containers = try await context.parts.services.containers(context, within: 0)
            let copying = VolumeCopy(
                client: engine.client, images: images(for: service, containers) + [snapshot.image],
                owner: workspace.root.text)
            for container in try await users(of: volumes.all.map(\.name), engine) {
                if container.isRunning, let name = container.service { tell("stopping \(name)") }
                try await asking { () async throws(EngineClient.Failure) in
                    try await engine.client.stop(container.id)
                    try await engine.client.remove(container.id)
                }
            }
            tell("loading \(service.name)")
            try record(.fact(DataLoading.fact(service.name), .string(snapshot.name)), context)
            for volume in volumes.all {
                guard let copy = snapshot.volumes.first(where: { $0.key == volume.key })?.copy else { continue }
                try await asking { () async throws(EngineClient.Failure) in
                    if try await engine.client.volume(volume.name) != nil {
                        try await engine.client.removeVolume(volume.name)
                    }
                    try await volumes.make(volume, engine.client)
                }
                _ = try await copying.copy(copy, to: volume.name)
            }
            try await finish(snapshot, service, volumes, engine, context)
            await context.parts.services.forgetLook()
        }
    }

    private func finish(
        _ snapshot: Snapshot, _ service: ContainerService, _ volumes: ServiceVolumes, _ engine: FoundEngine,
        _ context: NodeContext
    ) async throws(NodeFailure) {
        guard let identity = try await volumes.identity(engine.client) else {
            throw NodeFailure(.failed, "the volumes of '\(service.name)' were removed while they were filled")
        }
        for volume in volumes.all
        where !context.journal.created(service.id.description).contains(where: { $0.name == volume.name }) {
            try record(
                .created(LedgerEntry(kind: .volume, name: volume.name, node: service.id.description)), context)
        }
        for done in snapshot.records.compactMap({ JournalRecord(snapshot: $0, data: identity) }) {
            try record(done, context)
        }
        try record(.data(service: service.name, identity: identity), context)
        try record(.fact(DataLoading.fact(service.name), .null), context)
        await StartGuards(host: context.host, engine: engine, containers: []).recordEngine(context)
    }

    func record(_ record: JournalRecord, _ context: NodeContext) throws(NodeFailure) {
        do throws(SystemError) { try context.journal.append(record) } catch {
            throw NodeFailure(.failed, "what is loaded can't be recorded: \(error)")
        }
    }
}
