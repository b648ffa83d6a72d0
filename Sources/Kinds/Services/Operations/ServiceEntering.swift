import Base
import Execution
import HostInterfaces
import ManifestModel

extension ContainerService: EnterableNode {
    func entering(
        _ words: [String], environment: [String: String], isTerminal: Bool, _ context: NodeContext
    ) async throws(NodeFailure) -> ProcessRequest {
        let containers = try await context.parts.services.containers(context, within: 0)
        try StartGuards.checkOwner(of: containers, context)
        guard containers.contains(where: { $0.belongs(to: self, in: context.workspace) && $0.isRunning }) else {
            throw NodeFailure(
                .prerequisite, "'\(name)' has no running container", remedy: "start it with: devinit up \(name)")
        }
        let engine = try await context.parts.services.found(context)
        let names = environment.keys.sorted().flatMap { ["-e", $0] }
        return ProcessRequest(
            try engine.composeArguments(findingContainersOf: self, context) + ["exec"] + (isTerminal ? [] : ["-T"])
                + names
                + [name] + words,
            environment: engine.environment(context.host, of: adopted).merging(environment) { $1 },
            folder: adopted?.request.folder ?? context.workspace.root)
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
