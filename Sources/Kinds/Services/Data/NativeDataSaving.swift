import Base
import Execution
import HostInterfaces
import ManifestModel
import State

/// Saving and loading what services without a container keep: their folder is copied while the process is stopped.
extension ServiceData {
    /// Those of the services named that run without a container, which must have data; all that have some where none is
    /// named.
    func natives(_ names: [String]) throws(NodeFailure) -> [NativeService] {
        guard !names.isEmpty else {
            return workspace.nodes(of: ServiceKind.name).compactMap { $0 as? NativeService }
                .filter { NativeData($0, context($0))?.identity != nil }
        }
        var services: [NativeService] = []
        for name in names where !services.contains(where: { $0.name == name }) {
            guard let service = try native(name) else { continue }
            guard NativeData(service, context(service))?.identity != nil else {
                throw NodeFailure(.failed, "'\(name)' has no data yet", remedy: "start it first: devinit up \(name)")
            }
            services.append(service)
        }
        return services
    }

    /// Whether saving these would start one again by the manifest's command, which has to be approved for that.
    public func startsProcesses(_ names: [String]) -> Bool {
        workspace.nodes(of: ServiceKind.name).contains { node in
            guard let service = node as? NativeService, names.isEmpty || names.contains(service.name) else {
                return false
            }
            return service.keepsData && service.running(context(service)) != nil
        }
    }

    /// One that ran is running and ready again when it returns, also after a failure.
    func save(_ service: NativeService, as name: String) async throws(NodeFailure) -> Snapshot {
        let context = context(service)
        guard let data = NativeData(service, context) else {
            throw NodeFailure(.failed, "'\(service.name)' has no data")
        }
        try DataLoading.check(service.name, context)
        folders.clearLeftovers(now: context.host.clock.wallSeconds)
        if service.running(context) != nil { tell("stopping \(service.name)") }
        let hasRun = await service.stop(context)
        tell("saving \(service.name)")
        return try await finishing { () async throws(NodeFailure) in
            try await copy(service, data, as: name, context)
        } with: { () async throws(NodeFailure) in
            guard hasRun else { return }
            tell("waiting for \(service.name)")
            try await service.startAgain(context)
        }
    }

    private func copy(
        _ service: NativeService, _ data: NativeData, as name: String, _ context: NodeContext
    ) async throws(NodeFailure) -> Snapshot {
        let mark = context.host.randomness.bytes(4).hexadecimal
        let (copy, bytes) = try await folders.copy(data.folder, of: service.name, mark: mark)
        let snapshot = Snapshot(
            name: name, service: service.name, at: context.host.clock.wallSeconds, bytes: bytes, image: "",
            root: workspace.root.text, instance: workspace.instance, keys: ["data"], copies: [copy.text],
            records: data.identity.map { context.journal.records(ofData: $0).map(\.snapshot) } ?? [], mark: mark)
        try folders.complete(snapshot, at: copy)
        return snapshot
    }

    /// Replaces the folder. The process is left ended: it is to be started as `up` does.
    func load(_ snapshot: Snapshot, into service: NativeService) async throws(NodeFailure) {
        let context = context(service)
        guard let data = NativeData(service, context), let copy = snapshot.copies.first else { return }
        try data.checkVolumes()
        if service.running(context) != nil { tell("stopping \(service.name)") }
        await service.stop(context)
        tell("loading \(service.name)")
        try record(.fact(DataLoading.fact(service.name), .string(snapshot.name)), context)
        func changing<Value>(_ body: () throws(SystemError) -> Value) throws(NodeFailure) -> Value {
            do throws(SystemError) { return try body() } catch {
                throw NodeFailure(.failed, "the data can't be replaced: \(error)")
            }
        }
        // The folder is on record, whole or not; what comes is made beside it.
        try changing { () throws(SystemError) in
            try data.prepare()
            try context.host.files.removeTree(data.coming)
        }
        try await folders.copy(Path(copy), to: data.coming)
        let identity = try changing { () throws(SystemError) in try data.replaceByComing() }
        for done in snapshot.records.compactMap({ JournalRecord(snapshot: $0, data: identity) }) {
            try record(done, context)
        }
        try record(.data(service: service.name, identity: identity), context)
        try record(.fact(DataLoading.fact(service.name), .null), context)
    }
}
