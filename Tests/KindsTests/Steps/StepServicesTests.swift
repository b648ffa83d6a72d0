import Base
import Execution
import HostInterfaces
import Testing

@testable import Kinds

/// `stops` and `restarts` of steps, with processes as services.
@Suite(.serialized) struct StepServicesTests {
    private static let services = """
        web:
          native: { run: "test ! -e broken; echo $$ >>started; touch up; exec sleep 600" }
          health: { command: "test -e up && test ! -e broken" }
        """

    private func with(_ steps: String, _ body: (ServiceFixture) async throws -> Void) async throws {
        let fixture = try ServiceFixture(Self.services, more: "steps:\n\(steps)\n", engine: false)
        func sweep() async throws {
            _ = try await fixture.open().services.stopNative()
        }
        do { try await body(fixture) } catch {
            try? await sweep()
            throw error
        }
        try await sweep()
    }

    private func pids(_ fixture: ServiceFixture) -> [String] {
        (fixture.workspace.text("started") ?? "").split(separator: "\n").map(String.init)
    }

    @Test func `a service is down while the step works, and another process serves when it is done`() async throws {
        let steps = """
              swap:
                run: "for pid in $(cat started); do kill -0 $pid 2>/dev/null && echo $pid >>alive || true; done; rm up"
                needs: [web]
                stops: [web]
                restarts: [web]
            """
        try await with(steps) { fixture in
            let summary = try await fixture.up()
            #expect(summary["step:swap"]?.status == .done, "\(summary.words)")
            #expect(!fixture.workspace.exists("alive"))
            #expect(pids(fixture).count == 2)
            #expect(try await fixture.plan()["service:web"]?.isWork == false)
        }
    }

    @Test func `a service that does not run is not started by a step that would restart it`() async throws {
        try await with("  touch: { run: 'true', restarts: [web] }") { fixture in
            let summary = try await fixture.up("step:touch")
            #expect(summary["step:touch"]?.status == .done, "\(summary.words)")
            #expect(pids(fixture).isEmpty)
            #expect(fixture.events.text.contains("does not run, so it is not restarted"))
        }
    }

    @Test func `work that is done once is on record before the restart fails, and is not repeated`() async throws {
        let steps = """
              seed: { run: "echo seeded >>seeded; touch broken", needs: [web], once: true, restarts: [web] }
            """
        try await with(steps) { fixture in
            let first = try await fixture.up("step:seed")
            #expect(
                first["step:seed"]?.failure?.message.contains("ended right after its start") == true, "\(first.words)")
            try fixture.workspace.remove("broken")
            let second = try await fixture.up()
            #expect(second["step:seed"]?.status == .upToDate, "\(second.words)")
            #expect(fixture.workspace.text("seeded") == "seeded\n")
            #expect(second["service:web"]?.status == .done)
        }
    }

    @Test func `a service that is not there is told at once`() throws {
        let fixture = try ServiceFixture(
            Self.services, more: "steps:\n  a: { run: x, stops: [wbe] }\n  b: { run: x, restarts: [db] }\n",
            engine: false)
        let problems = fixture.workspace.problems
        #expect(problems.contains { $0.contains("stops: there is no service 'wbe'") }, "\(problems)")
        #expect(problems.contains { $0.contains("restarts: there is no service 'db'") }, "\(problems)")
    }
}
