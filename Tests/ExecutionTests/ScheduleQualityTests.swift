import Execution
import Foundation
import HostFakes
import Testing

/// How long schedules take beside the least that any could: the longest chain of needs, or all work shared by all jobs.
/// Arithmetic on drawn graphs, not a measurement; `benchmarks/schedule` prints the table.
@Suite struct ScheduleQualityTests {
    struct Ratios {
        var sum = 0.0
        var worst = 1.0
        var count = 0

        mutating func add(_ ratio: Double) {
            sum += ratio
            worst = max(worst, ratio)
            count += 1
        }

        var mean: Double { sum / Double(max(1, count)) }
    }

    /// Seconds that the schedule takes when each node takes exactly what is expected.
    static func length(_ graph: ExecutionGraph, jobs: Int) -> Double {
        var schedule = Schedule(graph, limits: .init(processor: jobs))
        var running: [(end: Double, id: NodeID)] = []
        var now = 0.0
        func take(_ commands: [Schedule.Command]) {
            for case .start(let id) in commands { running.append((now + (graph.nodes[id]?.expectedSeconds ?? 0), id)) }
        }
        take(schedule.handle(.begin))
        while let first = running.indices.min(by: { running[$0].end < running[$1].end }) {
            let (end, id) = running.remove(at: first)
            now = end
            take(schedule.handle(.finished(id, NodeResult(.done, ""))))
        }
        return now
    }

    /// The ratio of a schedule's length to the least there could be.
    static func ratio(_ shape: GraphShape, jobs: Int, seed: UInt64) throws -> Double {
        var random = SeededGenerator(seed: seed &* 101 &+ UInt64(shape.rawValue))
        let count = random.within(10, 60)
        let nodes = shape.needs(count, &random).enumerated().map { number, needs in
            // Most work is short and some is long, as installs and builds are.
            let seconds = random.oneIn(5) ? random.within(20, 100) : random.within(1, 20)
            return ExecutionNode(
                NodeID(number: number), edges: needs.map { Edge(NodeID(number: $0), "drawn") },
                expectedSeconds: Double(seconds))
        }
        let graph = try ExecutionGraph(nodes)
        let longest = graph.priorities.values.max() ?? 0
        let total = nodes.reduce(0) { $0 + $1.expectedSeconds }
        return length(graph, jobs: jobs) / max(longest, total / Double(jobs))
    }

    @Test func `schedules take at most a tenth more than the least possible, on average`() throws {
        let graphs = ProcessInfo.processInfo.environment["DEVINIT_SCHEDULE_GRAPHS"].flatMap { UInt64($0) } ?? 50
        var all = Ratios()
        print("| graphs | 2 jobs: mean, worst | 4 jobs | 8 jobs |\n| --- | ---: | ---: | ---: |")
        for shape in GraphShape.allCases {
            var cells: [String] = []
            for jobs in [2, 4, 8] {
                var ratios = Ratios()
                for seed in 0..<graphs { ratios.add(try Self.ratio(shape, jobs: jobs, seed: seed)) }
                cells.append("+\(Self.percent(ratios.mean)), +\(Self.percent(ratios.worst))")
                #expect(ratios.mean <= 1.10, "\(shape) with \(jobs) jobs")
                all.add(ratios.mean)
            }
            print("| \(shape) | \(cells.joined(separator: " | ")) |")
        }
        print("| all | +\(Self.percent(all.mean)) | | |")
        #expect(all.mean <= 1.10)
    }

    static func percent(_ ratio: Double) -> String {
        let tenths = Int(((ratio - 1) * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
