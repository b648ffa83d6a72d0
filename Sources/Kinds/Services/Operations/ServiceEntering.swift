import Base
import Execution
import HostInterfaces
import ManifestModel

extension ContainerService: EnterableNode {
    func entering(
        _ words: [String], environment: [String: String], isTerminal: Bool, _ context: NodeContext
    ) async throws(NodeFailure) -> ProcessRequest {
        let containers = try await context.engine(of: self).containers(context, within: 0)
        try StartGuards.checkOwner(of: containers, context)
        guard containers.contains(where: { $0.belongs(to: self, in: context.workspace) && $0.isRunning }) else {
            throw NodeFailure(
                .prerequisite, "'\(name)' has no running container", remedy: "start it with: devinit up \(name)")
        }
        let engine = try await context.engine(of: self).found(context)
        let programs = ContainerPrograms(service: self, engine: engine, context: context)
        return programs.request(
            try await programs.entering(words, variables: Array(environment.keys), isTerminal: isTerminal),
            environment: environment)
    }
}

extension NativeService: EnterableNode {
    /// In its folder, with its variables; it need not run.
    func entering(
        _ words: [String], environment: [String: String], isTerminal: Bool, _ context: NodeContext
    ) async throws(NodeFailure) -> ProcessRequest {
        ProcessRequest(
            words, environment: try self.environment(context).values.merging(environment) { $1 },
            folder: folder(in: context.workspace))
    }
}
