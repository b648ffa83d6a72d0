/// Files as the ustar format has them (POSIX.1-1988): what a container engine takes to put files into a container.
public struct TapeArchive: Sendable {
    private static let block = 512
    /// Bytes of a name.
    public static let longestName = 100

    private var content: [UInt8] = []
    private var folders: Set<String> = []

    public init() {}

    /// Adds a file that belongs to root, and the folders above it. The path is in the archive's root, with or without
    /// `/` before it. False, and nothing added, when it is longer than the format has room for.
    @discardableResult
    public mutating func add(_ path: String, _ bytes: [UInt8], mode: UInt16) -> Bool {
        let segments = path.split(separator: "/").map(String.init)
        let name = segments.joined(separator: "/")
        guard !name.isEmpty, name.utf8.count <= Self.longestName else { return false }
        for count in 1..<max(1, segments.count) {
            let folder = segments.prefix(count).joined(separator: "/") + "/"
            if folders.insert(folder).inserted { content += Self.header(folder, size: 0, mode: 0o755, type: "5") }
        }
        content += Self.header(name, size: bytes.count, mode: mode, type: "0")
        content += bytes
        content += [UInt8](repeating: 0, count: (Self.block - bytes.count % Self.block) % Self.block)
        return true
    }

    /// The whole archive, its end marked.
    public var bytes: [UInt8] { content + [UInt8](repeating: 0, count: 2 * Self.block) }

    private static func header(_ name: String, size: Int, mode: UInt16, type: Character) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: block)
        func put(_ text: String, at start: Int) {
            for (index, byte) in text.utf8.enumerated() { header[start + index] = byte }
        }
        func octal(_ number: Int, digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(name, at: 0)
        put(octal(Int(mode), digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        // The sum is made as if blanks stood in its place.
        put("        ", at: 148)
        put(String(type), at: 156)
        put("ustar\u{0}00", at: 257)
        let sum = header.reduce(0) { $0 + Int($1) }
        put(octal(sum, digits: 6) + "\u{0} ", at: 148)
        return header
    }
}
