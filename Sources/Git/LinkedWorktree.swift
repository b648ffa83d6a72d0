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
        workingTree(holding: folder, files).flatMap { linked($0, files) }
    }

    /// The main working tree of the repository that holds the folder, be it in that one or in a linked one; nil where no
    /// repository does.
    public static func main(of folder: Path, files: any FileSystem) -> Path? {
        workingTree(holding: folder, files).map { linked($0, files)?.main ?? $0 }
    }

    private static func workingTree(holding folder: Path, _ files: any FileSystem) -> Path? {
        var place = folder
        while !files.exists(place / ".git") {
            if place.parent == place { return nil }
            place = place.parent
        }
        return place
    }

    private static func linked(_ place: Path, _ files: any FileSystem) -> LinkedWorktree? {
        guard let own = Checkout.gitFolder(of: place, files: files), own != place / ".git",
            own.parent.name == "worktrees", files.isFolder(own)
        else { return nil }
        let repository = own.parent.parent
        return LinkedWorktree(
            name: own.name, folder: place, main: repository.name == ".git" ? repository.parent : repository)
    }
}
