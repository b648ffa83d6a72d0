/// Nodes whose needs are all done and that wait for a free place, best first: a queue per pool, since the bounds are
/// per pool, and one per lock, since what waits for a lock is not worth asking before it is given back.
///
/// Nodes are positions in the schedule. An insertion finds its place by halving, and the best one is the last, so that
/// thousands of ready nodes cost a move of memory each and not a sort at every event.
struct ReadyQueue: Sendable {
    /// Worst first.
    private var queues: [Pool: [Int]] = [:]
    private var parked: [String: [Int]] = [:]
    /// Higher goes first; of equals the one that stands earlier.
    var priority: [Double] { didSet { sort() } }

    init(priority: [Double]) { self.priority = priority }

    mutating func insert(_ position: Int, pool: Pool) {
        // Told apart first: a queue that is looked at cannot be changed without being copied.
        let place = place(of: position, in: queues[pool] ?? [])
        queues[pool, default: []].insert(position, at: place)
    }

    private func place(of position: Int, in queue: [Int]) -> Int {
        var low = 0
        var high = queue.count
        while low < high {
            let middle = (low + high) / 2
            if isBetter(position, than: queue[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The best of those pools; nil when none waits there.
    func best(of pools: [Pool]) -> (position: Int, pool: Pool)? {
        var best: (position: Int, pool: Pool)?
        for pool in pools {
            guard let first = queues[pool]?.last else { continue }
            if best.map({ isBetter(first, than: $0.position) }) ?? true { best = (first, pool) }
        }
        return best
    }

    /// Takes the best of that pool out.
    mutating func removeBest(of pool: Pool) { queues[pool]?.removeLast() }

    /// Puts a node by until `unpark` is called for that lock.
    mutating func park(_ position: Int, behind lock: String) { parked[lock, default: []].append(position) }

    /// Those that waited for that lock; they are to be inserted again.
    mutating func unpark(_ lock: String) -> [Int] { parked.removeValue(forKey: lock) ?? [] }

    mutating func removeAll() {
        queues = [:]
        parked = [:]
    }

    private func isBetter(_ left: Int, than right: Int) -> Bool {
        priority[left] != priority[right] ? priority[left] > priority[right] : left < right
    }

    private mutating func sort() {
        queues = queues.mapValues { $0.sorted { isBetter($1, than: $0) } }
    }
}
