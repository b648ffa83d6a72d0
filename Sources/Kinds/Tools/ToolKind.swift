public import ManifestModel
import Base
import Execution
import YAML

/// The section `requires` (manifest specification, "requires, packages").
public enum ToolKind: NodeKind {
    public static let name = "tool"
    public static let namespace: String? = nil
    /// The entry of `requires` that is a measure of the machine and no tool.
    static let machineName = "machine"

    public static let sections: [KeySpec] = [
        KeySpec(
            "requires",
            .map(
                .object(ToolKeys.shape), names: .node,
                special: [KeySpec(machineName, .object(MachineKeys.shape), "What the machine must have.")]),
            "Tools and checks that must be there.")
    ]

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] {
        let detection = ToolDetection()
        var nodes: [any WorkspaceNode] = []
        for entry in reading.manifest.section("requires")?.entries ?? [] where !entry.key.hasPrefix("x-") {
            if entry.key == machineName {
                nodes.append(MachineNode(entry.value))
                continue
            }
            let declaration = ToolDeclaration(name: entry.key, entry.value)
            check(declaration, at: entry.keyLocation, &reading)
            for manager in PackageManager.allCases {
                PackageKind.checkNames(Fields(entry.value)[ToolKeys.install]?[manager.key] ?? [], &reading)
            }
            nodes.append(ToolNode(declaration, location: entry.keyLocation, detection: detection))
        }
        return nodes
    }

    /// Nodes for tools that others imply and nobody lists: any version will do.
    public static func implied(by nodes: [any WorkspaceNode], _ reading: inout Reading) -> [any WorkspaceNode] {
        var known = Set(nodes.lazy.filter { $0.id.kind == name }.map(\.id.name))
        let detection = nodes.lazy.compactMap { ($0 as? ToolNode)?.detection }.first ?? ToolDetection()
        var implied: [any WorkspaceNode] = []
        for node in nodes {
            for tool in node.impliedTools where known.insert(tool).inserted {
                implied.append(
                    ToolNode(ToolDeclaration(impliedBy: node.id, tool), location: node.location, detection: detection))
            }
        }
        return implied
    }

    private static func check(
        _ declaration: ToolDeclaration, at location: SourceLocation, _ reading: inout Reading
    ) {
        if declaration.recipeName != nil { return }
        if let tool = declaration.tool {
            unknown(tool.source, at: tool.location, &reading)
        } else if declaration.check == nil {
            unknown(declaration.name, at: location, &reading)
        }
    }

    private static func unknown(_ name: String, at location: SourceLocation, _ reading: inout Reading) {
        let near = TextDistance.nearest(to: name, among: ToolCatalog.words)
        reading.report(
            "unknown-tool", "devinit knows no tool '\(name)'", at: location,
            suggestion: near.map { "did you mean '\($0)'?" } ?? "say how to tell that it is there: 'check: COMMAND'")
    }
}
