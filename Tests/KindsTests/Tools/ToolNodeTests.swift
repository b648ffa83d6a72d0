import Base
import Execution
import HostInterfaces
import Testing

@testable import Kinds

/// `requires` as nodes: checks, fixes, what waits for them.
@Suite struct ToolNodeTests {
    @Test func `every mistake is told, with the nearest name`() throws {
        let fixture = try ToolFixture(
            """
            repos: { api: https://example.invalid/api.git }
            requires:
              nodee: ">=20"
              vpn: { hint: connect }
              py: { tool: pyhton }
              git: { version: ">=a" }
              go: { version: "1", in: apy }
              node: { version: "20", chek: "true" }
            """)
        let problems = fixture.workspace.read().diagnostics.map {
            "\($0.location?.line ?? 0) \($0.code) \($0.suggestion ?? "")"
        }
        #expect(problems.contains("3 unknown-tool did you mean 'node'?"))
        #expect(problems.contains("4 unknown-tool say how to tell that it is there: 'check: COMMAND'"))
        #expect(problems.contains("5 unknown-tool did you mean 'python'?"))
        #expect(problems.contains { $0.hasPrefix("6 bad-value") })
        #expect(problems.contains { $0.hasPrefix("7 unknown-node") })
        #expect(problems.contains("8 unknown-key did you mean 'check'?"))
    }

    @Test func `a check never runs while planning`() async throws {
        let fixture = try ToolFixture("requires: { vpn: { check: touch ran, hint: Connect first. } }\n")
        #expect(try await fixture.workspace.plan()["tool:vpn"]?.action == .unknown)
        #expect(!fixture.workspace.exists("ran"))
        #expect(try await fixture.workspace.up()["tool:vpn"]?.status == .upToDate)
        #expect(fixture.workspace.exists("ran"))
    }

    @Test func `a check that fails says how, and shows the hint`() async throws {
        let fixture = try ToolFixture(
            "requires: { vpn: { check: 'echo no route >&2; exit 3', hint: Connect first. } }\n")
        let result = try await fixture.workspace.up()["tool:vpn"]
        #expect(result?.status == .failed)
        #expect(result?.failure?.message == "vpn: its check failed: exit status 3, no route")
        #expect(result?.failure?.remedy == "Connect first.")
    }

    @Test func `a check's own output tells the version of a tool that the catalog does not know`() async throws {
        let fixture = try ToolFixture("requires: { acme: { check: echo acme 3.2.1, version: '>=3.3' } }\n")
        #expect(try await fixture.workspace.up()["tool:acme"]?.reason == "acme: 3.2.1 is there, >=3.3 is wanted")
    }

    @Test func `what a fix puts into the person's own folder counts in the same run`() async throws {
        let fixture = try ToolFixture(
            """
            requires:
              acme: { check: acme-of-this-test, fix: "mkdir -p $HOME/.local/bin && ln -sf /bin/true $HOME/.local/bin/acme-of-this-test" }
            """)
        var settings = RunSettings(jobs: 2)
        settings.mayInstall = true
        #expect(try await fixture.workspace.up(settings: settings)["tool:acme"]?.status == .done)
    }

    @Test func `a fix runs only with consent`() async throws {
        let fixture = try ToolFixture("requires: { acme: { check: test -e fixed, fix: touch fixed } }\n")
        let refused = try await fixture.workspace.up()["tool:acme"]
        #expect(refused?.status == .failed)
        #expect(refused?.failure?.remedy == "touch fixed")
        #expect(!fixture.workspace.exists("fixed"))
        var settings = RunSettings(jobs: 2)
        settings.mayInstall = true
        #expect(try await fixture.workspace.up(settings: settings)["tool:acme"]?.status == .done)
        #expect(try await fixture.workspace.up()["tool:acme"]?.status == .upToDate)
    }

    @Test func `a fix that does not help is a failure`() async throws {
        let fixture = try ToolFixture("requires: { acme: { check: 'false', fix: 'true' } }\n")
        var settings = RunSettings(jobs: 2)
        settings.mayInstall = true
        #expect(try await fixture.workspace.up(settings: settings)["tool:acme"]?.status == .failed)
    }

    @Test func `a package is offered only if what it brings is in the range`() async throws {
        let fixture = try ToolFixture("requires: { jq: '>=1.7' }\n", path: "/bin") { host in
            host.machine.user = 0
            host.machine.operatingSystem = "linux"
            host.environment["PATH"] = (host.currentFolder.parent / "bin").text
        }
        try fixture.program("apt-get", "exit 0")
        try fixture.program("apt-cache", "printf 'jq:\\n  Installed: (none)\\n  Candidate: 1.6-2.1\\n'")
        let remedy = { () async throws -> String? in
            guard case .blocked(let failure)? = try await fixture.workspace.plan()["tool:jq"] else { return nil }
            return failure.remedy
        }
        #expect(try await remedy() == "install it (>=1.7): https://jqlang.org")
        try fixture.program("apt-cache", "printf 'jq:\\n  Installed: (none)\\n  Candidate: 1:1.7.1-3\\n'")
        #expect(try await remedy() == "apt-get install jq")
    }

