import Base
import Foundation
import HostInterfaces
import Testing

/// What `doctor` and `status` tell, and that telling changes nothing.
@Suite struct DoctorTests {
    static let manifest = """
        version: 1
        requires:
          git: ">=2.0"
          node: { version: ">=999", optional: false }
          vpn: { check: "touch checked; test -e connected", hint: Connect to the office VPN first. }
        env_files:
          .env: { set: { A: b } }
        steps:
          a: { run: touch a, once: true }
        """

    @Test func `a problem has its remedy under it, and nothing of the manifest runs before it is approved`()
        async throws
    {
        let workspace = try Workspace(Self.manifest)
        let ended = try await workspace.devinit("doctor").expect(
            stdout: "…✓ git …✗ node…>=999…→ …○ vpn  skipped: not trusted…! .env…→ devinit up…1 problem…", stderr: "",
            status: 1)
        #expect(!ended.stdout.contains("\u{1B}"))
        #expect(!workspace.exists("checked") && !workspace.exists(".env") && !workspace.exists(".devinit"))

        try await workspace.devinit("trust").expect(status: 0)
        try await workspace.devinit("doctor").expect(
            stdout: "…✗ vpn…→ Connect to the office VPN first.…", status: 1)
        #expect(workspace.exists("checked"))
        try workspace.write("connected", "")
        try await workspace.devinit("doctor").expect(stdout: "…✓ vpn…", status: 1)
    }

    @Test func `the document holds each check with its status, and the sums are right`() async throws {
        let workspace = try Workspace(Self.manifest)
        let ended = try await workspace.devinit("doctor", "--json").expect(stderr: "", status: 1)
        let document = try ended.json()
        #expect(document["schema"]?.string == "devinit.doctor/1" && document["status"]?.string == "error")
        let statuses = try ended.members("checks", "status")
        #expect(statuses["tool:git"] == "ok" && statuses["tool:node"] == "error" && statuses["tool:vpn"] == "skipped")
        for status in ["ok", "warning", "error", "skipped"] {
            #expect(document["summary"]?[status]?.integer == statuses.values.count { $0 == status }, "\(status)")
        }
        let remedies = try ended.members("checks", "remedy")
        for (id, status) in statuses where status == "error" || status == "warning" {
            #expect(remedies[id] != nil, "\(id) has no remedy")
        }
    }

    @Test func `a sound workspace is 0, and warnings count only when they should`() async throws {
        let workspace = try Workspace(
            "version: 1\nrequires: { git: \">=2.0\" }\nenv_files:\n  .env: { set: { A: b } }\n")
        try await workspace.devinit("doctor").expect(stdout: "…! .env…", status: 0)
        try await workspace.devinit("doctor", "--strict").expect(status: 1)
        try await workspace.up().expect(status: 0)
        try await workspace.devinit("doctor", "--strict").expect(stdout: "…✓ .env…", status: 0)
    }

    @Test func `a required tool that is missing gates the steps and says how to get it`() async throws {
        let workspace = try Workspace(Self.manifest)
        let ended = try await workspace.up()
        #expect(ended.status == 78 || ended.status == 1, "\(ended)")
        #expect(ended.stderr.contains("✗ tool:node") && !workspace.exists("a"), "\(ended)")
        #expect(workspace.exists(".env"), "independent work goes on")
    }

    @Test func `status tells what is up to date and why the rest is not`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.devinit("status").expect(
            stdout: "….env  to do…a  to do  not done yet…", stderr: "", status: 0)
        let document = try await workspace.devinit("status", "--json").expect(status: 0).json()
        #expect(document["schema"]?.string == "devinit.status/1")
        #expect(document["steps"]?[0]?["up_to_date"]?.bool == false)
        try await workspace.devinit("up", "--trust", "--only", "steps").expect(status: 0)
        let after = try await workspace.devinit("status", "--json").expect(status: 0).json()
        #expect(after["steps"]?[0]?["up_to_date"]?.bool == true)
    }

    @Test func `the log of a step is read again by its name`() async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  a: { run: \"echo the words\" }\n")
        try await workspace.devinit("logs", "a").expect(stderr: "error: …", status: 1)
        try await workspace.up().expect(status: 0)
        try await workspace.devinit("logs", "a").expect(stdout: "…the words…", status: 0)
    }

    @Test func `a service that runs and is not healthy is not told to be in its own way`() async throws {
        let workspace = try Workspace("version: 1\n")
        let port = try #require(workspace.host.network.freePort(address: "127.0.0.1"))
        try workspace.write(
            "init.yaml",
            """
            version: 1
            services:
              web:
                native: { run: "echo $$ >pid; exec python3 -m http.server --bind 127.0.0.1 $PORT" }
                port: \(port)
                health: { http: /nope, timeout: 2s }
            """)
        defer {
            if let pid = Processes.number(in: workspace.path("pid"), workspace.host) { kill(pid, SIGKILL) }
        }
        try await workspace.up().expect(status: 124)
        try await workspace.devinit("trust").expect(status: 0)
        try await workspace.devinit("doctor", "ports").expect(stdout: "…in use by the service itself…", status: 0)
    }
}
