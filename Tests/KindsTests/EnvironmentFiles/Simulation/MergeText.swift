import Dotenv

/// A file as its lines, to tell whether all of them are still there.
struct MergeText {
    private let bytes: [UInt8]

    /// Byte order marks are left out: one that comes to stand at the start is no part of a line any more.
    init(_ bytes: [UInt8]) {
        guard bytes.contains(0xEF) else {
            self.bytes = bytes
            return
        }
        var kept: [UInt8] = []
        for byte in bytes {
            kept.append(byte)
            if kept.suffix(3) == [0xEF, 0xBB, 0xBF] { kept.removeLast(3) }
        }
        self.bytes = kept
    }

    /// The lines with their endings, without those that are the keys' own, whatever they span; nil where that can't be
    /// told, because taking them out would close a quote.
    func lines(without keys: Set<String>) -> [[UInt8]]? {
        var document = DotenvDocument(parsing: bytes)
        // Beside a quote that is never closed a line can go only after that one.
        var left = keys.sorted().filter(document.contains)
        while let place = left.firstIndex(where: { document.remove($0) }) { left.remove(at: place) }
        if !left.isEmpty { return nil }
        return Self.physical(keys.isEmpty ? bytes : document.bytes)
    }

    private static func physical(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var line: [UInt8] = []
        for byte in bytes {
            line.append(byte)
            if byte == UInt8(ascii: "\n") {
                lines.append(line)
                line = []
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// The first line of `before` that does not stand, in its order, in `after`. A line that ended the file without a
    /// line ending may have one now, and the other way round.
    static func firstLost(_ before: [[UInt8]], in after: [[UInt8]]) -> String? {
        var place = 0
        for line in before {
            while place < after.count, after[place] != line, trimmed(after[place]) != trimmed(line) { place += 1 }
            if place == after.count { return String(decoding: line, as: UTF8.self).debugDescription }
            let isSame = after[place] == line
            let mayDiffer = line == before.last && !line.contains(UInt8(ascii: "\n")) || place == after.count - 1
            if !isSame, !mayDiffer { return String(decoding: line, as: UTF8.self).debugDescription }
            place += 1
        }
        return nil
    }

    private static func trimmed(_ line: [UInt8]) -> ArraySlice<UInt8> {
        var line = line[...]
        while let last = line.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }
}