    @Test func `what was installed counts in the same run`() async throws {
        let fixture = try ToolFixture(
            """
            requires: { jq: ">=1.7" }
            steps: { use: { run: jq --version } }
            """
        ) { host in
            host.machine.user = 0
            host.machine.operatingSystem = "linux"
        }
        try fixture.program("jq", "echo jq-1.6")
        try fixture.program("apt-cache", "printf 'jq:\\n  Candidate: 1.7.1-3\\n'")
        try fixture.program(
            "apt-get",
            "test \"$*\" = 'install -y jq' && printf '#!/bin/sh\\necho jq-1.7.1\\n' > \"${0%/*}/jq\"")
        var settings = RunSettings(jobs: 2)
        settings.mayInstall = true
        let results = try await fixture.workspace.up(settings: settings)
        #expect(results["tool:jq"]?.status == .done)
        #expect(results["step:use"]?.status == .done)
        #expect(fixture.workspace.output(of: "step:use").contains("jq-1.7.1"))
    }

    @Test func `without root the remedy has sudo, and nothing waits for a password`() async throws {
        let fixture = try ToolFixture("requires: { jq: '>=1.7' }\n") { host in
            host.machine.user = 1000
            host.machine.operatingSystem = "linux"
        }
        try fixture.program("jq", "echo jq-1.6")
        try fixture.program("apt-get", "exit 0")
        try fixture.program("apt-cache", "printf 'jq:\\n  Candidate: 1.7.1-3\\n'")
        try fixture.program("sudo", "test \"$1\" = -n || exit 9; echo a password is required >&2; exit 1")
        var settings = RunSettings(jobs: 2)
        settings.mayInstall = true
        let failure = try await fixture.workspace.up(settings: settings)["tool:jq"]?.failure
        #expect(failure?.remedy == "run it yourself and see: sudo apt-get install jq")
        #expect(failure?.output == ["a password is required"])
    }

    // MARK: What waits for it

    @Test func `a required tool gates every step, one with gate false none, one in a repository those alone`() throws {
        let fixture = try ToolFixture(
            """
            repos: { api: https://example.invalid/api.git }
            requires:
              git: "*"
              go: { version: "*", gate: false }
              node: { version: "*", in: api }
              jq: { version: "*", optional: true }
            steps:
              here: { run: "true" }
              there: { in: api, run: "true" }
            """)
        #expect(tools(fixture, "step:here") == ["tool:git"])
        #expect(tools(fixture, "step:there") == ["tool:git", "tool:node"])
    }

    private func tools(_ fixture: ToolFixture, _ step: String) -> [String] {
        fixture.workspace.edges(of: step).map { String($0.prefix { $0 != " " }.dropLast()) }.filter {
            $0.hasPrefix("tool:")
        }.sorted()
    }

    @Test func `an optional tool is passed over unless something needs it`() async throws {
        let manifest = "requires: { zig: { version: '*', optional: true } }\n"
        let alone = try ToolFixture(manifest, path: "/bin:/nowhere")
        #expect(try await alone.workspace.plan()["tool:zig"] == .skipped("optional: not found"))
        let needed = try ToolFixture(manifest + "steps: { a: { run: 'true', needs: [zig] } }\n", path: "/bin")
        let results = try await needed.workspace.up()
        #expect(results["tool:zig"]?.status == .failed)
        #expect(results["step:a"]?.status == .skipped)
    }

    @Test func `a tool that a template implies is required in any version`() async throws {
        let fixture = try ToolFixture("steps: { deps: { use: go-mod } }\n", path: "/bin")
        let plan = try await fixture.workspace.plan()
        #expect(plan["tool:go"]?.action == .blocked)
        #expect(plan["tool:go"]?.reason == "go is not installed")
        #expect(tools(fixture, "step:deps") == ["tool:go"])
    }

    // MARK: The machine

    @Test func `a machine that is too small blocks and says by how much`() async throws {
        let fixture = try ToolFixture("requires: { machine: { memory: 16GB, cpus: 64 } }\n") { host in
            host.machine.memory = 8_000_000_000
            host.machine.cores = 4
        }
        #expect(
            try await fixture.workspace.plan()["tool:machine"]?.reason
                == "the machine has 8.0 GB of memory, 16.0 GB wanted; 4 cores, 64 wanted")
    }

    @Test func `free space counts for the first up only`() async throws {
        let fixture = try ToolFixture("requires: { machine: { disk: 1kB } }\n")
        #expect(try await fixture.workspace.up()["tool:machine"]?.status == .done)
        #expect(try await fixture.workspace.up()["tool:machine"]?.status == .upToDate)
        try fixture.workspace.write("init.yaml", "requires: { machine: { disk: 900TB } }\n")
        #expect(try await fixture.workspace.up()["tool:machine"]?.status == .failed)
    }
}
