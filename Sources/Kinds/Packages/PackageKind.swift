public import ManifestModel

/// The section `packages`.
public enum PackageKind: NodeKind {
    public static let name = "package"
    public static let namespace: String? = nil
    public static let sections: [KeySpec] = []

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] { [] }
}
