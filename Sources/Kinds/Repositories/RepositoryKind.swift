public import ManifestModel

/// The section `repos`.
public enum RepositoryKind: NodeKind {
    public static let name = "repo"
    public static let namespace: String? = "repos"
    public static let sections: [KeySpec] = []

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] { [] }
}
