import Execution
import Foundation
import HostFakes
import Testing

/// Random graphs, failures, interrupts, crashes and growth, drawn from a seed. A failure names the seed and the line
/// that runs it again; `DEVINIT_SIMULATION_RUNS` sets how many seeds are run.
@Suite struct ScheduleSimulationTests {
    @Test func `every node ends once, after its needs, within the bounds, and as soon as it may`() async {
        let seeds = SimulationSeeds(ProcessInfo.processInfo.environment, usually: 100_000)
        let failures = await seeds.failures(test: "ScheduleSimulationTests") {
            ScheduleSimulation.problems(ofSeed: $0)
        }
        for failure in failures { Issue.record("\(failure)") }
    }

    @Test func `the seeds draw all that can happen to a run`() {
        var seen: Set<ScheduleSimulation.Event> = []
        for seed in UInt64(0)..<3000 {
            var simulation = ScheduleSimulation(seed)
            simulation.run()
            seen.formUnion(simulation.seen)
        }
        #expect(seen == Set(ScheduleSimulation.Event.allCases))
    }
}
