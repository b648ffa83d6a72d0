import Base
import Execution
import HostInterfaces
import Kinds
import State

/// Whether devinit can read and keep its records.
enum StateCheck: DoctorCheck {
    static let id = "state"
    static let group = CheckGroup.state

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        guard let folder = context.stateFolder else { return [] }
        let files = context.host.files
        let title = "records"
        func result(_ status: CheckResult.Status, _ message: String, _ remedy: String? = nil) -> [CheckResult] {
            [CheckResult(id, status, group, title: title, found: folder.path.text, message: message, remedy: remedy)]
        }
        let status: FileStatus?
        do { status = try files.status(of: folder.path, followingLinks: true) } catch {
            return result(.error, "can't be read: \(error)", "make \(folder.path) readable for you")
        }
        guard let status else { return result(.ok, "none yet") }
        guard status.kind == .folder else {
            return result(.error, "\(folder.path) is no folder", "move it away")
        }
        if context.host.machine.user != 0, status.owner != context.host.machine.user {
            return result(
                .error, "\(folder.path) belongs to another user", "sudo chown -R \"$USER\" \(folder.path)")
        }
        do { _ = try files.entries(of: folder.path) } catch {
            return result(.error, "can't be read: \(error)", "make \(folder.path) readable for you")
        }
        if folder.isForeign {
            return result(
                .warning, "they were made on another machine and are not believed here",
                "devinit up makes new ones; nothing is lost")
        }
        return result(.ok, "readable")
    }
}

/// Whether there is room to work.
enum DiskCheck: DoctorCheck {
    static let id = "disk"
    static let group = CheckGroup.state
    /// Below this many bytes hardly anything can be installed.
    private static let scarce = 1_000_000_000
    /// Below this many bytes records may be lost.
    private static let none = 50_000_000

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        guard let root = context.run?.workspace.root, let free = try? context.host.files.freeBytes(at: root) else {
            return []
        }
        let found = "\(ByteSize.describe(free)) free"
        if free >= scarce { return [CheckResult(id, .ok, group, title: "disk", found: found, message: "enough")] }
        return [
            CheckResult(
                id, free < none ? .error : .warning, group, title: "disk", found: found, message: found,
                remedy: "free some space on the disk that holds \(root)")
        ]
    }
}

/// What devinit once made for nodes that the manifest has no more.
enum LeftoverCheck: DoctorCheck {
    static let id = "leftovers"
    static let group = CheckGroup.state

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        guard let run = context.run else { return [] }
        return run.journal.ledger.compactMap { entry in
            guard let node = NodeID(entry.node), run.workspace.nodes[node] == nil else { return nil }
            let path = Path(entry.name)
            if path.isAbsolute, !context.host.files.exists(path) { return nil }
            return CheckResult(
                "leftover:\(entry.kind.rawValue):\(entry.name)", .warning, group, title: entry.name,
                message: "left from \(entry.node), which the manifest has no more",
                remedy: path.isAbsolute ? "remove it if nobody needs it: \(entry.name)" : nil)
        }
    }
}
