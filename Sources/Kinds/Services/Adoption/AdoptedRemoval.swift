import Execution

extension ServiceOperations {
    /// Stops and removes the containers of an existing Compose file that are this workspace's: the whole project, with
    /// its networks, where nothing else of it is there.
    func remove(
        _ containers: [ContainerState], of adopted: AdoptedProject, _ engine: FoundEngine, _ context: NodeContext
    ) async throws(NodeFailure) {
        let names = adopted.names.filter { name in containers.contains { $0.service == name } }
        guard !names.isEmpty else { return }
        let services = workspace.adoptedServices.filter { names.contains($0.name) }
        let isWhole = containers.allSatisfy { $0.service.map(adopted.names.contains) ?? true }
        try await ComposeCall.run(
            isWhole ? ["down"] : ["rm", "--stop", "--force"] + names, of: services, engine, context)
    }
}
