import Base
import HostInterfaces

/// What a journal file was found to be.
enum JournalReading {
    /// Nothing there.
    case missing
    /// Readable up to a length; what follows is a record that was cut off while it was written.
    case sound(JournalIndex, length: Int)
    /// Of an earlier format: the records as they are in this one, and the file as it was.
    case older(JournalIndex, original: [UInt8], version: Int)
    /// Some lines are not what was written; the others are.
    case damaged(JournalIndex, original: [UInt8], lines: Int)
    /// Not to be believed, for that reason: from another machine, from a later devinit, unreadable.
    case strange(word: String, reason: String)

    /// Journals stay far below it, since they are compacted.
    private static let limit = 256 << 20

    init(_ path: Path, on host: Host, _ format: JournalFormat) {
        let buffer: [UInt8]
        do {
            guard try host.files.status(of: path, followingLinks: true) != nil else {
                self = .missing
                return
            }
            buffer = try host.files.read(path, limit: JournalReading.limit)
        } catch {
            self = .strange(word: "broken", reason: error.reason)
            return
        }
        self = JournalReading.read(buffer, on: host, format)
    }

    private static func read(_ buffer: [UInt8], on host: Host, _ format: JournalFormat) -> JournalReading {
        var version = format.version
        var index = JournalIndex(buffer: buffer)
        var damaged = 0
        var isFirst = true
        var start = 0
        while let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = start..<end
            start = end + 1
            guard let record = JournalLine.record(in: buffer, line: line, digests: host.digests) else {
                damaged += 1
                isFirst = false
                continue
            }
            if isFirst {
                isFirst = false
                let header = index.json(at: record)
                if let strange = strangeness(ofHeader: header, on: host, format) { return strange }
                if let number = header?["journal"]?.string {
                    version = Int(number) ?? version
                    continue
                }
            }
            index.take(record)
        }
        if version < format.version {
            return .older(migrated(index, from: version, on: host, format), original: buffer, version: version)
        }
        if damaged > 0 { return .damaged(index, original: buffer, lines: damaged) }
        return .sound(index, length: start)
    }

    private static func migrated(
        _ index: JournalIndex, from version: Int, on host: Host, _ format: JournalFormat
    ) -> JournalIndex {
        guard let migration = format.migration(from: version) else { return JournalIndex() }
        var migrated = JournalIndex()
        for range in index.liveRecords {
            guard let record = index.json(at: range).flatMap(migration) else { continue }
            migrated.append(JournalLine.encode(record, digests: host.digests))
        }
        return migrated
    }

    private static func strangeness(
        ofHeader header: JSON?, on host: Host, _ format: JournalFormat
    ) -> JournalReading? {
        guard let version = header?["journal"]?.string else { return nil }
        guard let number = Int(version), number <= format.version else {
            return .strange(word: "newer", reason: "it was written by a newer devinit")
        }
        guard format.migration(from: number) != nil else {
            return .strange(word: "older", reason: "it was written by a devinit whose format is not known any more")
        }
        guard header?["machine"]?.string == host.machine.identity else {
            return .strange(word: "foreign", reason: "it was written on another machine")
        }
        return nil
    }
}
