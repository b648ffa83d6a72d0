/// Which seeds a simulation runs: as many as it does usually, or as `DEVINIT_SIMULATION_RUNS` says, from 0 or from
/// `DEVINIT_SIMULATION_FIRST`; or only the one in `DEVINIT_SIMULATION_SEED`.
public struct SimulationSeeds: Sendable {
    public let all: Range<UInt64>

    public init(_ environment: [String: String], usually count: UInt64) {
        if let seed = environment["DEVINIT_SIMULATION_SEED"].flatMap({ UInt64($0) }) {
            all = seed..<seed + 1
        } else {
            let first = environment["DEVINIT_SIMULATION_FIRST"].flatMap { UInt64($0) } ?? 0
            all = first..<first + (environment["DEVINIT_SIMULATION_RUNS"].flatMap { UInt64($0) } ?? count)
        }
    }

    /// The problems of a seed in one text, with the line that runs it again.
    public static func report(_ problems: [String], seed: UInt64, test: String) -> String {
        let shown = problems.prefix(5).joined(separator: "\n")
        return "\(shown)\nAgain: DEVINIT_SIMULATION_SEED=\(seed) swift test --filter \(test)"
    }

    /// Runs every seed on as many tasks as given, and returns the reports of the first seeds with problems, at most 3.
    public func failures(
        test: String, tasks: Int = 2, _ problems: @escaping @Sendable (UInt64) async -> [String]
    ) async -> [String] {
        await withTaskGroup(of: [(UInt64, String)].self) { group in
            for task in 0..<UInt64(tasks) {
                group.addTask {
                    var found: [(UInt64, String)] = []
                    var seed = all.lowerBound + task
                    while seed < all.upperBound, found.count < 3 {
                        let problems = await problems(seed)
                        if !problems.isEmpty { found.append((seed, Self.report(problems, seed: seed, test: test))) }
                        seed += UInt64(tasks)
                        // Tests beside it may measure time.
                        await Task.yield()
                    }
                    return found
                }
            }
            var found: [(UInt64, String)] = []
            for await some in group { found += some }
            return found.sorted { $0.0 < $1.0 }.prefix(3).map(\.1)
        }
    }
}
