import Foundation
import HostFakes
import Testing

/// Random files, edits and manifests, drawn from a seed. A failure names the seed and the line that runs it again;
/// `DEVINIT_SIMULATION_RUNS` sets how many seeds are run.
@Suite struct MergeSimulationTests {
    @Test func `no merge loses what is the developer's, says a thing twice, or writes what a reader misreads`() async {
        let seeds = SimulationSeeds(ProcessInfo.processInfo.environment, usually: 100_000)
        let failures = await seeds.failures(test: "MergeSimulationTests") { seed in
            var simulation = MergeSimulation(seed)
            simulation.run()
            return simulation.problems
        }
        for failure in failures { Issue.record("\(failure)") }
    }

    @Test func `the seeds draw all that can happen to an env file`() {
        var seen: Set<MergeSimulation.Event> = []
        for seed in UInt64(0)..<1500 {
            var simulation = MergeSimulation(seed)
            simulation.run()
            seen.formUnion(simulation.seen)
        }
        #expect(seen == Set(MergeSimulation.Event.allCases), "\(Set(MergeSimulation.Event.allCases).subtracting(seen))")
    }
}
