import Base

/// The few numbers about a whole run that stand in the head of its report.
enum RunFacts {
    static func of(_ report: RunReport) -> [(name: String, value: String)] {
        var facts: [(name: String, value: String)] = []
        let metrics = report.metrics
        let worked = report.nodes.reduce(0.0) { sum, node in
            sum + node.attempts.reduce(0.0) { $0 + max(0, ($1.end ?? report.seconds) - $1.start) }
        }
        let busy = metrics["busy_seconds"] ?? worked
        if busy > 0, report.seconds > 0 {
            facts.append(
                ("Work", "\(Words.elapsed(busy)), \(Words.fixed(busy / report.seconds, 1)) at once on average"))
        }
        let retries = metrics["retries"].map(whole) ?? report.nodes.reduce(0) { $0 + max(0, $1.attempts.count - 1) }
        if retries > 0 { facts.append(("Tried again", Words.count(retries, "time"))) }
        if let bytes = metrics["bytes"], bytes > 0 { facts.append(("Transferred", ByteSize.describe(whole(bytes)))) }
        let (hits, misses) = (metrics["cache_hits"].map(whole) ?? 0, metrics["cache_misses"].map(whole) ?? 0)
        if hits + misses > 0 { facts.append(("Cache", "\(Words.count(hits, "hit")), \(misses) missed")) }
        return facts
    }

    private static func whole(_ number: Double) -> Int { Int(min(number, 1e15)) }
}
