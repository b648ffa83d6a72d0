public import ManifestModel

/// The keys of a repository.
public enum RepositoryDeclaration {
    public static let shape = ObjectShape("a repository", keys: [])
}
