import Execution
import HostFakes

/// What a seed draws: a graph, how its nodes fare, and what comes in between.
struct Scenario {
    /// What becomes of a node in one run, when it has to be done.
    enum Fate: Equatable {
        case done
        case upToDate
        /// Does not apply to this machine.
        case skipped
        case failed
        /// Can't even be tried.
        case blocked
        /// Fails so often in a way that passes, and is done then.
        case passing(failures: Int)
    }

    /// What happens in one run from outside, counted in events.
    struct Turn {
        var crash: Int?
        var interrupt: Int?
        var isLast: Bool
    }

    let seed: UInt64
    /// All nodes, grown ones too; a node's number is its place.
    private(set) var nodes: [ExecutionNode] = []
    /// Numbers of the nodes that a node brings when it is done.
    private(set) var growth: [Int: [Int]] = [:]
    /// How many are there from the start.
    private(set) var planted = 0
    private(set) var limits = Schedule.Limits(processor: 1)
    /// Runs one after the other, over the same journal.
    private(set) var turns: [Turn] = []
    /// Nodes whose work must never be repeated.
    private(set) var once: Set<Int> = []
    private let mishaps: Int

    init(seed: UInt64, crashes: Bool) {
        self.seed = seed
        var random = SeededGenerator(seed: seed)
        // One in 8 with no mishap at all, so that long runs to the end are common too.
        mishaps = random.oneIn(8) ? 0 : random.within(4, 20)
        let count =
            switch random.below(1000) {
            case 0: 200
            case 1..<10: 0
            case 10..<60: random.within(20, 40)
            default: random.within(3, 14)
            }
        drawNodes(count, &random)
        limits = .init(processor: random.within(1, 4), network: random.within(1, 4), failFast: random.oneIn(4))
        let runs = crashes ? random.within(2, 4) : 1
        for run in 1...runs {
            let isLast = crashes && run == runs
            turns.append(
                Turn(
                    crash: crashes && !isLast && !random.oneIn(4) ? random.below(2 * count + 2) : nil,
                    interrupt: !isLast && random.oneIn(6) ? random.below(count + 1) : nil, isLast: isLast))
        }
    }

    private mutating func drawNodes(_ count: Int, _ random: inout SeededGenerator) {
        let shape = GraphShape.allCases[random.below(GraphShape.allCases.count)]
        let pools: [Pool] =
            random.oneIn(3) ? [.processor] : [.processor, .processor, .network, .network, .waiting, .interactive]
        let locks = random.oneIn(3) ? 0 : random.within(1, 3)
        nodes = shape.needs(count, &random).enumerated().map { number, needs in
            ExecutionNode(
                NodeID(number: number), edges: needs.map { Edge(NodeID(number: $0), "drawn") },
                pool: pools[random.below(pools.count)],
                locks: locks > 0 && random.oneIn(4) ? ["lock\(random.below(locks))"] : [],
                // Whole numbers, whose sums are exact in whatever order.
                expectedSeconds: Double(random.within(1, 12)), failedLastTime: random.oneIn(12))
        }
        planted = count
        if count > 3, random.oneIn(5) { drawGrowth(&random) }
        for number in nodes.indices where random.oneIn(6) { once.insert(number) }
    }

    /// The last nodes come in mid-run, each brought by one or two that are there from the start.
    private mutating func drawGrowth(_ random: inout SeededGenerator) {
        planted = nodes.count - random.within(1, nodes.count / 2)
        var parents: [Int: Int] = [:]
        for number in planted..<nodes.count {
            let parent = random.below(planted)
            growth[parent, default: []].append(number)
            parents[number] = parent
            // What comes in with it may be needed; what may come later or never is no need.
            nodes[number].edges.removeAll { $0.need.number >= planted && parents[$0.need.number] != parent }
            // Most need the one that brought them, which ends after they have come in.
            if !random.oneIn(3), !nodes[number].edges.contains(where: { $0.need.number == parent }) {
                nodes[number].edges.append(Edge(NodeID(number: parent), "brought by it"))
            }
        }
        // Now and then two bring the same.
        for (_, brought) in growth.sorted(by: { $0.key < $1.key }) where random.oneIn(4) {
            growth[random.below(planted), default: []] += brought
        }
    }

    var startNodes: ArraySlice<ExecutionNode> { nodes[..<planted] }

    func fate(of number: Int, turn: Int) -> Fate {
        if mishaps == 0 { return .done }
        var random = SeededGenerator(seed: seed &* 31 &+ UInt64(number) &* 0x1_0001 &+ UInt64(turn) &* 0x1F_FFFF)
        guard random.oneIn(mishaps) else { return random.oneIn(5) ? .upToDate : .done }
        let isLast = turns[turn].isLast
        switch random.below(5) {
        case 0: return .skipped
        case 1: return .passing(failures: random.within(1, 2))
        case 2: return isLast ? .done : .blocked
        default: return isLast ? .done : .failed
        }
    }

    /// How long its work takes: often as expected, at times at once, at times far longer.
    func seconds(of number: Int, turn: Int) -> Double {
        var random = SeededGenerator(seed: seed &+ UInt64(number) &* 0xABCD_EF01 &+ UInt64(turn))
        switch random.below(6) {
        case 0: return 0
        case 1: return Double(random.within(1, 100))
        default: return nodes[number].expectedSeconds
        }
    }

    /// What the work is done with: changes now and then from one run to the next.
    func fingerprint(of number: Int, turn: Int) -> Int {
        var random = SeededGenerator(seed: seed &* 7 &+ UInt64(number) &* 0x77_7777)
        var print = 1
        for _ in 0..<turn where random.oneIn(10) { print += 1 }
        return print
    }
}
