/// An env file that can be changed key by key while every other byte stays: comments, blank lines, order,
/// `export`, quoting, CRLF, a missing last newline, a byte order mark, and lines that nobody can read.
///
/// Lines are linked, not moved, so that thousands of keys can be set or inserted in milliseconds.
public struct DotenvDocument: Sendable {
    private static let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    static let none = -1
    /// In bytes; a guess, so that room for most files is taken at once.
    private static let usualLine = 24

    struct Node: Sendable {
        var line: DotenvLine
        var previous: Int
        var next: Int
        /// Whether its key stands here for the first time.
        var isFirstOfKey = false
    }

    private var hasMark: Bool
    private(set) var nodes: [Node] = []
    private(set) var first = none
    private var last = none
    /// Where each key stands, in the order of the file.
    private(set) var places: [String: KeyPlaces] = [:]
    private(set) var hasDuplicates = false
    /// Whether some value's end depends on the lines below it; changes are then checked by parsing anew.
    private var hasFragileLines = false

    /// Reads any bytes; nothing is refused.
    public init(parsing bytes: [UInt8]) {
        hasMark = bytes.starts(with: Self.mark)
        let lines = bytes.count / Self.usualLine
        nodes.reserveCapacity(lines)
        places.reserveCapacity(lines)
        var scanner = DotenvLineScanner(bytes, from: hasMark ? 3 : 0)
        while let line = scanner.next() { append(line) }
    }

    /// The file as it is now; without changes exactly what was parsed.
    public var bytes: [UInt8] {
        var result = hasMark ? Self.mark : []
        var count = result.count
        forEachPlace { count += nodes[$0].line.bytes.count }
        result.reserveCapacity(count)
        forEachPlace { result += nodes[$0].line.bytes }
        return result
    }

    // MARK: Reading

    /// The keys in the order in which each first appears.
    public var keys: [String] {
        var keys: [String] = []
        keys.reserveCapacity(places.count)
        forEachPlace { index in
            if nodes[index].isFirstOfKey, let key = nodes[index].line.entry?.key { keys.append(key) }
        }
        return keys
    }

    /// How many different keys there are.
    public var count: Int { places.count }

    /// Keys that stand more than once; the last one counts.
    public var duplicates: [String] { keys.filter { places[$0].map { $0.count > 1 } ?? false } }

    /// Whether the file sets the key.
    public func contains(_ key: String) -> Bool { places[key] != nil }

    /// The value as its file has it, quotes included, comment excluded; the last one of duplicates.
    public func rawValue(of key: String) -> String? {
        guard let place = places[key]?.last, let range = nodes[place].line.entry?.value else { return nil }
        return String(decoding: nodes[place].line.bytes[range], as: UTF8.self)
    }

    /// How the value is quoted.
    public func quoting(of key: String) -> DotenvQuoting? { entry(of: key)?.entry.quoting }

    /// Whether `export` stands before the key.
    public func hasExport(_ key: String) -> Bool { entry(of: key)?.entry.hasExport ?? false }

    /// The value as the dialects' common ground has it: nothing expanded; in double quotes `\n \r \t \" \\ \$`
    /// resolved, in single ones `\'`. What a given program reads is `DotenvReader`'s answer.
    public func value(of key: String) -> String? {
        entry(of: key).map { Self.decoded($0.bytes[$0.entry.value], $0.entry.quoting) }
    }

    /// The comment and blank lines right above the key's first place, without line endings, up to the last blank
    /// line before other text: what `insert` takes to bring a key over with its comments.
    public func comments(above key: String) -> [String] {
        guard let place = places[key]?.first else { return [] }
        var result: [String] = []
        var index = nodes[place].previous
        while index != Self.none, nodes[index].line.isComment {
            result.append(String(decoding: nodes[index].line.content, as: UTF8.self))
            index = nodes[index].previous
        }
        return result.reversed()
    }

    /// Every line with its key, if it has one, and its numbers in the file, counted from 1; a value may span several.
    var numberedLines: [(key: String?, numbers: Range<Int>)] {
        var number = 1
        return lines.map { line in
            let next = number + max(1, line.bytes.count { $0 == UInt8(ascii: "\n") })
            defer { number = next }
            return (line.entry?.key, number..<next)
        }
    }

    // MARK: Changing

