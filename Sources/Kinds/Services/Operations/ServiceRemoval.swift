public import Base
public import Execution
import HostInterfaces
import ManifestModel
import State

/// A volume that `down --volumes` would remove.
public struct LostVolume: Hashable, Sendable {
    public var name: String
    /// The folder from which it was made; nil where nothing tells.
    public var folder: Path?

    /// For a list: `shop_data, made from /home/ana/shop`.
    public var words: String { name + (folder.map { ", made from \($0)" } ?? "") }
}

/// `down`: containers, and with consent data, engine by engine.
extension ServiceOperations {
    /// What `down` with `volumes` would lose: the volumes that devinit made and that are there, those of services that
    /// the manifest no longer has among them. What an engine has that does not answer is not known, and is left there.
    /// Nothing is lost where containers of the project are not this workspace's: removing refuses that.
    public func lostVolumes() async throws(NodeFailure) -> [LostVolume] {
        let context = make(NodeID(ServiceKind.name, ""), .silent)
        var lost: [LostVolume] = []
        for engine in workspace.engines + enginesLeftBehind(context) {
            guard let containers = try? await known(engine, context) else { continue }
            if workspace.engines.contains(engine) {
                guard (try? StartGuards.checkOwner(of: containers, context, sparingGone: true)) != nil else { continue }
                lost += try await lostVolumes(on: engine)
            }
            let names = lost.map(\.name)
            lost += await forgottenVolumes(on: engine, context).filter { !names.contains($0.name) }
        }
        return lost
    }

    private func enginesLeftBehind(_ context: NodeContext) -> [EngineName] {
        EngineName.used(context.journal, besides: workspace.engines)
    }

    /// Volumes there that devinit made from here for services that the manifest no longer has.
    private func forgottenVolumes(on name: EngineName, _ context: NodeContext) async -> [LostVolume] {
        guard let client = try? await context.parts.engines[name].found(context).client else { return [] }
        var lost: [LostVolume] = []
        for entry in context.journal.ledger
        where entry.kind == .volume && NodeID(entry.node).flatMap({ workspace.nodes[$0] }) == nil {
            guard let found = try? await client.volume(entry.name),
                found["Labels"]?[ComposeRendering.workspaceLabel]?.string == workspace.root.text
            else { continue }
            lost.append(LostVolume(name: entry.name, folder: workspace.root))
        }
        return lost
    }

    /// Stops and removes every container of the project; with `volumes` also the data that devinit made. Volumes that
    /// were there before stay. Adds the services that had a container to `stopped`, also where it then fails; what one engine
    /// refuses does not keep the others. Returns false where no engine answers and none was ever used for this workspace.
    @discardableResult
    public func removeContainers(
        volumes: Bool, stopped: inout [String], reporter: NodeReporter = .silent
    ) async throws(NodeFailure) -> Bool {
        let engines = workspace.engines
        var answers = engines.isEmpty
        var failures: [NodeFailure] = []
        for engine in engines {
            do throws(NodeFailure) {
                guard let found = try await removeContainers(on: engine, volumes: volumes, reporter) else { continue }
                stopped += found
                answers = true
            } catch { failures.append(error) }
        }
        let context = make(NodeID(ServiceKind.name, ""), reporter)
        for engine in volumes ? engines + enginesLeftBehind(context) : [] {
            do throws(NodeFailure) { try await removeForgotten(on: engine, context) } catch { failures.append(error) }
        }
        stopped += await removeLeftBehind(reporter)
        if let first = failures.first { throw first }
        return answers
    }

    private func removeForgotten(on name: EngineName, _ context: NodeContext) async throws(NodeFailure) {
        let lost = await forgottenVolumes(on: name, context)
        if lost.isEmpty { return }
        let shared = context.parts.engines[name]
        let engine = try await shared.found(context)
        let users = try await shared.containers(context, within: 0).filter { container in
            container.isOurs(in: workspace)
                && container.service.map { workspace.node(ServiceKind.name, $0) == nil } ?? false
        }
        try await remove(users, engine)
        for volume in lost { try await remove(volume.name, engine) }
        try forget(lost.map(\.name), on: name, context)
    }

    private func remove(_ volume: String, _ engine: FoundEngine) async throws(NodeFailure) {
        do throws(EngineClient.Failure) { try await engine.client.removeVolume(volume) } catch {
            throw NodeFailure(.failed, "the volume '\(volume)' can't be removed: \(error)")
        }
    }

    private func services(on engine: EngineName) -> [ContainerService] {
        containerServices.filter { $0.engine == engine }
    }

    /// Of an engine that answers.
    private func lostVolumes(on name: EngineName) async throws(NodeFailure) -> [LostVolume] {
        var lost: [LostVolume] = []
        let services = services(on: name)
        guard let host = services.first.map({ make($0.id, .silent).host }) else { return [] }
        let gone = GoneFolders(workspace, host)
        for service in services {
            let context = make(service.id, .silent)
            let engine = try await context.engine(of: service).found(context)
            let volumes = ServiceVolumes(service: service, context: context)
            for volume in volumes.all where volume.isOwn && !lost.contains(where: { $0.name == volume.name }) {
                if let found = try? await engine.client.volume(volume.name), found["Name"] != nil,
                    volumes.isOurs(volume, found) || volumes.isOfGoneFolder(found, gone)
                {
                    let folder = found["Labels"]?[ComposeRendering.workspaceLabel]?.string
                    lost.append(LostVolume(name: volume.name, folder: folder.map { Path($0) }))
                }
            }
        }
        return lost
    }

