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
        let all = try await all()
        let named = all.filter { $0.snapshot.name == name }
        guard !named.isEmpty else { throw unknown(name, all.map(\.snapshot)) }
        let found = named.filter { isAtHome($0.snapshot, $0.engine) }.map(\.snapshot)
        if let (engine, other) = named.first(where: { (engine, snapshot) in
            !isAtHome(snapshot, engine) && !found.contains { $0.service == snapshot.service }
                && (names.isEmpty || names.contains(snapshot.service))
        }) {
            throw elsewhere(other, engine)
        }
        if let missing = names.first(where: { name in !found.contains { $0.service == name } }) {
            throw NodeFailure(
                .failed, "the snapshot '\(name)' has no data of '\(missing)'",
                remedy: "it has that of \(found.map(\.service).joined(separator: ", "))")
        }
        var load = Load(snapshots: found.filter { names.isEmpty || names.contains($0.service) }, lost: [], services: [])
        for snapshot in load.snapshots {
            if let native = try native(snapshot.service) {
                if let data = NativeData(native, context(native)), data.identity != nil {
                    load.lost.append(data.folder.text)
                }
                load.services.append(native)
                continue
            }
            let service = try service(snapshot.service)
            let volumes = ServiceVolumes(service: service, context: context(service))
            try check(snapshot, service, volumes.all)
            for volume in volumes.all {
                let engine = try await engine(service.engine)
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

    /// Why a snapshot can't be loaded where its service lives now.
    private func elsewhere(_ snapshot: Snapshot, _ engine: FoundEngine?) -> NodeFailure {
        let service = snapshot.service
        let isNative = workspace.node(ServiceKind.name, service) is NativeService
        if let engine, !isNative {
            return NodeFailure(
                .failed,
                "the snapshot '\(snapshot.name)' of '\(service)' is on \(engine.name.words), where it lives no more",
                remedy: "load it with 'engine' as it was, or name the services to load")
        }
        let (then, now) = isNative ? ("in a container", "without one") : ("without a container", "in one")
        return NodeFailure(
            .failed, "'\(service)' ran \(then) when the snapshot '\(snapshot.name)' was made, and runs \(now) now",
            remedy:
                "load it as the service ran then: \(isNative ? "drop" : "write") 'native: true' in services.\(service)")
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
        for case (let snapshot, let service as ContainerService) in zip(load.snapshots, load.services) {
            let context = context(service)
            let engine = try await engine(service.engine)
            await VolumeCopy.clearLeftovers(of: workspace.root.text, engine.client)
            let volumes = ServiceVolumes(service: service, context: context)
            let containers = try await context.engine(of: service).containers(context, within: 0)
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
            await context.engine(of: service).forgetLook()
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
        await StartGuards(host: context.host, engine: engine, containers: []).recordEngine([service], context)
    }

    func record(_ record: JournalRecord, _ context: NodeContext) throws(NodeFailure) {
        do throws(SystemError) { try context.journal.append(record) } catch {
            throw NodeFailure(.failed, "what is loaded can't be recorded: \(error)")
        }
    }
}
