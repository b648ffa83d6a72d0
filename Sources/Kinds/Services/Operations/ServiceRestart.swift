import Base
public import Execution
import HostInterfaces
import ManifestModel

extension ContainerService: LivingNode {
    func halt(_ context: NodeContext) async throws(NodeFailure) -> Bool {
        let own = try await own(context)
        guard own.contains(where: \.isRunning) else { return false }
        let engine = try await context.engine(of: self).found(context)
        context.reporter.progress(NodeProgress("stopping"))
        try await engine.stop([self], own, again: false, context)
        return true
    }

    func startAgain(_ context: NodeContext) async throws(NodeFailure) {
        let own = try await own(context)
        guard !own.isEmpty else {
            throw NodeFailure(
                .failed, "'\(name)' has no container that could be restarted",
                remedy: "start it with: devinit up \(name)")
        }
        let engine = try await context.engine(of: self).found(context)
        context.reporter.progress(NodeProgress("restarting"))
        try await engine.stop([self], own, again: true, context)
        try await Readiness(service: self, context: context, engine: engine).wait()
    }

    private func own(_ context: NodeContext) async throws(NodeFailure) -> [ContainerState] {
        let containers = try await context.engine(of: self).containers(context, within: 0)
        try StartGuards.checkOwner(of: containers, context)
        return own(containers, in: context.workspace)
    }
}

extension NativeService: LivingNode {
    func halt(_ context: NodeContext) async throws(NodeFailure) -> Bool { await stop(context) }

    func startAgain(_ context: NodeContext) async throws(NodeFailure) {
        context.reporter.progress(NodeProgress("restarting"))
        await stop(context)
        try await run(.work(.run, "restart"), context)
    }
}

extension ServiceOperations {
    /// Makes the running services anew or starts their process again; all that have been started when `names` is
    /// empty. Containers go in one call, and all are waited for. Returns those that were restarted.
    @discardableResult
    public func restart(
        _ names: [String], reporter: @Sendable (NodeID) -> NodeReporter = { _ in .silent }
    ) async throws(NodeFailure) -> [String] {
        let chosen = workspace.nodes(of: ServiceKind.name).filter { names.isEmpty || names.contains($0.id.name) }
        var restarted: [String] = []
        var containers = chosen.compactMap { $0 as? ContainerService }
        if !containers.isEmpty {
            var there: Set<String> = []
            for service in containers {
                let context = make(service.id, reporter(service.id))
                let found = try await context.engine(of: service).containers(context)
                try StartGuards.checkOwner(of: found, context)
                if found.contains(where: { $0.belongs(to: service, in: workspace) }) { there.insert(service.name) }
            }
            if let absent = containers.first(where: { !there.contains($0.name) }),
                names.contains(absent.name) || there.isEmpty
            {
                throw NodeFailure(
                    .failed, "'\(absent.name)' has no container that could be restarted",
                    remedy: "start it with: devinit up \(absent.name)")
            }
            containers.removeAll { !there.contains($0.name) }
            for service in containers { reporter(service.id).progress(NodeProgress("restarting")) }
            for name in workspace.engines {
                let here = containers.filter { $0.engine == name }
                for group in [here.filter { $0.adopted == nil }, here.filter { $0.adopted != nil }] {
                    guard let first = group.first else { continue }
                    let context = make(first.id, reporter(first.id))
                    let engine = try await context.engine(of: first).found(context)
                    let found = try await context.engine(of: first).containers(context)
                    let own = found.filter { state in group.contains { state.belongs(to: $0, in: workspace) } }
                    try await engine.stop(group, own, again: true, context)
                }
            }
            for service in containers {
                let context = make(service.id, reporter(service.id))
                let engine = try await context.engine(of: service).found(context)
                try await Readiness(service: service, context: context, engine: engine).wait()
                context.reporter.progress(NodeProgress("serves again"))
                restarted.append(service.name)
            }
        }
        for case let service as NativeService in chosen {
            let context = make(service.id, reporter(service.id))
            try await service.startAgain(context)
            context.reporter.progress(NodeProgress("serves again"))
            restarted.append(service.name)
        }
        return restarted
    }
}

extension FoundEngine {
    /// Stops containers of services that are all of one project, and with `again` starts them at once: by Compose, or
    /// by the engine itself where Compose's exit status tells no failure.
    fileprivate func stop(
        _ services: [ContainerService], _ containers: [ContainerState], again: Bool, _ context: NodeContext
    ) async throws(NodeFailure) {
        guard try !composeProgram().traits.isWhole else {
            let words = [again ? "restart" : "stop"] + services.map(\.name)
            return try await ComposeCall.run(words, of: services, self, context)
        }
        for container in containers {
            do throws(EngineClient.Failure) {
                try await client.stop(container.id)
                if again { try await client.start(container.id) }
            } catch {
                let words = again ? "restarted" : "stopped"
                throw NodeFailure(.failed, "'\(container.service ?? container.id)' can't be \(words): \(error)")
            }
        }
    }
}
