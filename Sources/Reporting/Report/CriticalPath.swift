/// The chain of nodes that decided how long a run took.
enum CriticalPath {
    /// Places from the first to the last node: from the one that ended last back to what it needs that ended last,
    /// and so on. Empty where the record does not tell who needs whom, or nothing ended.
    static func of(_ report: RunReport) -> [Int] {
        guard report.knowsNeeds else { return [] }
        func end(_ place: Int) -> Double { report.nodes[place].end ?? -1 }
        func latest(_ places: some Sequence<Int>) -> Int? { places.max { (end($0), $1) < (end($1), $0) } }
        // What was only skipped ends with the last failure and took no time.
        let ran = report.nodes.indices.filter { !report.nodes[$0].attempts.isEmpty && report.nodes[$0].end != nil }
        let ended = ran.isEmpty ? report.nodes.indices.filter { report.nodes[$0].end != nil } : ran
        var path: [Int] = []
        var seen: Set<Int> = []
        var next = latest(ended)
        while let place = next, seen.insert(place).inserted {
            path.append(place)
            next = latest(report.nodes[place].needs.filter { report.nodes[$0].end != nil })
        }
        return path.reversed()
    }
}
