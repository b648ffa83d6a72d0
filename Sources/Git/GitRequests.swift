public import Base

/// A repository to be cloned.
public struct CloneRequest: Hashable, Sendable {
    /// A URL, a path, or a short form such as `github:acme/api`.
    public var url: String
    /// Where the checkout shall stand; absolute.
    public var target: Path
    /// A branch, a tag or a commit; nil: the branch that the server names.
    public var ref: String?
    /// How many commits of history; nil: all.
    public var depth: Int?
    /// Whether submodules are cloned too, theirs as well.
    public var submodules: Bool
    /// Whether large files are fetched (Git LFS).
    public var lfs: Bool
    /// Folders to check out; empty: all.
    public var sparse: [String]
    /// More remotes than `origin`: name → URL.
    public var remotes: [String: String]

    public init(
        url: String, target: Path, ref: String? = nil, depth: Int? = nil, submodules: Bool = false, lfs: Bool = false,
        sparse: [String] = [], remotes: [String: String] = [:]
    ) {
        self.url = url
        self.target = target
        self.ref = ref
        self.depth = depth
        self.submodules = submodules
        self.lfs = lfs
        self.sparse = sparse
        self.remotes = remotes
    }
}

/// Which program does the work (`defaults.git.backend`).
public enum GitBackend: String, Hashable, Sendable, CaseIterable {
    /// libgit2, and the system's git for what libgit2 can't do.
    case auto
    /// libgit2 only.
    case libgit2
    /// The system's git only.
    case system
}

/// How a short form such as `github:acme/api` is reached (`defaults.protocol`).
public enum GitProtocol: String, Hashable, Sendable, CaseIterable { case ssh, https }

/// How long git work may be silent.
public struct GitTimeLimits: Hashable, Sendable {
    /// Until the server says anything at all.
    public var connecting: Duration
    /// Without a byte while data is on its way. Work on the disk may be silent for ten times as long.
    public var silence: Duration

    public init(connecting: Duration = .seconds(30), silence: Duration = .seconds(30)) {
        self.connecting = connecting
        self.silence = silence
    }
}

/// How far git work has come.
public struct GitProgress: Hashable, Sendable {
    /// What git is doing, in the order in which it happens.
    public enum Phase: String, Hashable, Sendable { case connecting, receiving, resolving, checkout }

    public var phase: Phase
    /// Objects received, deltas resolved, or files written.
    public var done: Int
    /// Of how many; 0 while unknown.
    public var total: Int
    /// Bytes received so far.
    public var bytes: Int

    public init(_ phase: Phase, done: Int = 0, total: Int = 0, bytes: Int = 0) {
        self.phase = phase
        self.done = done
        self.total = total
        self.bytes = bytes
    }
}

/// What a checkout is like, as git sees it.
public struct CheckoutState: Hashable, Sendable {
    /// The branch's short name; nil when no branch is checked out.
    public var branch: String?
    /// The commit that is checked out, in hexadecimal; nil before the first commit.
    public var commit: String?
    /// The branch that this one follows, such as `origin/main`.
    public var upstream: String?
    /// Commits that upstream does not have, and the other way round.
    public var ahead: Int
    public var behind: Int
    /// Tracked files that differ from the commit, staged or not.
    public var changed: Int
    public var untracked: Int
    public var conflicts: Int
    /// Name → URL.
    public var remotes: [String: String]
    /// Things the user should know, in sentences: a filter that is not installed, say.
    public var notes: [String]

    public init(
        branch: String? = nil, commit: String? = nil, upstream: String? = nil, ahead: Int = 0, behind: Int = 0,
        changed: Int = 0, untracked: Int = 0, conflicts: Int = 0, remotes: [String: String] = [:],
        notes: [String] = []
    ) {
        self.branch = branch
        self.commit = commit
        self.upstream = upstream
        self.ahead = ahead
        self.behind = behind
        self.changed = changed
        self.untracked = untracked
        self.conflicts = conflicts
        self.remotes = remotes
        self.notes = notes
    }

    /// Whether nothing would be lost: no tracked file differs and no conflict is open.
    public var isClean: Bool { changed == 0 && conflicts == 0 }
}
