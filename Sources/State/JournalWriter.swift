import Base
import HostInterfaces

/// The file behind a journal, and what is known of it. Guarded by the journal.
struct JournalWriter: Sendable {
    let path: Path
    let host: Host
    let format: JournalFormat
    private(set) var index = JournalIndex()
    private(set) var file: (any AppendableFile)?
    /// Appends that succeeded.
    private(set) var appended = 0
    var isReadOnly = false
    /// Whether the file can't be appended to: not there, damaged, or a write failed half-way.
    var mustRewrite = true
    /// Bytes of sound records; what follows in the file was cut off.
    private var length = 0
    /// The content of a file that is to be replaced and could not be set aside yet, and the word for its name.
    private var former: (content: [UInt8], word: String)?
    /// Lines at which it is worth looking whether most of them are out of date. Low, because every command reads
    /// the file and checks each line's sum (2.7 µs for 290 bytes, measured).
    private var compactionPoint = JournalWriter.smallest
    private static let smallest = 256
    /// The same in bytes: a record of thousands of keys takes the room of a thousand others.
    private var compactionSize = JournalWriter.smallestSize
    private static let smallestSize = 512 << 10

    init(path: Path, host: Host, format: JournalFormat) {
        self.path = path
        self.host = host
        self.format = format
    }

    /// Goes on after the sound part of a file.
    mutating func take(_ index: JournalIndex, length: Int) {
        self.index = index
        self.length = length
        // An empty or headless file gets its header by being written anew.
        mustRewrite = length == 0
    }

    /// Goes on with what could be read of a damaged or older file, which is kept under that word.
    mutating func take(_ index: JournalIndex, replacing original: [UInt8], keptAs word: String) {
        self.index = index
        former = (original, word)
        mustRewrite = true
    }

    /// Keeps the file as it was beside and writes a sound one; says what happened. A failure is put off to the next append.
    mutating func mend(_ what: String) -> String {
        do throws(SystemError) {
            let target = try keepFormer()
            try rewrite()
            return "\(what); the file as it was is kept as \(target?.text ?? path.text)."
        } catch {
            return "\(what); the file could not be replaced yet: \(error)."
        }
    }

    /// Writes a record and returns how many were written.
    mutating func append(_ record: JournalRecord) throws(SystemError) -> Int {
        if isReadOnly {
            throw SystemError(
                call: "write", subject: path.text, code: 30, reason: "The journal was opened for reading only")
        }
        let line = JournalLine.encode(
            record.json(at: host.clock.wallSeconds, expected: expected(after: record)), digests: host.digests)
        if mustRewrite || isWorthCompacting { try rewrite() }
        let file = try openFile()
        do throws(SystemError) {
            try file.append(line)
        } catch {
            // Part of the line may stand there.
            mustRewrite = true
            throw error
        }
        length += line.count
        index.append(line)
        appended += 1
        return appended
    }

    /// Writes the file anew where a write or a sync failed: no sync of what stands there would be worth anything.
    mutating func restore() throws(SystemError) { if mustRewrite { try rewrite() } }

    private mutating func openFile() throws(SystemError) -> any AppendableFile {
        if let file { return file }
        let opened = try host.files.append(to: path, mode: 0o600)
        if let size = try host.files.status(of: path, followingLinks: true)?.size, size != length {
            try opened.truncate(to: length)
        }
        file = opened
        return opened
    }

    /// Replaces the file by one with the records that still count.
    private mutating func rewrite() throws(SystemError) {
        _ = try keepFormer()
        var content = JournalLine.encode(
            JournalLine.header(version: format.version, machine: host.machine.identity, at: host.clock.wallSeconds),
            digests: host.digests)
        var compact = JournalIndex()
        for record in index.liveRecords {
            let line = Array(index.buffer[JournalLine.line(around: record)])
            content += line
            compact.append(line)
        }
        file = nil
        mustRewrite = true
        try host.files.replace(path, with: content, mode: 0o600)
        index = compact
        length = content.count
        setCompactionPoint()
        mustRewrite = false
    }

    private mutating func keepFormer() throws(SystemError) -> Path? {
        guard let former else { return nil }
        let target = SetAside.path(for: path, as: former.word, in: host.files)
        try host.files.replace(target, with: former.content, mode: 0o600)
        self.former = nil
        return target
    }

    private var isWorthCompacting: Bool {
        mutating get {
            guard index.lines > compactionPoint || length > compactionSize else { return false }
            setCompactionPoint()
            return index.lines > compactionPoint || length > compactionSize
        }
    }

    private mutating func setCompactionPoint() {
        compactionPoint = max(JournalWriter.smallest, 3 * index.live)
        let bytes = index.liveRecords.reduce(0) { $0 + $1.count }
        compactionSize = max(JournalWriter.smallestSize, 3 * bytes)
    }

    private func expected(after record: JournalRecord) -> Double? {
        guard case .done(let node, _, let seconds, _, _) = record else { return nil }
        guard let before = index.expectedSeconds(node) else { return seconds }
        return (before + seconds) / 2
    }
}
