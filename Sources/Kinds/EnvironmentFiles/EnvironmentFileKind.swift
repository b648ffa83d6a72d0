public import ManifestModel

/// The section `env_files`.
public enum EnvironmentFileKind: NodeKind {
    public static let name = "env"
    public static let namespace: String? = nil
    public static let sections: [KeySpec] = []

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] { [] }
}
