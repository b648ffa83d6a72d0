public import ManifestModel

/// Every kind of node, one line each. Order is that of messages and documents.
public enum Registry {
    public static let kinds: [any NodeKind.Type] = [
        ToolKind.self, PackageKind.self, RepositoryKind.self, SecretKind.self, EnvironmentFileKind.self,
        FileKind.self, ServiceKind.self, StepKind.self,
    ]

    /// The manifest's whole shape.
    public static let shape = ManifestShape(
        sections: kinds.flatMap { $0.sections }, repositoryDefaults: RepositoryDeclaration.defaultsShape,
        namespaces: Set(kinds.compactMap { $0.namespace } + ["workspace", "manifest"]))

    /// Which kind a reference's namespace asks.
    static let namespaces = Dictionary(
        kinds.compactMap { kind in kind.namespace.map { ($0, kind.name) } }, uniquingKeysWith: { first, _ in first })
}
