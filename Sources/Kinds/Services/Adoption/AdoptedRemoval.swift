import Base
import Execution

/// Containers of existing Compose files are stopped through the engine itself: Compose would refuse to while an env file
/// that one of the files names is missing.
extension ServiceOperations {
    /// Stops and removes those of `containers` that are this workspace's, and the project's networks where nothing else
    /// of the project is there.
    func remove(
        _ containers: [ContainerState], of adopted: AdoptedProject, _ engine: FoundEngine
    ) async throws(NodeFailure) {
        let isOurs = { (container: ContainerState) in container.service.map(adopted.names.contains) ?? false }
        var left = containers.filter(isOurs)
        while !left.isEmpty {
            // Who needs others ends before them.
            let needed = Set(
                left.flatMap { container in
                    adopted.initial.services[container.service ?? ""]?.composeDependencies.map(\.name) ?? []
                })
            var wave = left.filter { !needed.contains($0.service ?? "") }
            if wave.isEmpty { wave = left }
            try await remove(wave, engine)
            left.removeAll(where: wave.contains)
        }
        guard containers.allSatisfy({ isOurs($0) || $0.isOneOff }) else { return }
        try? await engine.client.removeNetworks(of: adopted.name)
    }

    /// Stops and removes what the generated file made, and what is left of it from before.
    func takeDown(_ containers: [ContainerState], _ engine: FoundEngine, _ context: NodeContext)
        async throws(NodeFailure)
    {
        guard try engine.composeProgram().traits.isWhole else {
            try await remove(containers, engine)
            await engine.client.removePod("pod_\(workspace.project)")
            try? await engine.client.removeNetworks(of: workspace.project)
            return
        }
        // Not Compose's --volumes: it would take along what has the project's name and was made elsewhere.
        try await ComposeCall.run(["down", "--remove-orphans"], engine, context)
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
}
