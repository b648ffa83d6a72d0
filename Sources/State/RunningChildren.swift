public import Base
public import HostInterfaces
import Synchronization

/// The process groups that the steps of a run lead, by node. A run that is killed can't end them, so the next one
/// does: an install that goes on in the background would work in the same folder as its own repetition.
///
/// Each machine has a record of its own, because a number means another process elsewhere. Written without a sync:
/// what must survive is the end of this process, not of the machine.
public final class RunningChildren: Sendable {
    private let path: Path
    private let host: Host
    /// As steps get it in `DEVINIT_ROOT`.
    private let root: Path
    private let file = Mutex<(any AppendableFile)?>(nil)

    /// Touches nothing on disk. Only the holder of the workspace's lock may use it.
    public init(in folder: StateFolder, root: Path, host: Host) {
        self.root = root
        path = folder.path / "children-\(folder.machineMark)"
        self.host = host
    }

    /// Notes that a node's process is about to start: should we be killed before we know its number, the next run looks
    /// for it by the variables that every step gets.
    public func starts(_ node: String) { append(["starts": .string(node)]) }

    /// Notes that a node's process runs; a node has one at a time. A failure costs only the tidying after a crash, so
    /// it is no error.
    public func began(_ process: ProcessIdentity, of node: String) {
        append(["began": .string(node), "id": .integer(Int(process.id)), "start": .integer(process.startTime)])
    }

    /// Notes that the node's process has ended and nothing of its group is left.
    public func ended(_ node: String) { append(["ended": .string(node)]) }

    /// What runs still from a run that was killed. A number that was given to another process since is told by its
    /// start time.
    public func leftovers() -> [(node: String, process: ProcessIdentity)] {
        var left: [String: ProcessIdentity] = [:]
        var unknown: Set<String> = []
        for line in (host.files.text(of: path) ?? "").split(separator: "\n") {
            guard let record = try? JSON(parsing: String(line)) else { continue }
            if let node = record["starts"]?.string {
                unknown.insert(node)
            } else if let node = record["ended"]?.string {
                left[node] = nil
                unknown.remove(node)
            } else if let node = record["began"]?.string,
                let id = record["id"]?.integer.flatMap({ Int32(exactly: $0) }),
                let start = record["start"]?.integer, start > 0
            {
                left[node] = ProcessIdentity(id: id, startTime: start)
                unknown.remove(node)
            }
        }
        for node in unknown {
            let words = ["DEVINIT_NODE=\(node)", "DEVINIT_ROOT=\(root.text)"]
            left[node] = host.processes.search(words: words).first { $0.leadsGroup }?.process
        }
        return left.filter { host.processes.isRunning($0.value) }.sorted { $0.key < $1.key }
            .map { (node: $0.key, process: $0.value) }
    }

    /// Begins the record anew, once the leftovers are gone: until then it must survive our own end.
    public func begin() {
        file.withLock { file in
            file = try? host.files.append(to: path, mode: 0o600)
            try? file?.truncate(to: 0)
        }
    }

    private func append(_ record: JSON) {
        file.withLock { try? $0?.append(record.bytes() + [UInt8(ascii: "\n")]) }
    }
}
