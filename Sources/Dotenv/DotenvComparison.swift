import Base

/// A line of an env file that its readers don't read alike.
public struct DotenvDifference: Hashable, Sendable {
    /// What some of the readers make of it.
    public struct Reading: Hashable, Sendable {
        public var dialects: [Dialect]
        /// nil: they see no such key.
        public var value: String?
        /// Why they refuse the line, and with it the file.
        public var refusal: DotenvError?
    }

    /// Counted from 1; where a key stands more than once, its last place.
    public var line: Int
    /// nil: only the readers that refuse the line see something in it.
    public var key: String?
    /// At least one; in the order of `Dialect.allCases`.
    public var readings: [Reading]
}

/// Compares what the readers of several dialects make of one file.
public enum DotenvComparison {
    /// So many lines that a reader refuses are looked for in a file.
    private static let mostRefusals = 50

    /// Every line that two of the dialects read differently, or that one of them refuses; from the top.
    ///
    /// - Parameter home: what `~` stands for in sh; other variables than those of the file count as unset, so that the
    ///   answer is the same on every machine.
    public static func differences(
        in bytes: [UInt8], dialects: Set<Dialect>, home: String? = nil
    ) -> [DotenvDifference] {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = DotenvDocument(parsing: Array(text.utf8)).numberedLines
        let places = Dictionary(lines.compactMap { line in line.key.map { ($0, line.numbers) } }) { $1 }
        let ordered = Dialect.allCases.filter(dialects.contains)
        let looks = ordered.map { Look(text, lines, $0, home: home) }
        var found: [DotenvDifference] = []
        var told: Set<Int> = []
        var known: Set<String> = []
        let keys = lines.compactMap(\.key) + looks.flatMap { $0.values.keys }
        for key in keys where known.insert(key).inserted {
            let place = places[key]
            var readings: [DotenvDifference.Reading] = []
            for (dialect, look) in zip(ordered, looks) where !look.depends.contains(key) {
                let refusal = look.refusals.first { place?.contains($0.line) ?? false }
                if let refusal { told.insert(refusal.line) }
                let value = refusal == nil ? look.values[key] : nil
                if let index = readings.firstIndex(where: {
                    same($0.value, value) && $0.refusal?.reason == refusal?.error.reason
                }) {
                    readings[index].dialects.append(dialect)
                } else {
                    readings.append(.init(dialects: [dialect], value: value, refusal: refusal?.error))
                }
            }
            guard readings.count > 1 || readings.first?.refusal != nil else { continue }
            found.append(.init(line: place?.lowerBound ?? 1, key: key, readings: readings))
        }
        for (dialect, look) in zip(ordered, looks) {
            for refusal in look.refusals where !told.contains(refusal.line) {
                found.append(
                    .init(
                        line: refusal.line, key: nil,
                        readings: [.init(dialects: [dialect], value: nil, refusal: refusal.error)]))
            }
        }
        return found.sorted { ($0.line, $0.key ?? "") < ($1.line, $1.key ?? "") }
    }

    private static func same(_ left: String?, _ right: String?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.utf8.elementsEqual(right.utf8)
    }

    /// What one dialect reads. A line that it refuses is taken out and told, so that the others can be compared.
    private struct Look {
        var values = OrderedMap<String, String>()
        var refusals: [(line: Int, error: DotenvError)] = []
        /// Keys whose value hangs on the process that reads the file.
        var depends: Set<String> = []

        init(
            _ text: String, _ numbered: [(key: String?, numbers: Range<Int>)], _ dialect: Dialect, home: String?
        ) {
            var lines = Scalars(text: text).split(separator: "\n", omittingEmptySubsequences: false).map { Scalars($0) }
            let environment = home.map { ["HOME": $0] } ?? [:]
            for _ in 0..<mostRefusals {
                do throws(DotenvError) {
                    let left = Scalars(lines.joined(separator: ["\n"])).text
                    values = try DotenvReader.values(of: left, dialect: dialect, environment: environment)
                    return
                } catch {
                    guard let line = Self.line(of: error, in: lines, dialect) else { break }
                    let found = numbered.first { $0.numbers.contains(line) }
                    let numbers = found?.numbers ?? line..<line + 1
                    if case .missingRequired = error.reason {
                        if let key = found?.key { depends.insert(key) }
                    } else {
                        refusals.append((numbers.lowerBound, error))
                    }
                    for index in numbers where lines.indices.contains(index - 1) { lines[index - 1] = [] }
                }
            }
            values = OrderedMap()
        }

        /// The line that a reader stumbles over, which need not be the one that it had reached.
        private static func line(of error: DotenvError, in lines: [Scalars], _ dialect: Dialect) -> Int? {
            var index: Int?
            switch error.reason {
            case .unterminatedQuote(let text) where dialect == .compose:
                let rest = Scalars(text: text)
                index = lines.prefix(error.line).lastIndex {
                    $0.count >= rest.count && $0.suffix(rest.count) == rest[...]
                }
            case .commandSubstitution where dialect == .dotenvExpand:
                index = lines.firstIndex { line in line.indices.contains { line.has("$(", at: $0) } }
            case .invalidTemplate, .missingRequired, .nestedTooDeeply:
                // Compose has read past the value's line.
                index = lines.prefix(error.line).lastIndex { $0.contains("$") }
            case .emptyStatement: index = lines.lastIndex { !$0.isEmpty }
            default: index = error.line - 1
            }
            return index.flatMap { lines.indices.contains($0) && !lines[$0].isEmpty ? $0 + 1 : nil }
        }
    }
}
