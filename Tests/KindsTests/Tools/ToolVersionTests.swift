import Base
import Execution
import Foundation
import HostInterfaces
import Testing

@testable import Kinds

/// Versions of tools, as probes tell them and as they are remembered.
@Suite struct ToolDetectionTests {
    @Test func `a version out of the range blocks and says both`() async throws {
        let fixture = try ToolFixture("requires: { node: ^20.11 || ^22 }\n", path: "/nowhere")
        try fixture.program("node", "echo v18.19.0")
        let assessment = try await fixture.workspace.plan()["tool:node"]
        #expect(assessment?.action == .blocked)
        #expect(assessment?.reason == "node: 18.19.0 is there, ^20.11 || ^22 is wanted")
        try fixture.program("node", "echo v22.1.0")
        #expect(try await fixture.workspace.plan()["tool:node"] == .upToDate("22.1.0"))
    }

    @Test func `a tool that is missing names its page where no manager helps`() async throws {
        let fixture = try ToolFixture("requires: { zig: '>=0.11' }\n", path: "/nowhere")
        guard case .blocked(let failure)? = try await fixture.workspace.plan()["tool:zig"] else {
            Issue.record("not blocked")
            return
        }
        #expect(failure.kind == .prerequisite)
        #expect(failure.message == "zig is not installed")
        #expect(failure.remedy == "install it (>=0.11): https://ziglang.org")
    }

    @Test func `Java's 1.8 counts as 8, though only the catalog says so`() async throws {
        let fixture = try ToolFixture("requires: { java: ^8 }\n")
        try fixture.program("java", "echo 'openjdk version \"1.8.0_392\"' >&2")
        #expect(try await fixture.workspace.plan()["tool:java"] == .upToDate("1.8.0_392"))
    }

    @Test func `docker-compose is the newest of plugin and stand-alone`() async throws {
        let fixture = try ToolFixture("requires: { docker-compose: '>=2' }\n", path: "/nowhere")
        try fixture.program("docker", "echo 'Docker Compose version v2.24.1'")
        try fixture.program("docker-compose", "echo 'docker-compose version 1.29.2, build 5becea4c'")
        #expect(try await fixture.workspace.plan()["tool:docker-compose"] == .upToDate("2.24.1"))
        try fixture.program("docker", "exit 1")
        #expect(try await fixture.workspace.plan()["tool:docker-compose"]?.action == .blocked)
    }

    @Test func `an alias and another name lead to the same tool`() async throws {
        let fixture = try ToolFixture("requires: { golang: '>=1.22', oldgo: { tool: go, version: '1.20' } }\n")
        try fixture.program("go", "echo go version go1.22.1 linux/amd64")
        let plan = try await fixture.workspace.plan()
        #expect(plan["tool:golang"] == .upToDate("1.22.1"))
        #expect(plan["tool:oldgo"]?.reason == "oldgo: 1.22.1 is there, 1.20 is wanted")
    }

    @Test func `a probe can't be led astray by the person's variables`() async throws {
        let fixture = try ToolFixture("requires: { node: '*' }\n") { $0.environment["NODE_OPTIONS"] = "--inspect" }
        try fixture.program("node", "test -z \"$NODE_OPTIONS\" && test \"$GOTOOLCHAIN\" = local && echo v20.0.0")
        #expect(try await fixture.workspace.plan()["tool:node"] == .upToDate("20.0.0"))
    }

    // MARK: What is remembered

    @Test func `nothing to do starts no process, and a changed binary is noticed`() async throws {
        let fixture = try ToolFixture("requires: { git: '>=2' }\n")
        guard try fixture.copyGit(version: "2.9.1") else { return }
        #expect(try await fixture.workspace.up()["tool:git"]?.reason == "2.9.1")
        #expect(fixture.processes.commands.count == 1)
        fixture.processes.forget()
        #expect(try await fixture.workspace.up()["tool:git"]?.reason == "2.9.1")
        #expect(fixture.processes.commands.isEmpty)
        _ = try fixture.copyGit(version: "1.9.1")
        #expect(try await fixture.workspace.up()["tool:git"]?.status == .failed)
        #expect(!fixture.processes.commands.isEmpty)
    }

    @Test func `a program that comes earlier on PATH is noticed`() async throws {
        let fixture = try ToolFixture("requires: { git: '>=2' }\n")
        _ = try await fixture.workspace.up()
        try fixture.program("git", "echo git version 1.8.0")
        #expect(try await fixture.workspace.up()["tool:git"]?.status == .failed)
    }

