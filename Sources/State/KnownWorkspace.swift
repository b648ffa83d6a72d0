public import Base
import HostInterfaces

/// What this machine recorded of a folder in which devinit has worked, whether or not it is still there.
public struct KnownWorkspace: Hashable, Sendable {
    /// Without links.
    public let root: Path
    /// The main working tree of the repository of which the root was a linked worktree, without links; nil where it was
    /// none, and in records of versions that did not write it.
    public let repository: Path?
    /// The set-ups that were worked on there, the one without a name as an empty text; empty where none was recorded.
    public let instances: Set<String>

    /// Nil where another machine wrote it: its folders are not this one's.
    init?(_ json: JSON, on host: Host) {
        guard json["machine"]?.string == host.machine.identity, let root = json["root"]?.string else { return nil }
        self.root = Path(root)
        repository = json["repository"]?.string.map { Path($0) }
        instances = Set((json["instances"]?.array ?? []).compactMap(\.string))
    }
}
