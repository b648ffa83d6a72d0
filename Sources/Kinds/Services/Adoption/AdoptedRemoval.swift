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

    private func remove(_ wave: [ContainerState], _ engine: FoundEngine) async throws(NodeFailure) {
        let failures = await withTaskGroup(of: NodeFailure?.self) { group in
            for container in wave {
                group.addTask {
                    do throws(EngineClient.Failure) {
                        try await engine.client.removeContainer(container.id)
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

extension EngineClient {
    /// Stops the container as its own definition says, and removes it; its volumes stay.
    func removeContainer(_ id: String) async throws(Failure) {
        do throws(Failure) {
            _ = try await bytes("/containers/\(id)/stop", method: "POST", timeLimit: CallLimit.engine)
        } catch {
            // One that has ended already needs no stop.
            guard case .refused = error else { throw error }
        }
        _ = try await bytes("/containers/\(id)?force=1", method: "DELETE", timeLimit: CallLimit.engine)
    }

    /// Removes what Compose made for the project to connect its containers.
    func removeNetworks(of project: String) async throws(Failure) {
        let label = JSON.string("\(ContainerState.projectLabel)=\(project)")
        let wanted = JSON.sorted(["label": .array([label])]).text()
        for network in try await get("/networks?filters=\(PercentEncoding.encode(wanted))").array ?? [] {
            guard let id = network["Id"]?.string else { continue }
            _ = try await bytes("/networks/\(id)", method: "DELETE")
        }
    }
}
