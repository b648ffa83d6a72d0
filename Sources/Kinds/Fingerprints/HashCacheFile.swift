import Base
import HostInterfaces
import State

/// The file in which hashes of unchanged files are kept between runs: a line with its version and checksum, then a
/// line per file. It can always be made again, so a damaged one is as good as none.
struct HashCacheFile {
    /// Beyond this many files only those of the last run are kept.
    static let largestCount = 50_000
    static let header = "devinit-hashes 1 "

    let path: Path
    let host: Host

    /// What a file was when it was read.
    struct Entry: Hashable, Sendable {
        var size: Int
        var modified: Int
        var changed: Int
        var inode: UInt64
        var device: UInt64
        var hash: String

        init(size: Int, modified: Int, changed: Int, inode: UInt64, device: UInt64, hash: String) {
            self.size = size
            self.modified = modified
            self.changed = changed
            self.inode = inode
            self.device = device
            self.hash = hash
        }

        init(_ status: FileStatus, hash: String) {
            self.init(
                size: status.size, modified: status.modified, changed: status.changed, inode: status.inode,
                device: status.device, hash: hash)
        }

        func matches(_ status: FileStatus) -> Bool {
            size == status.size && modified == status.modified && changed == status.changed
                && inode == status.inode && device == status.device
        }
    }

    func load() -> [String: Entry] {
        guard let bytes = try? host.files.read(path, limit: 64 << 20),
            let end = bytes.firstIndex(of: UInt8(ascii: "\n"))
        else { return [:] }
        let body = Array(bytes[(end + 1)...])
        guard bytes[..<end].elementsEqual((Self.header + host.digests.sha256(body)).utf8) else { return [:] }
        var entries: [String: Entry] = [:]
        var start = body.startIndex
        while let end = body[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if let (name, entry) = Self.entry(body[start..<end]) { entries[name] = entry }
            start = end + 1
        }
        return entries
    }

    func save(_ entries: [String: Entry]) {
        var body: [UInt8] = []
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) where !name.utf8.contains(UInt8(ascii: "\n")) {
            body += "\(entry.hash) \(entry.size) \(entry.modified) \(entry.changed) ".utf8
            body += "\(entry.inode) \(entry.device) \(name)\n".utf8
        }
        let folder = WorkspaceFolder(root: path.parent.parent.parent)
        do {
            try folder.prepare(on: host)
            try host.files.makeFolder(path.parent, mode: 0o700)
            try host.files.replace(
                path, with: Array((Self.header + host.digests.sha256(body) + "\n").utf8) + body, mode: 0o600)
        } catch {}
    }

    private static func entry(_ line: ArraySlice<UInt8>) -> (String, Entry)? {
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 6, omittingEmptySubsequences: false)
        guard parts.count == 7 else { return nil }
        let numbers = parts[1...5].map { number($0) }
        guard numbers.allSatisfy({ $0 != nil }) else { return nil }
        let entry = Entry(
            size: numbers[0]!, modified: numbers[1]!, changed: numbers[2]!,
            inode: UInt64(bitPattern: Int64(numbers[3]!)), device: UInt64(bitPattern: Int64(numbers[4]!)),
            hash: String(decoding: parts[0], as: UTF8.self))
        return (String(decoding: parts[6], as: UTF8.self), entry)
    }

    /// Decimal, up to 19 digits; wraps at 64 bits as it was written.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var digits = digits
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        guard !digits.isEmpty else { return nil }
        var value = 0
        for digit in digits {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            value = value &* 10 &+ Int(digit - 0x30)
        }
        return isNegative ? 0 &- value : value
    }
}
