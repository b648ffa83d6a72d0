import HostInterfaces
import Base
import Foundation
import Testing

/// After `kill -9` at any moment the next `up` carries on from what was really done.
@Suite struct KillTests {
    static let manifest: String = {
        var text = "version: 1\nsteps:\n"
        for number in 0..<12 {
            let needs = number < 3 ? "" : ", needs: [s\(number - 3)]"
            text +=
                "  s\(number): { run: \"cat in >o\(number).new; mv o\(number).new o\(number); echo x >>n\(number)\","
            text += " inputs: [in], outputs: [o\(number)]\(needs) }\n"
        }
        return text
    }()

    @Test func `killed at ten random moments, up completes and repeats only what was not recorded`() async throws {
        let workspace = try Workspace(Self.manifest)
        for round in 0..<10 {
            try workspace.write("in", "\(round)")
            let running = workspace.start("up", "--trust")
            _ = try await running.pid()
            // From before the manifest was read to after the last step.
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...300)))
            try await running.signal(SIGKILL)
            _ = try await running.ended()

            try await workspace.up().expect(status: 0)
            for number in 0..<12 { #expect(workspace.text("o\(number)") == "\(round)", "round \(round)") }
            try await workspace.up().expect(stderr: "up to date (…", status: 0)
        }
        // Each round a step ran once, and once more where it was killed between its end and its record.
        for number in 0..<12 {
            let count = (workspace.text("n\(number)") ?? "").split(separator: "\n").count
            #expect((10...20).contains(count))
        }
    }

    @Test func `what a killed run had recorded is not done again`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            steps:
              first: { run: "echo x >>first", inputs: [in] }
              second: { run: "touch second; test -e go || sleep 30", inputs: [in], needs: [first] }
            """, files: ["in": ""])
        try await workspace.upKilled(onceThereIs: "second")
        try workspace.write("go", "")
        let ended = try await workspace.up("--json").expect(status: 0)
        #expect(
            try ended.members("nodes", "status") == ["step:first": "up-to-date", "step:second": "done"])
        #expect(workspace.text("first") == "x")
    }

    @Test func `a step that a killed run left running is ended before it is repeated`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  slow: { run: \"echo $$ >>pids; test -e go || sleep 60\" }\n")
        try await workspace.upKilled(onceThereIs: "pids")
        let left = try #require(Processes.number(in: workspace.path("pids"), workspace.host))
        #expect(Processes.isRunning(left), "a killed run ends nothing itself")
        try workspace.write("go", "")
        try await workspace.up().expect(stderr: "note: ended step:slow, …(process \(left))\n…", status: 0)
        #expect(!Processes.isRunning(left))
        let again = try await workspace.up().expect(status: 0)
        #expect(!again.stderr.contains("note: ended"), "\(again)")
    }
}
