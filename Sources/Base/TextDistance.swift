/// How far two words are apart, for "did you mean".
public enum TextDistance {
    /// Edits (insert, delete, replace, swap of neighbours) that turn one word into the other:
    /// the optimal string alignment distance.
    public static func between(_ first: String, _ second: String) -> Int {
        let a = Array(first.unicodeScalars)
        let b = Array(second.unicodeScalars)
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var beforePrevious: [Int] = []
        var previous = Array(0...b.count)
        for i in 1...a.count {
            var current = [i] + Array(repeating: 0, count: b.count)
            for j in 1...b.count {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                current[j] = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    current[j] = min(current[j], beforePrevious[j - 2] + 1)
                }
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[b.count]
    }

    /// The candidate nearest to `word`, if it is near enough to be meant: a third of the word's
    /// length, at least one edit, at most three. A word that another one begins with counts as near.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let limit = min(3, max(1, word.unicodeScalars.count / 3))
        let lower = word.lowercased()
        var best: (distance: Int, name: String)?
        for candidate in candidates where candidate != word {
            var distance = between(lower, candidate.lowercased())
            if word.count >= 3, candidate.hasPrefix(word) { distance = min(distance, 1) }
            guard distance <= limit else { continue }
            if best.map({ (distance, candidate) < ($0.distance, $0.name) }) ?? true { best = (distance, candidate) }
        }
        return best?.name
    }
}
