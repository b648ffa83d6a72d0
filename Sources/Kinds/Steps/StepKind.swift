public import ManifestModel

/// The section `steps`.
public enum StepKind: NodeKind {
    public static let name = "step"
    public static let namespace: String? = nil
    public static let sections: [KeySpec] = []

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] { [] }
}
