import Base
import Execution
import Git
import HostInterfaces
import ManifestModel
import State

/// Linked worktrees of this workspace's repository that devinit worked in and that are gone.
///
/// Only what this machine recorded counts: an engine that several machines share has labels with folders of the others.
/// A clone that was moved or lies on a disk that is not mounted is no such worktree: its data is still somebody's.
struct GoneFolders {
    private let known: [KnownWorkspace]
    private let root: Path
    /// The main working tree of this workspace's repository, without links.
    let repository: Path?
    private let host: Host

    init(_ workspace: Workspace, _ host: Host) {
        self.host = host
        root = (try? host.files.resolve(workspace.root)) ?? workspace.root
        known = StateFolder.knownWorkspaces(host: host)
        repository = Self.repository(of: workspace.root, host)
    }

    /// The main working tree of the repository that holds a folder, without links.
    static func repository(of folder: Path, _ host: Host) -> Path? {
        guard let place = try? host.files.resolve(folder) else { return nil }
        return LinkedWorktree.main(of: place, files: host.files).flatMap { try? host.files.resolve($0) }
    }

    /// The gone worktree that a folder was in, where that instance was brought up there; nil where it is not gone, or
    /// may have been anything else.
    func root(of folder: String, instance: String?) -> Path? {
        guard let record = record(of: folder), let repository, record.repository == repository,
            record.instances.contains(instance ?? ""), !host.files.exists(record.root)
        else { return nil }
        return record.root
    }

    /// The root of the innermost workspace that is recorded and holds a folder.
    func workspace(holding folder: String) -> Path? { record(of: folder)?.root }

    /// Whether what is recorded of a folder says that no such instance was ever there: the project's name only looks like
    /// one of this workspace's.
    func excludes(_ instance: String?, in folder: String) -> Bool {
        guard let record = record(of: folder), record.root != root, !record.instances.isEmpty else { return false }
        return !record.instances.contains(instance ?? "")
    }

    /// Of the innermost workspace that holds the folder.
    private func record(of folder: String) -> KnownWorkspace? {
        known.filter { Path(folder).isInside($0.root) }.max { $0.root.text.utf8.count < $1.root.text.utf8.count }
    }
}
