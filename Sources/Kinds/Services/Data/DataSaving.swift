import Base
public import Execution
import HostInterfaces
import ManifestModel
import State

/// Saving: the services are stopped, so that what is copied is what they would find after a stop; then they go on.
extension ServiceData {
    /// Saves the data of the services named, of all that have some where none is named. What exists under that name for
    /// one of them is replaced with `replacing` only. Services that ran are running and ready again when it returns, also
    /// after a failure.
    public func save(
        _ name: String, services names: [String], replacing: Bool
    ) async throws(NodeFailure) -> [Snapshot] {
        let natives = try natives(names)
        let volumes = try await chosen(
            names.filter { name in !natives.contains { $0.name == name } }, all: names.isEmpty)
        guard volumes.count + natives.count > 0 else {
            throw NodeFailure(.failed, "no service has data yet", remedy: "start them first: devinit up")
        }
        let engines = Set(volumes.map(\.engine))
        let there = try await all(on: engines).filter { engine, old in
            guard old.name == name else { return false }
            return engine == nil
                ? natives.contains { $0.name == old.service }
                : volumes.contains { $0.name == old.service && $0.engine == engine?.name }
        }.map(\.snapshot)
        guard replacing || there.isEmpty else {
            throw NodeFailure(
                .prerequisite,
                "there is a snapshot '\(name)' of \(there.map(\.service).joined(separator: ", ")) already",
                remedy: "choose another name, or replace it: devinit data save \(name) --replace")
        }
        var saved: [Snapshot] = []
        for engineName in workspace.engines {
            let here = volumes.filter { $0.engine == engineName }
            if !here.isEmpty { saved += try await save(here, as: name, try await engine(engineName)) }
        }
        for service in natives {
            saved.append(try await save(service, as: name))
            told(saved)
        }
        return saved
    }

    /// Each is told as soon as it is whole, so that it is known also where a later one fails.
    private func told(_ saved: [Snapshot]) {
        guard let last = saved.last else { return }
        tell("saved: \(last.service) as '\(last.name)', \(ByteSize.describe(last.bytes))")
    }

    /// Saves services of one engine.
    private func save(
        _ services: [ContainerService], as name: String, _ engine: FoundEngine
    ) async throws(NodeFailure) -> [Snapshot] {
        let shelf = shelf(engine)
        await VolumeCopy.clearLeftovers(of: workspace.root.text, engine.client)
        await shelf.clearLeftovers()
        let volumes = services.flatMap { ServiceVolumes(service: $0, context: context($0)).all.map(\.name) }
        let users = try await users(of: volumes, engine)
        for service in services { try DataLoading.check(service.name, context(service)) }
        let running = users.filter { $0.isRunning || $0.state == "paused" }
        return try await finishing { () async throws(NodeFailure) in
            var saved: [Snapshot] = []
            for container in running {
                if let name = container.service { tell("stopping \(name)") }
                try await asking { () async throws(EngineClient.Failure) in try await engine.client.stop(container.id) }
            }
            for service in services {
                saved.append(try await save(service, as: name, engine, shelf))
                told(saved)
            }
            return saved
        } with: { () async throws(NodeFailure) in
            try await goOn(running, engine)
        }
    }

    /// Does the work, and then what is to follow whatever became of it: whoever asked us to stop did not ask the services
    /// to.
    func finishing<Value>(
        _ work: () async throws(NodeFailure) -> Value,
        with last: @escaping @Sendable () async throws(NodeFailure) -> Void
    ) async throws(NodeFailure) -> Value {
        let result: Result<Value, NodeFailure>
        do throws(NodeFailure) { result = .success(try await work()) } catch { result = .failure(error) }
        let failure = await Task { () -> NodeFailure? in
            do throws(NodeFailure) {
                try await last()
                return nil
            } catch { return error }
        }.value
        let value = try result.get()
        if let failure { throw failure }
        return value
    }

    /// The services to save, which must have data to be saved.
    private func chosen(_ names: [String], all: Bool) async throws(NodeFailure) -> [ContainerService] {
        var services: [ContainerService] = []
        for name in names where !services.contains(where: { $0.name == name }) {
            let service = try service(name)
            guard try await isThere(service) else {
                throw NodeFailure(
                    .failed, "'\(name)' has no data yet", remedy: "start it first: devinit up \(name)")
            }
            services.append(service)
        }
        for service in workspace.containerServices where all && service.keepsData {
            if try await isThere(service) { services.append(service) }
        }
        return services
    }

    private func isThere(_ service: ContainerService) async throws(NodeFailure) -> Bool {
        let engine = try await engine(service.engine)
        let volumes = ServiceVolumes(service: service, context: context(service))
        for volume in volumes.all {
            let found = try await asking { () async throws(EngineClient.Failure) in
                try await engine.client.volume(volume.name)
            }
            guard let found else { return false }
            if volume.isOwn, !volumes.isOurs(volume, found) {
                throw NodeFailure(.failed, "the volume '\(volume.name)' was not made from here")
            }
        }
        return true
    }

    private func save(
        _ service: ContainerService, as name: String, _ engine: FoundEngine, _ shelf: SnapshotShelf
    ) async throws(NodeFailure) -> Snapshot {
        tell("saving \(service.name)")
        let context = context(service)
        let mark = context.host.randomness.bytes(4).hexadecimal
        let volumes = ServiceVolumes(service: service, context: context).all
        let containers = try await context.engine(of: service).containers(context, within: 0)
        let copying = VolumeCopy(
            client: engine.client, images: images(for: service, containers), owner: workspace.root.text)
        let base = Snapshot.volumeName(name, service.name, mark, in: workspace.name)
        var copies: [String] = []
        var bytes = 0
        for (index, volume) in volumes.enumerated() {
            let copy = "\(base)_\(index + 1)"
            try await shelf.makeCopy(copy, mark: mark)
            bytes += try await copying.copy(volume.name, to: copy)
            copies.append(copy)
        }
        let identity = try? await service.dataIdentity(context)
        let snapshot = Snapshot(
            name: name, service: service.name, at: context.host.clock.wallSeconds, bytes: bytes,
            image: image(of: service) ?? "", root: workspace.root.text, instance: workspace.instance,
            keys: volumes.map(\.key), copies: copies,
            records: identity.map { context.journal.records(ofData: $0).map(\.snapshot) } ?? [], mark: mark)
        try await shelf.complete(snapshot)
        return snapshot
    }

    /// Starts what ran, and waits until it serves again.
    private func goOn(_ containers: [ContainerState], _ engine: FoundEngine) async throws(NodeFailure) {
        var failure: NodeFailure?
        for container in containers {
            do throws(NodeFailure) {
                try await asking { () async throws(EngineClient.Failure) in
                    try await engine.client.start(container.id)
                }
            } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        for container in containers {
            guard let service = workspace.containerServices.first(where: { $0.name == container.service }) else {
                continue
            }
            tell("waiting for \(service.name)")
            try await Readiness(service: service, context: context(service), engine: engine).wait()
        }
    }
}

extension NodeRecord {
    /// As a snapshot keeps it: for other data than it was made for.
    var snapshot: JSON {
        [
            "node": .string(node), "fingerprint": fingerprint, "seconds": .number(seconds), "once": .bool(once),
        ]
    }
}

extension JournalRecord {
    /// What a snapshot says was done, for the data that it is loaded into.
    init?(snapshot json: JSON, data: String) {
        guard let node = json["node"]?.string else { return nil }
        self = .done(
            node: node, fingerprint: json["fingerprint"] ?? .null, seconds: json["seconds"]?.number ?? 0, data: data,
            once: json["once"]?.bool ?? false)
    }
}
