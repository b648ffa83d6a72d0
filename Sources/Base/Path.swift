/// A file path as POSIX knows it: segments joined by `/`. Purely lexical, nothing is looked up.
public struct Path: Hashable, Sendable, Comparable, ExpressibleByStringLiteral {
    public let text: String

    /// Keeps the text as it is, but for a closing `/`.
    public init(_ text: String) {
        var text = text
        while text.utf8.count > 1, text.utf8.last == UInt8(ascii: "/") { text.removeLast() }
        self.text = text
    }

    public init(stringLiteral text: String) { self.init(text) }

    public var isAbsolute: Bool { text.utf8.first == UInt8(ascii: "/") }

    /// The segments between slashes; a leading `/` is no segment.
    public var segments: [Substring] {
        var segments: [Substring] = []
        let bytes = text.utf8
        var start = bytes.startIndex
        var index = start
        while index < bytes.endIndex {
            let next = bytes.index(after: index)
            if bytes[index] == UInt8(ascii: "/") {
                if start < index { segments.append(text[start..<index]) }
                start = next
            }
            index = next
        }
        if start < index { segments.append(text[start..<index]) }
        return segments
    }

    /// The last segment; empty for the root and for an empty path.
    public var name: String { segments.last.map(String.init) ?? "" }

    /// What follows the last dot of the name, without the dot; empty where there is none.
    public var fileExtension: String {
        let name = name
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return String(name[name.index(after: dot)...])
    }

    /// The folder that holds this path; the root holds itself, a single name is held by `.`.
    public var parent: Path {
        guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == text.utf8.startIndex ? "/" : Path(String(text[..<slash]))
    }

    /// `other` seen from this folder; an absolute `other` stands for itself.
    public func appending(_ other: Path) -> Path {
        if other.isAbsolute || text.isEmpty { return other }
        if other.text.isEmpty { return self }
        return Path(text.utf8.last == UInt8(ascii: "/") ? text + other.text : text + "/" + other.text)
    }

    /// The path of a name in a folder; an absolute name stands for itself.
    public static func / (folder: Path, name: String) -> Path { folder.appending(Path(name)) }

    /// Without `.`, empty segments and `..` that can be dropped lexically. A relative path may still
    /// begin with `..`; an empty one becomes `.`.
    public var normalized: Path {
        if isNormalized { return self }
        var kept: [Substring] = []
        for segment in segments where segment != "." {
            if segment == ".." {
                if let last = kept.last, last != ".." { kept.removeLast(); continue }
                if isAbsolute { continue }
            }
            kept.append(segment)
        }
        let joined = kept.joined(separator: "/")
        return Path(isAbsolute ? "/" + joined : (joined.isEmpty ? "." : joined))
    }

    /// Whether nothing is to be dropped: absolute, and no segment is empty, `.` or `..`.
    private var isNormalized: Bool {
        guard isAbsolute else { return false }
        return text.utf8.withContiguousStorageIfAvailable { Self.isNormalized($0) } ?? Self.isNormalized(text.utf8)
    }

    private static func isNormalized(_ path: some Collection<UInt8>) -> Bool {
        var length = 0
        var dots = 0
        for byte in path.dropFirst() {
            if byte == UInt8(ascii: "/") {
                if length == dots, length < 3 { return false }
                (length, dots) = (0, 0)
            } else {
                length += 1
                if byte == UInt8(ascii: ".") { dots += 1 }
            }
        }
        return path.count == 1 || length != dots || length > 2
    }

    /// Whether this normalized path is `folder` or below it. Both must be of one kind, absolute or relative.
    public func isInside(_ folder: Path) -> Bool {
        if folder.text == "." { return !isAbsolute && !text.hasPrefix("../") && text != ".." }
        // On the bytes themselves: this is asked for every file of a workspace.
        let answer = text.utf8.withContiguousStorageIfAvailable { own in
            folder.text.utf8.withContiguousStorageIfAvailable { Self.isPath(own, inside: $0) }
        }
        return (answer ?? nil) ?? Self.isPath(text.utf8, inside: folder.text.utf8)
    }

    private static func isPath(
        _ path: some Collection<UInt8>, inside folder: some BidirectionalCollection<UInt8>
    ) -> Bool {
        guard path.starts(with: folder) else { return false }
        let next = path.dropFirst(folder.count).first
        return next == nil || next == UInt8(ascii: "/") || folder.last == UInt8(ascii: "/")
    }

    /// What follows a folder that this path is inside; `.` for the folder itself.
    public func relative(below folder: Path) -> Path {
        let rest = text.utf8.dropFirst(folder.text == "/" ? 1 : folder.text.utf8.count + 1)
        return rest.isEmpty ? "." : Path(String(Substring(rest)))
    }

    /// This absolute path as seen from `folder`, with `..` where needed.
    public func relative(to folder: Path) -> Path {
        let path = normalized
        let folder = folder.normalized
        if folder.text != ".", path.isInside(folder) { return path.relative(below: folder) }
        let own = path.segments
        let base = folder.segments
        var shared = 0
        while shared < own.count, shared < base.count, own[shared] == base[shared] { shared += 1 }
        let up = Array(repeating: Substring(".."), count: base.count - shared)
        let joined = (up + own[shared...]).joined(separator: "/")
        return Path(joined.isEmpty ? "." : joined)
    }

    public static func < (left: Path, right: Path) -> Bool { left.text < right.text }
}

extension Path: CustomStringConvertible {
    public var description: String { text }
}