    /// Nil where no engine answers and none of that name was ever used for this workspace.
    private func removeContainers(
        on name: EngineName, volumes: Bool, _ reporter: NodeReporter
    ) async throws(NodeFailure) -> [String]? {
        guard let first = services(on: name).first else { return [] }
        let context = make(first.id, reporter)
        guard let containers = try await known(name, context) else { return nil }
        try StartGuards.checkOwner(of: containers, context, sparingGone: true)
        let stopped = containers.compactMap(\.service)
        let lost = volumes ? try await lostVolumes(on: name).map(\.name) : []
        guard !containers.isEmpty || !lost.isEmpty else {
            if volumes { try forget([], on: name, context) }
            return stopped
        }
        let engine = try await context.engine(of: first).found(context)
        if name == .standard, let adopted = workspace.adoptedProject {
            let theirs = containers.filter { $0.labels[ContainerState.projectLabel] == adopted.name }
            try await remove(theirs, of: adopted, engine)
        }
        if !workspace.containerServices(on: name).isEmpty {
            let own = containers.filter { $0.labels[ContainerState.projectLabel] == workspace.project }
            try await takeDown(own, engine, context)
        }
        for volume in lost { try await remove(volume, engine) }
        try forget(lost, on: name, context)
        return stopped
    }

    /// Containers on engines that were used and that no service names any more: nobody else would take them away.
    private func removeLeftBehind(_ reporter: NodeReporter) async -> [String] {
        let context = make(NodeID(ServiceKind.name, ""), reporter)
        var stopped: [String] = []
        for name in enginesLeftBehind(context) {
            do throws(NodeFailure) {
                let shared = context.parts.engines[name]
                let all = try await shared.containers(context, within: 0)
                let own = all.filter { $0.isOurs(in: workspace) }
                let engine = try await shared.found(context)
                try await remove(own, engine)
                if own.count == all.count { await removeSurroundings(engine) }
                stopped += own.compactMap(\.service)
                // As long as data is there it is known where.
                if await forgottenVolumes(on: name, context).isEmpty {
                    try? context.journal.append(.fact(name.fact, .null))
                }
            } catch {
                reporter.note("\(name.words) was used before and is left as it is: \(error.message)")
            }
        }
        return stopped
    }

    /// Stops and removes what the generated file made, and what is left of it from before.
    private func takeDown(_ containers: [ContainerState], _ engine: FoundEngine, _ context: NodeContext)
        async throws(NodeFailure)
    {
        guard try engine.composeProgram().traits.isWhole else {
            try await remove(containers, engine)
            return await removeSurroundings(engine)
        }
        // Not Compose's --volumes: it would take along what has the project's name and was made elsewhere.
        try await ComposeCall.run(["down", "--remove-orphans"], engine, context)
    }

    /// What connects the containers that are gone.
    private func removeSurroundings(_ engine: FoundEngine) async {
        await engine.client.removePod("pod_\(workspace.project)")
        try? await engine.client.removeNetworks(of: workspace.project)
    }

    /// Stops and removes them, all at once.
    func remove(_ wave: [ContainerState], _ engine: FoundEngine) async throws(NodeFailure) {
        let failures = await withTaskGroup(of: NodeFailure?.self) { group in
            for container in wave {
                group.addTask {
                    do throws(EngineClient.Failure) {
                        do throws(EngineClient.Failure) { try await engine.client.stop(container.id) } catch {
                            // Removing it ends it all the same.
                            guard case .refused = error else { throw error }
                        }
                        try await engine.client.remove(container.id, unnamedVolumes: false)
                        return nil
                    } catch {
                        return NodeFailure(.failed, "'\(container.service ?? container.id)' can't be stopped: \(error)")
                    }
                }
            }
            var failures: [NodeFailure] = []
            for await failure in group { if let failure { failures.append(failure) } }
            return failures
        }
        if let first = failures.first { throw first }
    }

    /// The containers as they are now; nil where no engine answers and none was ever used for this workspace: then
    /// there are none.
    private func known(_ engine: EngineName, _ context: NodeContext) async throws(NodeFailure) -> [ContainerState]? {
        do throws(NodeFailure) {
            return try await context.parts.engines[engine].containers(context, within: 0)
        } catch {
            if context.journal.fact(engine.fact) == nil { return nil }
            throw error
        }
    }

    private func forget(
        _ volumes: [String], on engine: EngineName, _ context: NodeContext
    ) throws(NodeFailure) {
        do throws(SystemError) {
            for entry in context.journal.ledger where entry.kind == .volume && volumes.contains(entry.name) {
                try context.journal.append(.removed(entry))
            }
            // Data that was not whole is gone with the rest.
            for service in services(on: engine) where context.journal.fact(DataLoading.fact(service.name)) != nil {
                try context.journal.append(.fact(DataLoading.fact(service.name), .null))
            }
        } catch { throw NodeFailure(.failed, "the record can't be written: \(error)") }
    }
}
