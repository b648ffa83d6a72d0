import HostInterfaces
import Base
import Foundation
import Testing

/// `devinit report`: which run, where the page goes, and what it does with records that are not whole.
@Suite struct ReportTests {
    static let manifest = "version: 1\nsteps:\n  a: { run: echo words of a }\n  b: { run: exit 3, needs: [a] }\n"

    /// A record as a run leaves it, by hand.
    static func record(_ id: String, in workspace: Workspace, events: String, logs: [String: String] = [:]) throws {
        try workspace.write(".devinit/runs/\(id)/events.ndjson", events)
        for (name, text) in logs { try workspace.write(".devinit/runs/\(id)/\(name).log", text) }
    }

    static let short = """
        {"event":"started","at":0,"run":"x","nodes":["step:a"],"wall_seconds":1700000000}
        {"event":"running","at":0,"node":"step:a","action":"run","reason":"never run","attempt":1}
        {"event":"finished","at":1.5,"node":"step:a","status":"done","reason":"never run","seconds":1.5,"attempts":1}
        {"event":"ended","at":1.5,"run":"x","status":"done","seconds":1.5}

        """

    /// What the page holds about the run.
    static func data(_ html: String?) throws -> JSON {
        let html = try #require(html)
        let match = try #require(html.firstMatch(of: #/<script type="application/json" id="data">(.*?)</script>/#))
        return try JSON(parsing: String(match.output.1))
    }

    @Test func `the newest run becomes a file beside its record, whose path is the answer`() async throws {
        let workspace = try Workspace(Self.manifest)
        try Self.record("20200101-000000-0001", in: workspace, events: Self.short)
        try await workspace.up().expect(status: 1)
        let id = try #require(try workspace.host.files.entries(of: workspace.path(".devinit/runs")).last?.name)
        try await workspace.devinit("report")
            .expect(stdout: "<root>/.devinit/runs/\(id)/report.html", stderr: "", status: 0)
        let data = try Self.data(workspace.text(".devinit/runs/\(id)/report.html"))
        #expect(data["status"] == "failed" && data["run"]?.string == id)
        #expect(data["nodes"]?.array?.map { $0["status"]?.string } == ["done", "failed"])
        #expect(data["nodes"]?[0]?["log"]?["parts"]?[0]?.string == "words of a")
        let document = try await workspace.devinit("report", "--json", "2020").expect(stderr: "", status: 0).json()
        #expect(document["schema"] == "devinit.report/1" && document["run"] == "20200101-000000-0001")
        #expect(document["path"]?.string == "<root>/.devinit/runs/20200101-000000-0001/report.html")
        let page = workspace.path(".devinit/runs/\(id)/report.html")
        #expect(try workspace.host.files.status(of: page, followingLinks: false)?.mode == 0o600)
    }

    @Test func `the page goes to a file or to standard output, and is the same`() async throws {
        let workspace = try Workspace(Self.manifest)
        try Self.record("20200101-000000-0001", in: workspace, events: Self.short)
        try await workspace.devinit("report", "-o", "../page.html", in: ".devinit")
            .expect(stdout: "<root>/page.html", status: 0)
        let out = try await workspace.devinit("report", "--output", "-").expect(stderr: "", status: 0)
        #expect(out.stdout.hasPrefix("<!DOCTYPE html>"))
        #expect(out.stdout.split(separator: "\n") == workspace.text("page.html")?.split(separator: "\n"))
        #expect(!workspace.exists(".devinit/runs/20200101-000000-0001/report.html"))
        try await workspace.devinit("report", "-o", "no/such/folder/page.html")
            .expect(stdout: "", stderr: "…the report can't be written…", status: 1)
    }