    @Test func `a binary that changed a moment ago is not remembered`() async throws {
        let fixture = try ToolFixture("requires: { git: '>=2' }\n") { host in
            if let shifted = host.clock as? ShiftedClock { host.clock = shifted.real }
        }
        guard try fixture.copyGit(version: "2.9.1") else { return }
        _ = try await fixture.workspace.up()
        fixture.processes.forget()
        _ = try await fixture.workspace.up()
        #expect(fixture.processes.commands.count == 1)
    }

    @Test(arguments: ["script", "link to another name", "hard link", "shims"])
    func `what only leads to a tool is asked every time`(_ form: String) async throws {
        let fixture = try ToolFixture("requires: { git: '>=2' }\n") { host in
            if form == "shims" {
                host.environment["PATH"] = (host.currentFolder.parent / "shims").text + ":/usr/bin:/bin"
            }
        }
        let place = fixture.programs / "git"
        switch form {
        case "script": try fixture.program("git", "exec /usr/bin/git \"$@\"")
        case "link to another name":
            guard try fixture.copyGit(version: "2.9.1") else { return }
            try fixture.workspace.host.files.rename(place, to: fixture.programs / "mise")
            try fixture.workspace.host.files.makeLink(at: place, to: "mise")
        case "hard link":
            guard try fixture.copyGit(version: "2.9.1") else { return }
            try FileManager.default.linkItem(atPath: place.text, toPath: (fixture.programs / "git-receive").text)
        default:
            guard try fixture.copyGit(version: "2.9.1") else { return }
            let shims = fixture.workspace.base / "shims"
            try fixture.workspace.host.files.makeFolder(shims, mode: 0o755)
            try fixture.workspace.host.files.rename(place, to: shims / "git")
        }
        for _ in 0..<2 {
            fixture.processes.forget()
            #expect(try await fixture.workspace.up()["tool:git"]?.status == .upToDate)
            #expect(fixture.processes.commands.count == 1)
        }
    }

    @Test func `a torn cache is as good as none`() async throws {
        let fixture = try ToolFixture("requires: { git: '>=2' }\n")
        guard try fixture.copyGit(version: "2.9.1") else { return }
        _ = try await fixture.workspace.up()
        let cache = try #require(fixture.workspace.text(".devinit/cache/tools"))
        try fixture.workspace.write(".devinit/cache/tools", String(cache.prefix(cache.count / 2)))
        #expect(try await fixture.workspace.up()["tool:git"]?.reason == "2.9.1")
    }

    @Test func `planning writes nothing`() async throws {
        let fixture = try ToolFixture("requires: { git: '>=2' }\n")
        _ = try await fixture.workspace.plan()
        #expect(!fixture.workspace.exists(".devinit"))
    }

    // MARK: Stand-ins of the platform

    @Test func `a stand-in of the platform is never run`() async throws {
        let fixture = try ToolFixture("requires: { git: '>=2' }\n", path: "/usr/bin") {
            $0.machine.operatingSystem = "macos"
        }
        guard case .blocked(let failure)? = try await fixture.workspace.plan()["tool:git"] else {
            Issue.record("not blocked")
            return
        }
        #expect(failure.message == "git: only the system's stand-in for it is there")
        #expect(fixture.processes.commands.isEmpty)
    }

    @Test func `behind a stand-in the real tool is found`() async throws {
        let fixture = try ToolFixture("requires: { git: '>=2' }\n") { host in
            host.machine.operatingSystem = "macos"
            host.environment["PATH"] = "/usr/bin:" + (host.currentFolder.parent / "bin").text
        }
        try fixture.program("git", "echo git version 2.44.0")
        #expect(try await fixture.workspace.plan()["tool:git"] == .upToDate("2.44.0"))
    }

    @Test(arguments: [
        ("/usr/bin/git", "/usr/bin/git", true),
        ("/a/Microsoft/WindowsApps/python3.exe", "*/WindowsApps/python*.exe", true),
        ("/usr/bin/gitk", "/usr/bin/git", false), ("/x/python.exe", "*/WindowsApps/python*.exe", false),
    ])
    func `a star stands for any text`(_ path: String, _ pattern: String, _ expected: Bool) {
        #expect(ToolPrograms.matches(path, pattern) == expected)
    }
}
