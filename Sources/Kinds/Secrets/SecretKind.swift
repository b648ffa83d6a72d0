import Base
public import ManifestModel
import YAML

/// The section `secrets`.
public enum SecretKind: NodeKind {
    public static let name = "secret"
    public static let namespace: String? = "secrets"
    public static let sections: [KeySpec] = [
        KeySpec(
            "secrets", .map(.object(SecretDeclaration.shape), names: .node),
            "Values that no output may show: generated, asked for, or fetched.")
    ]

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] {
        var nodes: [any WorkspaceNode] = []
        for entry in reading.manifest.section("secrets")?.entries ?? [] {
            let fields = Fields(entry.value)
            let declaration = SecretDeclaration(fields, reading)
            if case .none = declaration.source, SecretDeclaration.shape.slots[0].allSatisfy({ fields.node($0) == nil })
            {
                reading.report(
                    "missing-key", "the secret '\(entry.key)' does not say where it comes from", at: entry.keyLocation,
                    suggestion: "add generate, prompt, command, env or file")
            }
            nodes.append(SecretNode(name: entry.key, declaration: declaration, location: entry.keyLocation))
        }
        return nodes
    }
}
