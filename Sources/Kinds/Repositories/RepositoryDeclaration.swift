import Base
public import ManifestModel
import YAML

/// The keys of a repository.
public enum RepositoryDeclaration {
    static let url = Key<Text>.text(
        "url", "Where it is: https, ssh, git, a folder, or a short form such as github:acme/api.", required: true)
    static let path = Key<Text>.text("path", "Its folder, seen from the workspace's root; default: its name.")
    static let ref = Key<Text>.text("ref", "A branch, tag or commit; default: the branch that the server names.")
    static let depth = Key<Int>.integer(
        "depth", "How many commits of history; 0: all.", in: 0...1_000_000_000, standard: "0")
    static let submodules = Key<Bool>.flag("submodules", "Whether submodules are cloned too, theirs as well.")
    static let largeFiles = Key<Bool>.flag("lfs", "Whether large files are fetched (Git LFS).")
    static let sparse = Key<[Text]>.texts("sparse", "Folders to check out; default: all.")
    static let remotes = Key<OrderedMap<String, Text>>.textMap(
        "remotes", "More remotes than origin: names with their URLs.", names: .node)
    static let manifest = Key<Text>.text(
        "manifest", "The repository's own manifest, whose nodes join the graph.", availability: .later)

    private static let shared = [
        ref.spec, depth.spec, submodules.spec, largeFiles.spec, sparse.spec, manifest.spec,
    ]

    /// One entry of `repos`; a URL alone is its short form.
    public static let shape = ObjectShape(
        "a repository", keys: [url.spec, path.spec] + shared + [remotes.spec] + CommonKeys.specs,
        expand: ObjectShape.scalar(into: "url"))

    /// `defaults.repo`: what may be said for all repositories at once.
    public static let defaultsShape = ObjectShape(
        "the defaults of repositories", keys: shared + CommonKeys.specs)
}

/// One repository as the manifest states it, `defaults.repo` filled in.
struct RepositoryEntry: Sendable {
    var name: String
    var location: SourceLocation
    var common: CommonKeys
    var url: Text
    var path: Text?
    var ref: Text?
    /// Nil: all of the history.
    var depth: Int?
    var submodules: Bool
    var largeFiles: Bool
    var sparse: [Text]
    var remotes: OrderedMap<String, Text>

    /// Nil where there is no URL, which was reported as a problem of its shape.
    init?(_ entry: YAMLEntry, defaults: YAMLNode?) {
        let own = entry.value.entries ?? []
        let stated = Set(own.filter { !$0.value.isAbsent }.map(\.key))
        let filled =
            own.filter { stated.contains($0.key) } + (defaults?.entries ?? []).filter { !stated.contains($0.key) }
        let fields = Fields(.mapping(filled, at: entry.value.location))
        guard let url = fields[RepositoryDeclaration.url] else { return nil }
        name = entry.key
        location = entry.keyLocation
        common = CommonKeys(fields)
        self.url = url
        path = fields[RepositoryDeclaration.path]
        ref = fields[RepositoryDeclaration.ref]
        depth = fields[RepositoryDeclaration.depth].flatMap { $0 == 0 ? nil : $0 }
        submodules = fields[RepositoryDeclaration.submodules] ?? false
        largeFiles = fields[RepositoryDeclaration.largeFiles] ?? false
        sparse = fields[RepositoryDeclaration.sparse] ?? []
        remotes = fields[RepositoryDeclaration.remotes] ?? OrderedMap()
    }

    var texts: [Text] {
        [url] + [path, ref].compactMap { $0 } + sparse + remotes.map(\.value)
    }
}
