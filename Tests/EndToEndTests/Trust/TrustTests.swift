import HostInterfaces
import Base
import Testing

/// Nothing that a manifest says is executed before its content was approved.
@Suite struct TrustTests {
    static func manifest(_ second: String) -> String {
        "version: 1\nsteps:\n  one: { run: \"echo one >>ran\" }\n  two: { run: \"\(second)\" }\n"
    }

    @Test func `nobody approved and nobody can be asked: 77, and nothing ran`() async throws {
        let workspace = try Workspace(Self.manifest("touch two"))
        try await workspace.devinit("up").expect(
            stdout: "", stderr: "error: …nobody approved…devinit trust…", status: 77)
        try await workspace.devinit("up", "-y").expect(status: 77)
        try await workspace.devinit("run", "one").expect(status: 77)
        #expect(
            try await workspace.devinit("up", "--json").expect(status: 77).json()["schema"]?.string == "devinit.up/1")
        #expect(!workspace.exists("ran") && !workspace.exists("two"))
        try await workspace.devinit("up", "--trust").expect(status: 0)
        try await workspace.devinit("up").expect(status: 77)
    }

    @Test func `approved content runs, a changed command asks again and shows only the difference`() async throws {
        let workspace = try Workspace(Self.manifest("touch two"))
        try await workspace.devinit("trust").expect(stderr: "…touch two…approved", status: 0)
        try await workspace.devinit("up").expect(status: 0)
        // What is not executed may change.
        try workspace.write("init.yaml", "# words\n" + Self.manifest("touch two") + "message: hello\n")
        try await workspace.devinit("up").expect(stdout: "hello", status: 0)

        try workspace.write("init.yaml", Self.manifest("touch three"))
        try await workspace.devinit("up").expect(status: 77)
        #expect(!workspace.exists("three"))
        let again = try await workspace.devinit("trust").expect(stderr: "…touch three…approved", status: 0)
        #expect(again.stderr.contains("touch two"), "what was approved before is shown beside it: \(again)")
        #expect(!again.stderr.contains("echo one"), "what did not change is not shown again: \(again)")
        try await workspace.devinit("up").expect(status: 0)

        try await workspace.devinit("trust", "--revoke").expect(status: 0)
        try await workspace.devinit("up").expect(status: 77)
    }

    @Test func `control characters can't hide a command from who approves it`() async throws {
        let workspace = try Workspace(Self.manifest("touch x\\e[2K\\rtouch y\\u202E"))
        let ended = try await workspace.devinit("trust", "--show").expect(status: 0)
        #expect(ended.stdout.contains("touch x") && ended.stdout.contains("touch y"), "\(ended)")
        let hidden = ended.stdout.unicodeScalars.filter { ($0.value < 0x20 && $0 != "\n") || $0.value == 0x202E }
        #expect(hidden.isEmpty, "\(ended)")
    }

    @Test func `approval always counts for later changes from the same remote alone`() async throws {
        let workspace = try Workspace(Self.manifest("touch two"))
        try await workspace.shell("git init -q .; git remote add origin https://git.example/team/setup.git")
        try await workspace.devinit("trust", "--always").expect(status: 0)
        try workspace.write("init.yaml", Self.manifest("touch three"))
        try await workspace.devinit("up").expect(status: 0)
        try await workspace.shell("git remote set-url origin https://git.example/other/setup.git")
        try workspace.write("init.yaml", Self.manifest("touch four"))
        try await workspace.devinit("up").expect(status: 77)
        #expect(!workspace.exists("four"))
    }

    @Test(.needs(.script)) func `on a terminal the commands are listed and the answer counts`() async throws {
        try require(.script)
        let workspace = try Workspace(Self.manifest("touch two"))
        try await workspace.terminal("up", typing: "n\n").expect(stdout: "…touch two…not approved…", status: 77)
        #expect(!workspace.exists("ran"))
        try await workspace.terminal("up", typing: "\n").expect(status: 77)
        try await workspace.terminal("up", typing: "y\n").expect(stdout: "…touch two…", status: 0)
        try await workspace.devinit("up").expect(status: 0)
    }

    @Test func `a manifest without commands needs no approval`() async throws {
        let workspace = try Workspace("version: 1\nsteps: {}\n")
        try await workspace.devinit("up").expect(stderr: "up to date…", status: 0)
    }
}
