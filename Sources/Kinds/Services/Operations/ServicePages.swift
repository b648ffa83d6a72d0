import Base
public import Execution
public import HostInterfaces
import ManifestModel

extension ServiceOperations {
    /// The address of the page that a service shows: its `open`, else the template's, else where it has no template
    /// the root of its first port. Fails where it has none, or does not run.
    public func page(of name: String, mustRun: Bool) async throws(NodeFailure) -> String {
        guard let service = workspace.node(ServiceKind.name, name) as? any ServiceNode else {
            throw NodeFailure(.failed, "there is no service '\(name)'")
        }
        let context = make(service.id, .silent)
        let address = try address(of: service, context)
        // Nobody answers where no engine does: then the browser tells.
        if mustRun, await service.isRunning(context) == false {
            throw NodeFailure(
                .prerequisite, "'\(name)' is not running", remedy: "start it with: devinit up \(name)")
        }
        return address
    }

    private func address(of service: any ServiceNode, _ context: NodeContext) throws(NodeFailure) -> String {
        guard let page = service.page else {
            // Without a template the standard values say where it is.
            let isPlain = service.exports.map(\.name) == ["url"] || service.exports.isEmpty
            if isPlain, let root = value(["url"], of: service, context), root.hasPrefix("http") { return root }
            throw NodeFailure(
                .failed, "'\(service.name)' has no page that is known of",
                remedy: "state one: 'open: /path' or 'open: ADDRESS' in services.\(service.name)")
        }
        let resolved = try context.resolve(page)
        // A program's arguments can be read by others.
        if resolved.isSecret {
            throw NodeFailure(
                .failed, "\(page.location): the page's address holds a secret, so it is not handed to a browser",
                remedy: "leave the secret out of 'open'")
        }
        if resolved.text.contains("://") { return resolved.text }
        let isPort = service.ports.contains { $0.name == resolved.text }
        let number = value(isPort ? ["ports", resolved.text] : ["port"], of: service, context)
        guard let host = value(["host"], of: service, context), let port = number else {
            throw NodeFailure(
                .failed, "\(page.location): '\(service.name)' has no port, so a path leads nowhere",
                remedy: "write the whole address")
        }
        if isPort { return "http://\(host):\(port)/" }
        return "http://\(host):\(port)\(resolved.text.hasPrefix("/") ? "" : "/")\(resolved.text)"
    }

    private func value(_ path: [String], of service: any ServiceNode, _ context: NodeContext) -> String? {
        let scope = workspace.scope(context.values)
        if case .value(let text) = service.value(of: path, in: context.values, scope: scope) { return text }
        return nil
    }

    /// Whether the node is a service that runs in a container.
    public func isContainer(_ id: NodeID) -> Bool { workspace.nodes[id] is ContainerService }

    /// What to start so that a person's words run where the node works. Fails for kinds in which nothing can.
    public func entering(
        _ id: NodeID, _ words: [String], isTerminal: Bool
    ) async throws(NodeFailure) -> ProcessRequest {
        let context = make(id, .silent)
        if let node = workspace.nodes[id] as? any EnterableNode {
            return try await node.entering(words, environment: [:], isTerminal: isTerminal, context)
        }
        guard id.kind == "repo", let place = workspace.nodes[id]?.place else {
            throw NodeFailure(
                .failed, "nothing can be run in \(id)", remedy: "name a service, a step or a repository")
        }
        guard context.host.files.isFolder(place) else {
            throw NodeFailure(
                .prerequisite, "\(context.display(place)) is not there", remedy: "clone it with: devinit up \(id)")
        }
        return ProcessRequest(
            words, environment: StepEnvironment.machine(in: place, context), folder: place)
    }
}
