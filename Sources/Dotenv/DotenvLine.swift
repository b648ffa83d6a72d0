/// How a value stands in its file.
public enum DotenvQuoting: Sendable, Hashable {
    case bare
    case single
    case double
    case backtick
}

/// One line of an env file as it was written, or several where a quoted value spans them: every byte is in
/// `bytes`, a part of its file's bytes, and the places there tell its parts, so nothing is lost that this reading does
/// not understand.
struct DotenvLine: Sendable {
    /// The parts of a line that sets a value.
    struct Entry: Sendable, Equatable {
        var key: String
        var quoting: DotenvQuoting
        var hasExport: Bool
        /// Whether the value's end depends on the lines below: it opens a quote that is not closed, or closes with
        /// one that a backslash seems to escape.
        var isFragile: Bool
        /// The name's bytes.
        var name: Range<Int>
        /// The value's bytes, quotes included, white space and comment around it excluded.
        var value: Range<Int>

        func moved(by distance: Int) -> Entry {
            var entry = self
            entry.name = name.lowerBound + distance..<name.upperBound + distance
            entry.value = value.lowerBound + distance..<value.upperBound + distance
            return entry
        }
    }

    /// All bytes, the line ending included.
    var bytes: ArraySlice<UInt8>
    /// Where the line ending begins; `bytes.endIndex` for a last line without one.
    var endingStart: Int
    /// nil for blank lines, comments, and what nobody can read.
    var entry: Entry?

    var ending: ArraySlice<UInt8> { bytes[endingStart...] }
    var content: ArraySlice<UInt8> { bytes[..<endingStart] }
    var hasEnding: Bool { endingStart < bytes.endIndex }
    var isComment: Bool { entry == nil && content.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "#") }
    var isBlank: Bool { entry == nil && content.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d } }

    /// Whether the same bytes are read as the same parts, wherever both stand.
    func isRead(as other: DotenvLine) -> Bool {
        bytes == other.bytes && ending.count == other.ending.count
            && entry?.moved(by: -bytes.startIndex) == other.entry?.moved(by: -other.bytes.startIndex)
    }
}
