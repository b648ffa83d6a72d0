import Foundation
import HostFakes
import Testing

/// The same scenarios as those of the pure schedule, through tasks, time, records and events.
@Suite struct DriverSimulationTests {
    @Test func `a run does each node once, tells what it does, and the next run goes on from its records`() async {
        let seeds = SimulationSeeds(ProcessInfo.processInfo.environment, usually: 2000)
        let failures = await seeds.failures(test: "DriverSimulationTests") {
            DriverSimulation.problems(ofSeed: $0)
        }
        for failure in failures { Issue.record("\(failure)") }
    }
}
