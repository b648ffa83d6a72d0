import HostInterfaces
import Base
import Foundation
import Testing

/// One run at a time works on a workspace.
@Suite struct LockTests {
    static let manifest = """
        version: 1
        steps:
          slow: { run: "echo x >>began; until test -e go; do sleep 0.02; done", timeout: 60s }
        """

    @Test func `a second up waits, says for whom, and goes on when the first is done`() async throws {
        let workspace = try Workspace(Self.manifest)
        let first = workspace.start("up", "--trust")
        #expect(try await workspace.eventually { workspace.exists("began") })
        let second = workspace.start("up", "--trust")
        #expect(try await workspace.eventually { second.said.contains("waiting for") })
        #expect(workspace.text("began") == "x")
        try workspace.write("go", "")
        try await first.ended().expect(status: 0)
        let pid = try await first.pid()
        try await second.ended().expect(stderr: "…waiting for 'devinit up', process \(pid)\n…", status: 0)
        #expect(workspace.text("began") == "x\nx")
    }

    @Test func `a lock that stays held ends with 75, and reading commands don't need it`() async throws {
        let workspace = try Workspace(Self.manifest)
        let first = workspace.start("up", "--trust")
        #expect(try await workspace.eventually { workspace.exists("began") })
        try await workspace.devinit("plan").expect(status: 0)
        try await workspace.devinit("validate").expect(status: 0)
        let ended = try await workspace.up("--json").expect(
            stderr: "…error: another run holds this workspace: 'devinit up', process …", status: 75)
        #expect(try ended.json()["schema"]?.string == "devinit.up/1")
        try workspace.write("go", "")
        try await first.ended().expect(status: 0)
    }

    @Test func `the lock of a run that was killed blocks nobody`() async throws {
        let workspace = try Workspace(Self.manifest)
        let first = workspace.start("up", "--trust")
        #expect(try await workspace.eventually { workspace.exists("began") })
        try await first.signal(SIGKILL)
        _ = try await first.ended()
        try workspace.write("go", "")
        let ended = try await workspace.up().expect(status: 0)
        #expect(!ended.stderr.contains("waiting"))
    }

    @Test func `who waited for the lock knows what the other run did`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            steps:
              slow: { run: "echo x >>began; until test -e go; do sleep 0.02; done", once: true }
            """)
        let first = workspace.start("up", "--trust")
        #expect(try await workspace.eventually { workspace.exists("began") })
        let second = workspace.start("up", "--trust")
        #expect(try await workspace.eventually { second.said.contains("waiting for") })
        try workspace.write("go", "")
        try await first.ended().expect(status: 0)
        try await second.ended().expect(stderr: "…up to date (…", status: 0)
        #expect(workspace.text("began") == "x")
    }
}
