public import Base
public import HostInterfaces

/// What a checkout is, read from its files without starting git: a handful of small reads.
public struct Checkout: Hashable, Sendable {
    /// The branch's short name; nil when a commit is checked out without one.
    public var branch: String?
    /// The commit in hexadecimal; nil before the first commit, and where references are kept as a reftable.
    public var commit: String?
    /// Name → URL as it stands in the configuration.
    public var remotes: [String: String]
    /// Whether it shares its repository with another checkout (`git worktree add`).
    public var isWorktree: Bool
    /// The repository's own folder: the one that all its worktrees share.
    public var repository: Path

    /// Reads the checkout whose root is `folder`; nil when none stands there.
    public static func read(at folder: Path, files: any FileSystem) -> Checkout? {
        guard let own = gitFolder(of: folder, files: files),
            let head = line(of: own / "HEAD", files: files)
        else { return nil }
        // Only worktrees have `commondir`, and only below `worktrees`: one read less for all others.
        var common = own
        if own.parent.name == "worktrees", let shared = line(of: own / "commondir", files: files) {
            common = own.appending(Path(shared)).normalized
        }
        var checkout = Checkout(remotes: [:], isWorktree: common != own, repository: common)
        if let name = reference(in: head) {
            if name.hasPrefix("refs/heads/"), name != "refs/heads/.invalid" {
                checkout.branch = String(name.dropFirst("refs/heads/".count))
            }
            checkout.commit = commit(of: name, common: common, files: files)
        } else if isCommit(head.utf8) {
            checkout.commit = head
        } else {
            return nil
        }
        if let config = try? files.read(common / "config", limit: 4 << 20) {
            checkout.remotes = ConfigText.remotes(config)
        }
        return checkout
    }

    /// `.git`, or what the file of that name points to (worktrees and submodules).
    static func gitFolder(of folder: Path, files: any FileSystem) -> Path? {
        let entry = folder / ".git"
        guard let status = try? files.status(of: entry, followingLinks: true) else { return nil }
        if status.kind == .folder { return entry }
        guard let text = line(of: entry, files: files), text.hasPrefix("gitdir: ") else { return nil }
        return folder.appending(Path(String(text.dropFirst("gitdir: ".count)))).normalized
    }

    private static func line(of path: Path, files: any FileSystem) -> String? {
        guard let bytes = try? files.read(path, limit: 64 << 10) else { return nil }
        return String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    }

    private static func reference(in head: String) -> String? {
        guard head.hasPrefix("ref:") else { return nil }
        return String(head.dropFirst(4).drop { $0 == " " })
    }

    /// Loose references go before packed ones.
    private static func commit(of name: String, common: Path, files: any FileSystem) -> String? {
        // A name from a file must not lead out of the repository.
        guard !name.split(separator: "/").contains(".."), !name.hasPrefix("/") else { return nil }
        if let loose = line(of: common / name, files: files) {
            return isCommit(loose.utf8) ? loose : nil
        }
        guard let packed = try? files.read(common / "packed-refs", limit: 256 << 20) else { return nil }
        let wanted = Array(name.utf8)
        for line in packed.split(separator: 0x0A) where line.first != UInt8(ascii: "#") {
            guard let space = line.firstIndex(of: 0x20), line[(space + 1)...].elementsEqual(wanted),
                isCommit(line[..<space])
            else { continue }
            return String(decoding: line[..<space], as: UTF8.self)
        }
        return nil
    }

    private static func isCommit(_ text: some Collection<UInt8>) -> Bool {
        (text.count == 40 || text.count == 64)
            && text.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
