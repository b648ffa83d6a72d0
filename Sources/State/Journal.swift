public import Base
public import HostInterfaces
import Synchronization

/// What devinit did in a workspace: an append-only file of checksummed records, a line each.
///
/// After `kill -9`, a loss of power or a full disk it holds what was really done: a record that was cut off is
/// dropped, damage in the middle costs the damaged lines only and the file is kept beside. One process writes at a
/// time (`RunLock`); any number may read.
public final class Journal: Sendable {
    private let writer: Mutex<JournalWriter>
    /// How many appends are known to have reached the disk.
    private let synchronized = Mutex(0)
    private let names: InstanceRecords

    private init(_ writer: consuming sending JournalWriter, _ instance: String?) {
        self.writer = Mutex(writer)
        names = InstanceRecords(instance: instance)
    }

    /// Reads the journal for a run, and sets aside what can't be believed; each notice is a sentence for the user.
    /// Fails when the folder can't be written, not because of what stands in it.
    public static func open(
        in folder: StateFolder, host: Host
    ) throws(SystemError) -> (journal: Journal, notices: [String]) {
        try open(in: folder, host: host, format: .current)
    }

    /// The same with another format than this devinit's, as tests do.
    static func open(
        in folder: StateFolder, host: Host, format: JournalFormat
    ) throws(SystemError) -> (journal: Journal, notices: [String]) {
        try folder.prepare()
        var writer = JournalWriter(path: path(in: folder), host: host, format: format)
        var notices: [String] = []
        switch JournalReading(writer.path, on: host, format) {
        case .missing:
            if folder.isForeign {
                notices.append("The record of earlier runs was written on another machine, so it is not used here.")
            }
        case .sound(let index, let length): writer.take(index, length: length)
        case .damaged(let index, let original, let lines):
            writer.take(index, replacing: original, keptAs: "broken")
            let words = lines == 1 ? "1 damaged line was" : "\(lines) damaged lines were"
            notices.append(writer.mend("\(words) left out of the record of earlier runs"))
        case .older(let index, let original, let version):
            writer.take(index, replacing: original, keptAs: "version-\(version)")
            notices.append(writer.mend("the record of earlier runs was taken over from format \(version)"))
        case .strange(let word, let reason):
            let target = try SetAside.move(writer.path, as: word, in: host.files)
            notices.append("The record of earlier runs is not used, because \(reason). It is kept as \(target).")
        }
        return (Journal(writer, folder.instance), notices)
    }

    /// Reads the journal and changes nothing on disk, as `plan` and `status` must. Appending to it fails.
    public static func readOnly(in folder: StateFolder, host: Host) -> Journal {
        var writer = JournalWriter(path: path(in: folder), host: host, format: .current)
        writer.isReadOnly = true
        switch JournalReading(writer.path, on: host, .current) {
        case .missing, .strange: break
        case .sound(let index, _), .damaged(let index, _, _), .older(let index, _, _): writer.take(index, length: 0)
        }
        return Journal(writer, folder.instance)
    }

    /// Writes the record; returns once it is on the disk, when it `isDurable`. After an error the record
    /// may be lost with the power, and the next append writes the whole file anew.
    public func append(_ record: JournalRecord) throws(SystemError) {
        let stored = names.stored(record)
        let count = try writer.withLock { (writer) throws(SystemError) in try writer.append(stored) }
        if record.isDurable { try synchronize(upTo: count) }
    }

    /// Returns once everything appended would survive a loss of power: at the end of a run.
    public func synchronize() throws(SystemError) {
        try synchronize(upTo: writer.withLock { $0.appended })
    }

    /// Those who wait for the same sync share it.
    private func synchronize(upTo count: Int) throws(SystemError) {
        try synchronized.withLock { (known) throws(SystemError) in
            guard known < count else { return }
            let (file, appended) = try writer.withLock { (writer) throws(SystemError) in
                try writer.restore()
                return (writer.file, writer.appended)
            }
            do throws(SystemError) {
                try file?.synchronize()
            } catch {
                // The system may have dropped the pages and call the next sync a success.
                writer.withLock { $0.mustRewrite = true }
                throw error
            }
            known = appended
        }
    }

    /// The newest record of that node's work, whatever data it belongs to.
    public func lastDone(_ node: String) -> NodeRecord? { writer.withLock { $0.index.lastDone(names.stored(node)) } }

    /// The record of that node's work for exactly that data; nil stands for work that belongs to none.
    public func done(_ node: String, data: String?) -> NodeRecord? {
        writer.withLock { $0.index.done(names.stored(node), data: data) }
    }

    /// What was done for exactly that data, oldest first.
    public func records(ofData data: String) -> [NodeRecord] { writer.withLock { $0.index.records(ofData: data) } }

    /// How that node's work failed, when it has not ended well since.
    public func lastFailed(_ node: String) -> FailureRecord? {
        writer.withLock { $0.index.lastFailed(names.stored(node)) }
    }

    /// Whether that node's work failed when it was last tried.
    public func failed(_ node: String) -> Bool { writer.withLock { $0.index.hasFailed(names.stored(node)) } }

    /// How long that node's work is thought to take, from earlier runs, the later ones counting more.
    public func expectedSeconds(_ node: String) -> Double? {
        writer.withLock { $0.index.expectedSeconds(names.stored(node)) }
    }

    /// What devinit created and did not remove, oldest first.
    public var ledger: [LedgerEntry] {
        writer.withLock { $0.index.entries }.compactMap { entry in
            var entry = entry
            guard let node = names.name(stored: entry.node) else { return nil }
            entry.node = node
            return entry
        }
    }

    /// What that node created.
    public func created(_ node: String) -> [LedgerEntry] { ledger.filter { $0.node == node } }

    /// The data that service was last seen to have.
    public func data(of service: String) -> DataRecord? {
        writer.withLock { $0.index.data(of: names.stored(service: service)) }
    }

    /// What was last recorded under that name.
    public func fact(_ name: String) -> JSON? { writer.withLock { $0.index.fact(names.stored(name)) } }

    /// Names under which something is recorded, and that begin so.
    public func factNames(beginning prefix: String) -> [String] {
        let stored = names.stored(prefix)
        return writer.withLock { $0.index.factNames(beginning: stored) }.compactMap { names.name(stored: $0) }
    }

    private static func path(in folder: StateFolder) -> Path { folder.path / folder.journalName }
}
