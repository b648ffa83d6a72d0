import Execution
import Testing

/// Random graphs, failures and interrupts, drawn from a seed: the seed in a failed expectation reproduces it.
@Suite struct ScheduleSimulationTests {
    struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            // SplitMix64.
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    func graph(_ random: inout Seeded) throws -> ExecutionGraph {
        let count = Int.random(in: 0...30, using: &random)
        return try ExecutionGraph(
            (0..<count).map { number in
                var edges: [Edge] = []
                for other in 0..<number where Int.random(in: 0..<6, using: &random) == 0 {
                    edges.append(Edge(NodeID("step", "\(other)"), "drawn"))
                }
                return ExecutionNode(
                    NodeID("step", "\(number)"), edges: edges,
                    pool: Pool.allCases.randomElement(using: &random) ?? .processor,
                    locks: Int.random(in: 0..<5, using: &random) == 0 ? ["lock"] : [],
                    expectedSeconds: Double.random(in: 0...10, using: &random))
            })
    }

    @Test func `every node ends once, after its needs, within the bounds`() throws {
        for seed in UInt64(0)..<3000 {
            var random = Seeded(state: seed)
            let graph = try graph(&random)
            let jobs = Int.random(in: 1...4, using: &random)
            var schedule = Schedule(graph, limits: .init(processor: jobs, network: 3))
            var running: [NodeID] = []
            var ended: [NodeID: NodeResult] = [:]
            var concluded = false
            var pending = schedule.handle(.begin)
            while true {
                for command in pending {
                    switch command {
                    case .start(let id):
                        #expect(ended[id] == nil && !running.contains(id), "seed \(seed): started twice")
                        let needs = graph.nodes[id]?.edges.map(\.need) ?? []
                        #expect(needs.allSatisfy { ended[$0]?.satisfies == true }, "seed \(seed): before its needs")
                        running.append(id)
                    case .settle(let id, let result):
                        #expect(ended[id] == nil, "seed \(seed): ended twice")
                        ended[id] = result
                    case .hold: break
                    case .conclude: concluded = true
                    }
                }
                let pools = Dictionary(grouping: running) { graph.nodes[$0]?.pool ?? .processor }
                #expect((pools[.processor]?.count ?? 0) <= jobs, "seed \(seed): more than the jobs")
                #expect((pools[.network]?.count ?? 0) <= 3, "seed \(seed): more than the network's bound")
                if pools[.interactive] != nil { #expect(running.count == 1, "seed \(seed): not alone") }
                let locked = running.filter { graph.nodes[$0]?.locks.isEmpty == false }
                #expect(locked.count <= 1, "seed \(seed): a lock is shared")
                guard let id = running.randomElement(using: &random) else { break }
                if Int.random(in: 0..<60, using: &random) == 0 {
                    pending = schedule.handle(.interrupted)
                } else {
                    running.removeAll { $0 == id }
                    let result = NodeResult(Int.random(in: 0..<8, using: &random) == 0 ? .failed : .done, "drawn")
                    ended[id] = result
                    pending = schedule.handle(.finished(id, result))
                }
            }
            #expect(concluded, "seed \(seed): never concluded")
            #expect(Set(ended.keys) == Set(graph.nodes.keys), "seed \(seed): a node did not end")
        }
    }
}
