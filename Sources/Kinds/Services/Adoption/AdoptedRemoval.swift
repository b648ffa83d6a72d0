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
}
