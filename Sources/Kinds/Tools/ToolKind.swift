public import ManifestModel

/// The section `requires`.
public enum ToolKind: NodeKind {
    public static let name = "tool"
    public static let namespace: String? = nil
    public static let sections: [KeySpec] = []

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] { [] }
}
