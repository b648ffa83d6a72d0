public import ManifestModel

/// The section `files`.
public enum FileKind: NodeKind {
    public static let name = "file"
    public static let namespace: String? = nil
    public static let sections: [KeySpec] = []

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] { [] }
}
