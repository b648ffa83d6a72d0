import Base
public import Execution
public import HostInterfaces
import ManifestModel
import State

/// Compose called by a person, through devinit.
extension ServiceOperations {
    /// A call of Compose that has the terminal to itself: the workspace's own file, or with `isAdopted`, and where there
    /// is no other, the existing files. Secrets reach it by its environment, except where it would print them.
    public func compose(_ words: [String], isAdopted: Bool) async throws(NodeFailure) -> ProcessRequest {
        let own = workspace.containerServices.first
        let adopted = workspace.adoptedServices.first
        guard let first = isAdopted ? adopted : own ?? adopted else {
            throw NodeFailure(
                .failed, isAdopted ? "no existing compose files are adopted" : "there is no service in a container",
                remedy: isAdopted ? "state them in the manifest: 'compose: {files: […]}'" : nil)
        }
        let context = make(first.id, .silent)
        let engine = try await context.parts.services.found(context)
        if first.adopted == nil { try ComposeUp.ensureFile(context) }
        try first.adopted?.checkApproved(context.display)
        if let adopted = first.adopted { try await ComposeConfiguration.ensureFile(of: adopted, engine, context) }
        let isShown = words.contains { ["config", "convert"].contains($0) }
        let secrets = first.adopted == nil && !isShown ? ComposeFile.secrets(context) : [:]
        return ProcessRequest(
            try engine.composeArguments(first.adopted.map { _ in [first] } ?? [], workspace) + words,
            environment: engine.environment(context.host, secrets: secrets, of: first.adopted),
            folder: first.adopted?.request.folder ?? workspace.root, output: .terminal)
    }
}

extension ComposeFile {
    /// The variables of the file that hold secrets, as far as they have a value.
    static func secrets(_ context: NodeContext) -> [String: String] {
        let rendering = ComposeRendering(workspace: context.workspace, values: context.values, host: context.host)
        var secrets: [String: String] = [:]
        for service in context.workspace.containerServices {
            guard let rendered = try? rendering.render(service) else { continue }
            for (variable, text) in rendered.secretVariables {
                if let value = try? context.resolve(text).text { secrets[variable] = value }
            }
        }
        return secrets
    }
}
