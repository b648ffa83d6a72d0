import Base
import HostInterfaces
import State

/// The file in which hashes of unchanged files are kept between runs: a line with its version and checksum, then a
/// line per file. It can always be made again, so a damaged one is as good as none.
struct HashCacheFile {
    /// Beyond this many files only those of the last run are kept.
    static let largestCount = 50_000
    static let header = "devinit-hashes 2 "

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
            let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
            bytes[..<end].elementsEqual((Self.header + Self.checksum(bytes[(end + 1)...])).utf8)
        else { return [:] }
        var entries: [String: Entry] = [:]
        var line = HashCacheLine(bytes, at: end + 1)
        while !line.isAtEnd {
            if let (name, entry) = line.entry() { entries[name] = entry }
            line.skip()
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
                path, with: Array((Self.header + Self.checksum(body[...]) + "\n").utf8) + body, mode: 0o600)
        } catch {}
    }

    /// Tells a file that was cut off or damaged (Fletcher's sums, 64 bits each). It need not stand against intent:
    /// whoever can write here can also write a sum that fits.
    static func checksum(_ bytes: ArraySlice<UInt8>) -> String {
        var sum: UInt64 = 1
        var weighted: UInt64 = 0
        for byte in bytes {
            sum &+= UInt64(byte)
            weighted &+= sum
        }
        return String(sum, radix: 16) + "-" + String(weighted, radix: 16)
    }
}