    /// Replaces the value's bytes alone, in the last line of the key; `export`, spacing, comment and line ending
    /// stay. A comment that the new text would swallow or be swallowed by is set off by a space or quotes.
    ///
    /// - Parameter rawText: a value as it stands in a file, from `DotenvWriter` or another file.
    /// - Returns: false, and nothing changed, when the key is absent, the text is not one whole value, or it would
    ///   close a quote that another line leaves open (so for all changes).
    @discardableResult
    public mutating func set(_ key: String, rawText: String) -> Bool {
        guard let place = places[key]?.last, let entry = nodes[place].line.entry else { return false }
        let old = nodes[place].line
        let behind = old.bytes[entry.value.upperBound..<old.endingStart]
        var text = Array(rawText.utf8)
        let hasComment = behind.contains(UInt8(ascii: "#"))
        if hasComment, text.isEmpty { text = Array("\"\"".utf8) }
        var head = Array(old.bytes[..<entry.value.lowerBound])
        if entry.value.isEmpty, hasComment, let blank = head.lastIndex(of: UInt8(ascii: "=")), blank + 1 < head.count {
            head.removeSubrange((blank + 1)...)  // the blanks before the comment go behind the value
        }
        let gap: [UInt8] = hasComment && behind.first == UInt8(ascii: "#") ? [0x20] : []
        let bytes = head + text + gap + behind
        guard let line = Self.line(bytes, ending: Array(old.ending)), let parsed = line.entry, parsed.key == key,
            Self.isWhole(text, parsed, in: line)
        else { return false }
        return change(isFragile: parsed.isFragile) { $0.nodes[place].line = line }
    }

    /// Where a new key goes.
    public enum Place: Sendable, Hashable {
        case start
        case end
        /// Behind the last line of that key; the end when the file has no such key.
        case after(String)
        /// Before the comments above the first line of that key; the start when the file has no such key.
        case before(String)
    }

    /// Adds `KEY=text` as a line of its own, with comment or blank lines above it.
    ///
    /// - Parameter comments: whole lines without endings; one that is neither blank nor a comment gets `# `.
    /// - Returns: false, and nothing changed, when the key is there already or key or text cannot stand in a line.
    @discardableResult
    public mutating func insert(
        _ key: String, rawText: String, at place: Place = .end, comments: [String] = [], hasExport: Bool = false
    ) -> Bool {
        guard places[key] == nil else { return false }
        let text = Array(rawText.utf8)
        let (after, neighbour) = neighbour(for: place)
        let ending = neighbour.map { Array(nodes[$0].line.ending) }.flatMap { $0.isEmpty ? nil : $0 } ?? commonEnding
        guard let line = Self.line(Array("\(hasExport ? "export " : "")\(key)=".utf8) + text, ending: ending),
            let entry = line.entry, entry.key == key, Self.isWhole(text, entry, in: line)
        else { return false }
        return change(isFragile: entry.isFragile) { document in
            document.link(line, after: document.link(comments: comments, ending: ending, after: after), key: key)
        }
    }

