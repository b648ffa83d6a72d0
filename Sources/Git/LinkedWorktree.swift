public import Base
public import HostInterfaces

/// A second working tree of a repository (`git worktree add`), told from its files without starting git: its `.git` is a
/// file that leads to `worktrees/NAME` of the repository's own folder (gitrepository-layout(5)).
public struct LinkedWorktree: Hashable, Sendable {
    /// As git calls it: the name of its folder when it was added, perhaps with a number.
    public var name: String
    /// Where it stands.
    public var folder: Path
    /// The working tree that the repository was made with; the repository's own folder where it is bare.
    public var main: Path

    /// The working tree that holds the folder; nil where that is a main one, a submodule, or none at all.
    public static func holding(_ folder: Path, files: any FileSystem) -> LinkedWorktree? {
        var place = folder
        while true {
            let entry = place / ".git"
            if let status = try? files.status(of: entry, followingLinks: true) {
                return status.kind == .folder ? nil : linked(place, entry, files)
            }
            if place.parent == place { return nil }
            place = place.parent
        }
    }

    /// The main working tree of the repository that holds the folder, be it in that one or in a linked one; nil where no
    /// repository does.
    public static func main(of folder: Path, files: any FileSystem) -> Path? {
        if let linked = holding(folder, files: files) { return linked.main }
        var place = folder
        while !files.exists(place / ".git") {
            if place.parent == place { return nil }
            place = place.parent
        }
        return place
    }

    private static func linked(_ place: Path, _ entry: Path, _ files: any FileSystem) -> LinkedWorktree? {
        guard let bytes = try? files.read(entry, limit: 64 << 10) else { return nil }
        let line = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
        guard line.hasPrefix("gitdir: ") else { return nil }
        let own = place.appending(Path(String(line.dropFirst("gitdir: ".count)))).normalized
        guard own.parent.name == "worktrees", files.isFolder(own) else { return nil }
        let repository = own.parent.parent
        return LinkedWorktree(
            name: own.name, folder: place, main: repository.name == ".git" ? repository.parent : repository)
    }
}
