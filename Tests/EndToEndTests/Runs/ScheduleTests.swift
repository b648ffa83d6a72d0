import HostInterfaces
import Base
import Foundation
import Testing

/// A node starts as soon as what it needs is done: shown by steps that can only end when another has begun.
@Suite struct ScheduleTests {
    @Test func `a step starts while another that it does not need still runs`() async throws {
        // slow ends only after late has run, and late needs only quick: phases would never end.
        let workspace = try Workspace(
            """
            version: 1
            steps:
              slow: { run: "until test -e late; do sleep 0.01; done", timeout: 30s }
              quick: { run: "true" }
              late: { run: touch late, needs: [quick] }
            """)
        try await workspace.up("-j", "2").expect(status: 0)
        #expect(workspace.exists("late"))
    }

    @Test func `as many steps run at once as jobs allow, and no more`() async throws {
        let step = """
            mkdir -p running; touch running/$N; ls running | wc -l >>counts
                  until test $(ls running | wc -l) -ge 3 || test -e three; do sleep 0.01; done; touch three
                  sleep 0.05; rm running/$N
            """
        let workspace = try Workspace(
            "version: 1\nsteps:\n"
                + (1...6).map {
                    "  s\($0):\n    env: { N: \"\($0)\" }\n    timeout: 30s\n    run: |\n      \(step)\n"
                }.joined())
        try await workspace.up("-j", "3").expect(status: 0)
        let counts = (workspace.text("counts") ?? "").split(separator: "\n").compactMap { Int($0) }
        #expect(counts.max() == 3, "\(counts)")
    }

    @Test func `steps with the same lock never overlap`() async throws {
        let step = "mkdir alone && sleep 0.05 && echo x >>ran && rmdir alone"
        let workspace = try Workspace(
            "version: 1\nsteps:\n" + (1...4).map { "  s\($0): { run: \"\(step)\", lock: npm }\n" }.joined())
        try await workspace.up("-j", "4").expect(status: 0)
        #expect(workspace.text("ran") == "x\nx\nx\nx")
    }

    @Test func `work waits for all that it needs`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            steps:
              join: { run: "test -e a && test -e b && touch joined", needs: [a, step:b] }
              a: { run: "sleep 0.1; touch a" }
              b: { run: "sleep 0.2; touch b" }
            """)
        try await workspace.up("-j", "8").expect(status: 0)
        #expect(workspace.exists("joined"))
    }

    @Test func `why a node waits is shown when asked`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: echo }\n  b: { run: echo, needs: [a], inputs: [step:a] }\n")
        try await workspace.devinit("plan", "-v").expect(stdout: "…step:b…step:a…written in needs…", status: 0)
    }
}
