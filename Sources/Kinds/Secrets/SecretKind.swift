public import ManifestModel

/// The section `secrets`.
public enum SecretKind: NodeKind {
    public static let name = "secret"
    public static let namespace: String? = "secrets"
    public static let sections: [KeySpec] = []

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] { [] }
}
