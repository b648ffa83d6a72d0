/// What a loss of power may take of a tree: writes and names since each was last synchronized.
struct FakeDurability {
    enum Write {
        case append([UInt8])
        case truncate(Int)

        func apply(to bytes: inout [UInt8]) {
            switch self {
            case .append(let more): bytes += more
            case .truncate(let length):
                bytes = bytes.prefix(length) + [UInt8](repeating: 0, count: max(0, length - bytes.count))
            }
        }
    }

    struct File {
        /// What is on the disk for certain.
        var durable: [UInt8]
        var writes: [Write] = []
        /// Parts that a failed sync dropped: no later sync brings them.
        var dropped: [Range<Int>] = []

        /// As the disk has these bytes.
        func onDisk(_ bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            for range in dropped { for index in range.clamped(to: bytes.indices) { bytes[index] = 0 } }
            return bytes
        }
    }

    struct Folder {
        var durable: [String: Int]
        /// Each is kept or lost as a whole, whatever becomes of the others.
        var changes: [[String: Int?]] = []
    }

    private(set) var files: [Int: File] = [:]
    private(set) var folders: [Int: Folder] = [:]

    mutating func wrote(_ write: Write, to node: Int, before: [UInt8]) {
        files[node, default: File(durable: before)].writes.append(write)
    }

    mutating func renamed(_ change: [String: Int?], in folder: Int, before: [String: Int]) {
        folders[folder, default: Folder(durable: before)].changes.append(change)
    }

    mutating func synchronizedFile(_ node: Int, _ bytes: [UInt8]) {
        guard let file = files[node] else { return }
        // Where something was dropped, the disk has not what the system shows.
        let lost = file.dropped.isEmpty ? nil : File(durable: file.onDisk(bytes), dropped: file.dropped)
        files[node] = lost
    }

    mutating func synchronizedFolder(_ node: Int) { folders[node] = nil }

    /// The system forgets that these pages are to be written.
    mutating func failedToSynchronize(_ node: Int, _ bytes: [UInt8]) {
        guard var file = files[node], bytes.count > file.durable.count else { return }
        file.dropped.append(file.durable.count..<bytes.count)
        file.writes = [.append(file.onDisk(bytes).suffix(from: file.durable.count).map { $0 })]
        files[node] = file
    }
}