    private mutating func link(comments: [String], ending: [UInt8], after: Int) -> Int {
        var position = after
        for comment in comments {
            let content = comment.utf8.filter { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            var plain = DotenvLine(bytes: (content + ending)[...], endingStart: content.count, entry: nil)
            if !plain.isComment, !plain.isBlank {
                let bytes = Array("# ".utf8) + content + ending
                plain = DotenvLine(bytes: bytes[...], endingStart: content.count + 2, entry: nil)
            }
            position = link(plain, after: position)
        }
        return position
    }

    private mutating func link(_ line: DotenvLine, after previous: Int, key: String) {
        note(key, link(line, after: previous))
    }

    /// Takes every line of the key out; comments above it stay.
    ///
    /// - Returns: false, and nothing changed, when there is none.
    @discardableResult
    public mutating func remove(_ key: String) -> Bool {
        guard let removed = places[key] else { return false }
        return change(isFragile: false) { document in
            document.places[key] = nil
            for place in removed { document.unlink(place) }
        }
    }

    /// Gives the key another name and leaves all else of its lines.
    ///
    /// - Returns: false, and nothing changed, when the old key is absent, or the new one is there already or is no name.
    @discardableResult
    public mutating func rename(_ key: String, to newKey: String) -> Bool {
        guard let renamed = places[key], places[newKey] == nil else { return false }
        var lines: [DotenvLine] = []
        for place in renamed {
            let old = nodes[place].line
            guard let entry = old.entry else { return false }
            var content = old.content
            content.replaceSubrange(entry.name, with: newKey.utf8)
            guard let line = Self.line(Array(content), ending: Array(old.ending)), line.entry?.key == newKey else {
                return false
            }
            lines.append(line)
        }
        return change(isFragile: false) { document in
            for (place, line) in zip(renamed, lines) { document.nodes[place].line = line }
            document.places[newKey] = document.places.removeValue(forKey: key)
        }
    }

    /// Applies a change. Where an unclosed quote stands in the file, the change is taken back (false) if it would
    /// close it: bytes that were two values would become one.
    private mutating func change(isFragile: Bool, _ apply: (inout DotenvDocument) -> Void) -> Bool {
        guard hasFragileLines || isFragile else {
            apply(&self)
            return true
        }
        var changed = self
        apply(&changed)
        changed.hasFragileLines = true
        let readAnew = DotenvDocument(parsing: changed.bytes).lines
        guard readAnew.elementsEqual(changed.lines, by: { $0.isRead(as: $1) }) else { return false }
        self = changed
        return true
    }

    // MARK: Lines

    private func forEachPlace(_ body: (Int) -> Void) {
        var index = first
        while index != Self.none {
            body(index)
            index = nodes[index].next
        }
    }

    private var lines: some Sequence<DotenvLine> {
        sequence(state: first) { index -> DotenvLine? in
            guard index != Self.none else { return nil }
            defer { index = nodes[index].next }
            return nodes[index].line
        }
    }

    private func entry(of key: String) -> (bytes: ArraySlice<UInt8>, entry: DotenvLine.Entry)? {
        guard let place = places[key]?.last, let entry = nodes[place].line.entry else { return nil }
        return (nodes[place].line.bytes, entry)
    }

    /// CRLF where the first line has it.
    private var commonEnding: [UInt8] {
        guard first != Self.none, nodes[first].line.hasEnding else { return [UInt8(ascii: "\n")] }
        return Array(nodes[first].line.ending)
    }

    /// The line behind which to insert, and the line whose ending to follow.
    private func neighbour(for place: Place) -> (after: Int, neighbour: Int?) {
        switch place {
        case .start: return (Self.none, nil)
        case .after(let key): if let found = places[key]?.last { return (found, found) }
        case .before(let key):
            guard let found = places[key]?.first else { return (Self.none, nil) }
            var above = nodes[found].previous
            while above != Self.none, nodes[above].line.isComment { above = nodes[above].previous }
            return (above, found)
        case .end: break
        }
        return (last, last == Self.none ? nil : last)
    }

    private mutating func append(_ line: DotenvLine) {
        let index = link(line, after: last)
        guard let entry = line.entry else { return }
        note(entry.key, index)
        if entry.isFragile { hasFragileLines = true }
    }

    private mutating func note(_ key: String, _ place: Int) {
        guard var known = places.updateValue(KeyPlaces(place), forKey: key) else {
            nodes[place].isFirstOfKey = true
            return
        }
        known.append(place)
        places[key] = known
        hasDuplicates = true
    }

    /// Puts the line behind another one. When that one ended the file without a newline, so does the new one.
    private mutating func link(_ line: DotenvLine, after previous: Int) -> Int {
        let index = nodes.count
        var line = line
        if previous != Self.none, !nodes[previous].line.hasEnding {
            let ending = line.hasEnding ? line.ending : commonEnding[...]
            if nodes[previous].line.bytes.last == UInt8(ascii: "\r") {
                // Half a line ending, which the rest completes.
                nodes[previous].line.endingStart -= 1
                nodes[previous].line.bytes.append(UInt8(ascii: "\n"))
            } else {
                nodes[previous].line.bytes += ending
            }
            line.bytes.removeSubrange(line.endingStart...)
        }
        let next = previous == Self.none ? first : nodes[previous].next
        nodes.append(Node(line: line, previous: previous, next: next))
        if previous == Self.none { first = index } else { nodes[previous].next = index }
        if next == Self.none { last = index } else { nodes[next].previous = index }
        return index
    }

    private mutating func unlink(_ index: Int) {
        let (previous, next) = (nodes[index].previous, nodes[index].next)
        if previous == Self.none { first = next } else { nodes[previous].next = next }
        if next == Self.none { last = previous } else { nodes[next].previous = previous }
    }

    /// The bytes as one line; nil when they are more or fewer.
    private static func line(_ content: [UInt8], ending: [UInt8]) -> DotenvLine? {
        var scanner = DotenvLineScanner(content + ending, from: 0)
        guard let line = scanner.next(), scanner.next() == nil, line.endingStart == content.count else { return nil }
        return line
    }

    /// Whether the entry's value is that text, and no lone quote at its start could find a partner further down.
    private static func isWhole(_ text: [UInt8], _ entry: DotenvLine.Entry, in line: DotenvLine) -> Bool {
        let value = line.bytes[entry.value]
        guard value.elementsEqual(text) else { return false }
        guard entry.quoting == .bare, let first = value.first else { return true }
        return !"'\"`".utf8.contains(first)
    }
}

extension DotenvDocument: Equatable {
    /// Equal when they would write the same bytes.
    public static func == (left: DotenvDocument, right: DotenvDocument) -> Bool { left.bytes == right.bytes }
}
