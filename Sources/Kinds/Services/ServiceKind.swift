import Base
import Catalog
import Execution
public import ManifestModel
import YAML

/// The sections `services` and `compose`.
public enum ServiceKind: NodeKind {
    public static let name = "service"
    public static let namespace: String? = "services"
    public static let sections = [
        KeySpec(
            "services", .map(.object(ServiceDeclaration.shape), names: .node),
            "Databases, queues and servers: containers, or processes of this machine."),
        ComposeDeclaration.section,
    ]

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] {
        var nodes: [any ServiceNode] = []
        var additions: [ServiceDeclaration] = []
        let adopts = reading.manifest.section("compose")?.entries != nil
        for entry in reading.manifest.section("services")?.entries ?? [] where entry.value.entries != nil {
            let declaration = ServiceDeclaration(entry)
            if let native = declaration.native {
                nodes.append(NativeServiceReader.read(declaration, native, &reading))
            } else if declaration.isNativeOfTemplate, let use = declaration.use {
                if let node = NativeServiceReader.read(declaration, using: use, &reading) { nodes.append(node) }
            } else if declaration.isNativeOfTemplate {
                reading.report(
                    "missing-key", "'native: true' of '\(entry.key)' needs 'use', a template that has a native form",
                    at: entry.value.location, suggestion: "or write the command: 'native: {run: …}'")
            } else if declaration.use != nil || declaration.compose != nil {
                if let node = ContainerServiceReader.read(declaration, &reading) { nodes.append(node) }
            } else if adopts {
                additions.append(declaration)
            } else {
                reading.report(
                    "missing-key", "service '\(entry.key)' needs one of 'use', 'compose' and 'native'",
                    at: entry.value.location)
            }
        }
        nodes += AdoptionReader.nodes(adding: additions, replacing: Set(nodes.map(\.name)), &reading)
        reportSharedPorts(nodes, &reading)
        EngineBoundaries.check(nodes, &reading)
        return withoutCircles(nodes, &reading)
    }

    /// Two services that are always in can't have the same port of this machine.
    private static func reportSharedPorts(_ nodes: [any ServiceNode], _ reading: inout Reading) {
        var owners: [String: String] = [:]
        let adopted = Set(nodes.filter { ($0 as? ContainerService)?.adopted != nil }.map(\.name))
        for node in nodes where node.common.labels.isEmpty && node.common.condition == nil {
            for port in node.ports {
                // What is no port at all was told already.
                guard case .fixed(let number) = port.host, number > 0 else { continue }
                let owner = owners.updateValue(node.name, forKey: "\(number)/\(port.transport)\(machine(of: node))")
                // What an existing file says about its own ports, at several addresses perhaps, is Compose's matter.
                let isAdopted = [node.name, owner].allSatisfy { adopted.contains($0 ?? "") }
                if let owner, !isAdopted {
                    reading.report(
                        "port-clash", "'\(owner)' and '\(node.name)' both want port \(number) of this machine",
                        at: node.location, suggestion: "give one of them another 'port', or 'port: auto'")
                }
            }
        }
    }

    /// Which machine's ports it takes, as far as the manifest tells: a context may lead to another machine.
    private static func machine(of node: any ServiceNode) -> String {
        guard let engine = node.livesOn, engine.isPerhapsElsewhere, case .own(let name) = engine else { return "" }
        return "/\(name)"
    }

    /// Services whose values refer to each other in a circle have no values at all.
    private static func withoutCircles(
        _ nodes: [any ServiceNode], _ reading: inout Reading
    ) -> [any WorkspaceNode] {
        let references = nodes.map { node in
            (
                node.name,
                node.exports.flatMap(\.text.references)
                    .filter { $0.namespace == "services" && $0.path.count > 1 && $0.path[1] != node.name }
                    .map { $0.path[1] }
            )
        }
        let graph = Graph(Dictionary(references, uniquingKeysWith: +))
        guard let circle = graph.cycle else { return nodes }
        let first = nodes.first { $0.name == circle[0] }
        reading.report(
            "cycle",
            "these services refer to each other's values: \((circle + circle.prefix(1)).joined(separator: " → "))",
            at: first?.location)
        return nodes.filter { !circle.contains($0.name) }
    }
}
