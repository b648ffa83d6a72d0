import Base
import Execution
import HostFakes
import HostInterfaces
import State

/// The journal of the runs of a scenario, over files in memory, beside what it must say.
struct SimulatedRecord {
    let files = FakeFiles()
    private let host: Host
    private let folder: StateFolder
    private(set) var journal: Journal
    /// What was recorded by an append that returned: the fingerprint each node's work was done with.
    private(set) var recorded: [Int: Int] = [:]
    private(set) var problems: [String] = []

    init() throws {
        var host = Host.fake(files: files)
        host.digests = QuickDigests()
        self.host = host
        folder = StateFolder(host: host, workspaceRoot: "/work")
        journal = try Journal.open(in: folder, host: host).journal
    }

    /// Whether the journal says that nothing is to be done; `once` work counts whatever it was done with.
    mutating func isDone(_ number: Int, fingerprint: Int, once: Bool) -> Bool {
        let record = journal.lastDone(NodeID(number: number).description)
        let isDone = record.map { once || $0.fingerprint == .integer(fingerprint) } ?? false
        let wanted = recorded[number].map { once || $0 == fingerprint } ?? false
        if isDone != wanted { problems.append("\(number) is done: \(wanted), but the journal says \(isDone)") }
        return isDone
    }

    mutating func record(_ number: Int, _ result: NodeResult, fingerprint: Int, once: Bool) {
        let node = NodeID(number: number).description
        do throws(SystemError) {
            if result.status == .done {
                try journal.append(
                    .done(node: node, fingerprint: .integer(fingerprint), seconds: result.seconds, once: once))
                recorded[number] = fingerprint
            } else if result.status == .failed {
                try journal.append(.failed(node: node, message: result.reason, seconds: result.seconds))
            }
        } catch { problems.append("\(error)") }
    }

    /// The process stops, in the middle of writing a record if `torn` says of how many bytes; a new one reads the file.
    mutating func restart(torn: Int?) {
        let before = journal
        do throws(SystemError) {
            if let torn, torn > 0, let path {
                let file = try host.files.append(to: path, mode: 0o600)
                let line = #"{"sum":"0123456789abcdef","record":{"done":"step:1","seconds":1,"at":1}}"#
                try file.append(Array(line.utf8.prefix(torn)))
            }
            let (again, notices) = try Journal.open(in: folder, host: host)
            if !notices.isEmpty { problems.append("the journal was opened with \(notices)") }
            journal = again
        } catch { problems.append("the journal does not open: \(error)") }
        for (number, fingerprint) in recorded {
            let node = NodeID(number: number).description
            if journal.lastDone(node)?.fingerprint != .integer(fingerprint) {
                problems.append("the record of \(number) is lost")
            }
            if journal.lastFailed(node) != before.lastFailed(node) {
                problems.append("\(number) is replayed to another state")
            }
        }
    }

    private var path: Path? {
        let names = (try? files.entries(of: folder.path).map(\.name)) ?? []
        return names.first { $0.hasSuffix(".ndjson") }.map { folder.path / $0 }
    }
}
