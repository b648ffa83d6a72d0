import Base
public import Execution
public import HostInterfaces
import ManifestModel
import State

/// Compose called by a person, through devinit.
extension ServiceOperations {
    /// A call of Compose that has the terminal to itself: the workspace's own file for the engine of that name (nil: the
    /// standard one, or the only one that there is), or with `isAdopted`, and where there is no other, the existing files.
    /// Secrets reach it by its environment, except where it would print them.
    public func compose(
        _ words: [String], isAdopted: Bool, engine name: String? = nil
    ) async throws(NodeFailure) -> ProcessRequest {
        let adopted = workspace.adoptedServices.first
        let own = try own(name, hasOthers: adopted != nil)
        guard let first = isAdopted ? adopted : own ?? adopted else {
            throw NodeFailure(
                .failed, isAdopted ? "no existing compose files are adopted" : "there is no service in a container",
                remedy: isAdopted ? "state them in the manifest: 'compose: {files: […]}'" : nil)
        }
        let context = make(first.id, .silent)
        let engine = try await context.engine(of: first).found(context)
        if first.adopted == nil { try ComposeUp.ensureFile(engine, context) }
        try first.adopted?.checkApproved(context.display)
        if let adopted = first.adopted { try await ComposeConfiguration.ensureFile(of: adopted, engine, context) }
        let isShown = words.contains { ["config", "convert"].contains($0) }
        let secrets = first.adopted == nil && !isShown ? ComposeFile.secrets(engine.name, context) : [:]
        return ProcessRequest(
            try engine.composeArguments(first.adopted.map { _ in [first] } ?? [], workspace) + words,
            environment: engine.environment(context.host, secrets: secrets, of: first.adopted),
            folder: first.adopted?.request.folder ?? workspace.root, output: .terminal)
    }

    /// A service of devinit's own on that engine. Fails where it can't be told which is meant.
    private func own(_ name: String?, hasOthers: Bool) throws(NodeFailure) -> ContainerService? {
        let engines = Set(workspace.containerServices.map(\.engine))
        let names = engines.map { $0.choice(settings) }.sorted()
        if let name {
            guard let engine = engines.first(where: { $0.choice(settings) == name }) else {
                throw NodeFailure(
                    .failed, "no service lives on an engine '\(name)'",
                    remedy: names.isEmpty ? nil : "there are: \(names.joined(separator: ", "))")
            }
            return workspace.containerServices(on: engine).first
        }
        if let standard = workspace.containerServices(on: .standard).first { return standard }
        if engines.count > 1, !hasOthers {
            throw NodeFailure(
                .failed, "the services live on several engines",
                remedy: "say which one is meant: --engine \(names.joined(separator: ", --engine "))")
        }
        return hasOthers ? nil : workspace.containerServices.first
    }
}

extension ComposeFile {
    /// The variables of the file that hold secrets, as far as they have a value.
    static func secrets(_ engine: EngineName, _ context: NodeContext) -> [String: String] {
        let rendering = ComposeRendering(workspace: context.workspace, values: context.values, host: context.host)
        var secrets: [String: String] = [:]
        for service in context.workspace.containerServices(on: engine) {
            guard let rendered = try? rendering.render(service) else { continue }
            for (variable, text) in rendered.secretVariables {
                if let value = try? context.resolve(text).text { secrets[variable] = value }
            }
        }
        return secrets
    }
}
