public import ManifestModel

/// The section `services`.
public enum ServiceKind: NodeKind {
    public static let name = "service"
    public static let namespace: String? = "services"
    public static let sections: [KeySpec] = []

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] { [] }
}
