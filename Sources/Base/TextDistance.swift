/// How far two words are apart, for "did you mean".
public enum TextDistance {
    /// More candidates than these get no suggestion: looking for one would take longer than reading them.
    private static let mostCandidates = 2000

    /// Edits (insert, delete, replace, swap of neighbours) that turn one word into the other:
    /// the optimal string alignment distance. Beyond `limit` the count ends, with a number above it.
    public static func between(_ first: String, _ second: String, upTo limit: Int) -> Int {
        let a = Array(first.unicodeScalars)
        let b = Array(second.unicodeScalars)
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        if abs(a.count - b.count) > limit { return limit + 1 }
        // Three rows of the table in one array, used in turn.
        let width = b.count + 1
        var rows = Array(0..<width) + Array(repeating: 0, count: width * 2)
        var (current, previous, beforePrevious) = (width, 0, width * 2)
        for i in 1...a.count {
            rows[current] = i
            var least = i
            for j in 1...b.count {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                var edits = min(rows[previous + j] + 1, rows[current + j - 1] + 1, rows[previous + j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    edits = min(edits, rows[beforePrevious + j - 2] + 1)
                }
                rows[current + j] = edits
                least = min(least, edits)
            }
            // A swap reaches back two rows, and adds one.
            if least > limit + 1 { return limit + 1 }
            (current, previous, beforePrevious) = (beforePrevious, current, previous)
        }
        return rows[previous + b.count]
    }

    /// The candidate nearest to `word`, if it is near enough to be meant: a third of the word's
    /// length, at least one edit, at most three. A word that another one begins with counts as near.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let limit = min(3, max(1, word.unicodeScalars.count / 3))
        let lower = word.lowercased()
        var best: (distance: Int, name: String)?
        for (index, candidate) in candidates.enumerated() where candidate != word {
            guard index < mostCandidates else { return nil }
            let begins = word.utf8.count >= 3 && candidate.hasPrefix(word)
            let distance = begins ? 1 : between(lower, candidate.lowercased(), upTo: limit)
            guard distance <= limit else { continue }
            if best.map({ (distance, candidate) < ($0.distance, $0.name) }) ?? true { best = (distance, candidate) }
        }
        return best?.name
    }
}