    @Test func `the runs are listed, newest first, with how they ended`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.devinit("report", "--list").expect(stdout: "", stderr: "no run is recorded here", status: 0)
        try Self.record("20200101-000000-0001", in: workspace, events: Self.short)
        try Self.record(
            "20200102-000000-0002", in: workspace,
            events: Self.short.split(separator: "\n").prefix(2).joined(separator: "\n"))
        try await workspace.devinit("report", "--list").expect(
            stdout: """
                run                   began (UTC)       status       seconds  nodes
                20200102-000000-0002  2023-11-14 22:13  did not end      0.0      1
                20200101-000000-0001  2023-11-14 22:13  done             1.5      1
                """, stderr: "", status: 0)
        let document = try await workspace.devinit("report", "--list", "--json").expect(status: 0).json()
        #expect(document["runs"]?[1]?["status"] == "done" && document["runs"]?[1]?["nodes"] == 1)
        try await workspace.devinit("__complete", "runs").expect(
            stdout: "20200102-000000-0002\n20200101-000000-0001", status: 0)
    }

    @Test func `a run that is not there, not clear, or not readable is said in plain words`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.devinit("report").expect(
            stdout: "", stderr: "…no run is recorded here…devinit up…", status: 1)
        try Self.record("20200101-000000-0001", in: workspace, events: Self.short)
        try Self.record("20200101-000000-0002", in: workspace, events: "\u{0}\u{0}garbage\n")
        try await workspace.devinit("report", "2019").expect(
            stdout: "", stderr: "…no recorded run begins with '2019'…--list…", status: 64)
        try await workspace.devinit("report", "20200101").expect(
            stdout: "", stderr: "…'20200101' may be 2 runs: 20200101-000000-0001, 20200101-000000-0002…", status: 64)
        try await workspace.devinit("report").expect(
            stdout: "", stderr: "…the record of run 20200101-000000-0002 holds nothing that can be read…", status: 1)
        try await workspace.devinit("report", "--list", "2020").expect(status: 64)
        let both = try await workspace.devinit("report", "--json", "-o", "-").expect(status: 64)
        #expect(try both.json()["schema"] == "devinit.report/1")
    }

    @Test func `a link in the page's place is not written through, nor a run read behind one`() async throws {
        let workspace = try Workspace(Self.manifest)
        let id = "20200101-000000-0001"
        try Self.record(id, in: workspace, events: Self.short)
        try workspace.write("precious", "mine")
        try await workspace.shell(
            "ln -s ../../../precious .devinit/runs/\(id)/report.html; ln -s \(id) .devinit/runs/20300101-link")
        try await workspace.devinit("report").expect(stdout: "", stderr: "…is a link…--output…", status: 1)
        #expect(workspace.text("precious") == "mine")
    }

    @Test func `a run that was killed and a run that goes on are shown as far as they are`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: echo words of a }\n  b: { run: \"touch b; sleep 60\", needs: [a] }\n")
        let running = workspace.start("up", "--trust")
        #expect(try await workspace.eventually { workspace.exists("b") })
        let going = try await workspace.devinit("report", "-o", "going.html", limit: .seconds(9))
            .expect(stderr: "…is still going…", status: 0)
        #expect(going.seconds < 8, "it waited for the lock")
        #expect(try Self.data(workspace.text("going.html"))["status"] == "going")
        try await running.signal(SIGKILL)
        _ = try await running.ended()
        try await workspace.devinit("report", "-o", "killed.html").expect(stderr: "…did not end…", status: 0)
        let data = try Self.data(workspace.text("killed.html"))
        #expect(data["status"] == "unended" && data["words"]?.string?.contains("has no end") == true)
        #expect(data["nodes"]?.array?.map { $0["status"]?.string } == ["done", "running"])
        // The step that was left running goes with its run.
        try workspace.write("init.yaml", Self.manifest)
        try await workspace.up().expect(status: 1)
    }

    @Test func `a manifest that became invalid does not hide what ran before`() async throws {
        let workspace = try Workspace("version: 1\nsteps: { a: { rnu: x } }\n")
        try Self.record("20200101-000000-0001", in: workspace, events: Self.short)
        try await workspace.devinit("report").expect(stdout: "…report.html", status: 0)
    }
}
