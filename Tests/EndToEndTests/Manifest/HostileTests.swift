import Base
import Foundation
import HostInterfaces
import Testing

/// What a hostile or careless manifest must not get away with.
@Suite struct HostileTests {
    @Test(
        arguments: [
            "env_files: { \"a/.git/config\": { set: { X: y } } }", "files: { \"a/.git/hooks/x\": { copy: init.yaml } }",
            "files: { \".GIT/config\": { copy: init.yaml } }", "env_files: { \".devinit/x\": { set: { X: y } } }",
            "env_files: { init.yaml: { set: { X: y } } }",
        ])
    func `nothing is written where git would execute it, nor over the manifest itself`(_ section: String) async throws {
        let workspace = try Workspace("version: 1\n\(section)\n")
        try await workspace.up().expect(stderr: "init.yaml:2:…error: '…", status: 65)
        #expect(workspace.text("init.yaml")?.contains("X=y") == false)
    }

    @Test func `a link into git's own folder is not written through`() async throws {
        let workspace = try Workspace("version: 1\nenv_files: { link/config: { set: { X: y } } }\n")
        try await workspace.shell("git init -q a; ln -s a/.git link; cp a/.git/config before")
        try await workspace.up().expect(stderr: "…lies in .git…", status: 1)
        try await workspace.shell("cmp before a/.git/config")
    }

    @Test(arguments: ["-oAPT::Update::Pre-Invoke::=touch ran", "--purge", "jq-", "jq -y"])
    func `an option is no package`(_ name: String) async throws {
        let workspace = try Workspace("version: 1\npackages: { apt: [\"\(name)\"] }\n")
        try await workspace.up("--install").expect(stderr: "…is no name of a package…", status: 65)
        try workspace.write(
            "init.yaml", "version: 1\nrequires: { zz: { check: \"false\", install: { apt: [\"\(name)\"] } } }\n")
        try await workspace.up("--install").expect(stderr: "…is no name of a package…", status: 65)
    }

    @Test func `variables that double each other end at a bound that is named`() async throws {
        let lines = (0..<60).map { "  V\($0): \"${V\($0 + 1)}${V\($0 + 1)}\"\n" }.joined()
        let workspace = try Workspace("version: 1\nvars:\n\(lines)  V60: xxxxxxxxxx\nmessage: ${V0}\n")
        try await workspace.devinit("validate", limit: .seconds(20)).expect(
            stderr: "…grows beyond 64 KiB, the bound for one…", status: 65)
    }

    @Test func `a thousand wrong names are told in time`() async throws {
        let steps = (0..<1000).map { "  step-number-\($0): { run: x, needs: [step-nomber-\($0)] }\n" }.joined()
        let workspace = try Workspace("version: 1\nsteps:\n\(steps)")
        try await workspace.devinit("validate", limit: .seconds(20)).expect(stderr: "…1000 errors", status: 65)
    }

    @Test func `standard output of a step is not written through a link that leads out`() async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  a: { run: echo x, stdout: link }\n")
        try await workspace.shell("echo theirs >../outside; ln -s ../outside link")
        try await workspace.up().expect(stderr: "…leads out of the workspace…", status: 78)
        #expect(workspace.text("../outside") == "theirs")
    }

    @Test func `a personal file in which all is commented out says nothing`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps: {}\n", files: ["init.local.yaml": "# defaults: { jobs: 2 }\n"])
        try await workspace.devinit("validate").expect(status: 0)
    }

    @Test(.needs(.script)) func `Ctrl-C for a program that has the terminal cancels the run`() async throws {
        try require(.script)
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: \"kill -INT $$; sleep 5\", interactive: true }\n  b: { run: touch b, needs: [a] }\n"
        )
        try await workspace.terminal("up", "--trust", typing: "").expect(status: 130)
        #expect(!workspace.exists("b"))
    }
}
