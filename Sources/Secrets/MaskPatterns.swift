/// Byte sequences to be hidden, found in one pass over the text.
struct MaskPatterns: Sendable {
    /// By the first two bytes, the longest first.
    private var byStart: [UInt16: [[UInt8]]] = [:]
    /// Whether any pattern begins with these two bytes: what most of a text is passed over by.
    private var starts: [Bool] = []
    /// Bytes of the longest pattern.
    private(set) var longest = 0

    var isEmpty: Bool { longest == 0 }

    mutating func add(_ patterns: some Sequence<[UInt8]>) {
        if starts.isEmpty { starts = Array(repeating: false, count: 1 << 16) }
        for pattern in patterns where pattern.count >= 2 {
            let start = UInt16(pattern[0]) << 8 | UInt16(pattern[1])
            guard byStart[start]?.contains(pattern) != true else { continue }
            byStart[start, default: []].append(pattern)
            byStart[start]?.sort { $0.count > $1.count }
            starts[Int(start)] = true
            longest = max(longest, pattern.count)
        }
    }

    /// Where patterns stand, in order; those that overlap or touch are one range.
    func ranges(in text: ArraySlice<UInt8>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        guard !isEmpty, text.count >= 2 else { return ranges }
        var first = Int(text[text.startIndex])
        for position in text.startIndex..<text.endIndex - 1 {
            let second = Int(text[position + 1])
            defer { first = second }
            guard starts[first << 8 | second], let end = match(in: text, at: position) else { continue }
            if let last = ranges.last, position <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, end)
            } else {
                ranges.append(position..<end)
            }
        }
        return ranges
    }

    /// Where the longest pattern that stands there ends.
    private func match(in text: ArraySlice<UInt8>, at start: Int) -> Int? {
        let key = UInt16(text[start]) << 8 | UInt16(text[start + 1])
        for pattern in byStart[key] ?? [] where start + pattern.count <= text.endIndex {
            var length = 2
            while length < pattern.count, text[start + length] == pattern[length] { length += 1 }
            if length == pattern.count { return start + length }
        }
        return nil
    }

    /// The text with `***` in place of each range.
    static func hide(_ ranges: [Range<Int>], in text: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var position = text.startIndex
        for range in ranges {
            out += text[position..<range.lowerBound]
            out += "***".utf8
            position = range.upperBound
        }
        out += text[position...]
        return out
    }
}
