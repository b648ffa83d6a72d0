import Base
import Execution
import Foundation
import HostInterfaces
import State
import Testing
import Trust

@testable import Kinds

/// Processes of this machine as services.
@Suite(.serialized) struct NativeServiceTests {
    private static func server(_ extra: String = "") -> String {
        """
        web:
          native: { run: "exec python3 -m http.server --bind 127.0.0.1 $PORT", in: site, env: { GREETING: hello } }
          port: auto
          health: { http: /page.html, timeout: 20s }
        \(extra)
        """
    }

    private func fixture(_ services: String = server()) throws -> ServiceFixture {
        try ServiceFixture(services, engine: false, files: ["site/page.html": "hi"])
    }

    private func process(_ fixture: ServiceFixture) -> ProcessIdentity? {
        NativeRecord(fixture.journal.fact(NativeRecord.fact("web")))?.process
    }

    @Test func `it is started, found again, restarted when changed, and stopped`() async throws {
        let fixture = try fixture()
        #expect(try await fixture.plan()["service:web"] == .work(.run, "not running"))
        let summary = try await fixture.up()
        #expect(summary["service:web"]?.status == .done, "\(summary.words)")
        let first = try #require(process(fixture))
        let processes = fixture.workspace.host.processes
        #expect(processes.isRunning(first))

        #expect(try await fixture.up()["service:web"]?.reason == "running, healthy")
        #expect(process(fixture) == first)
        let status = try await fixture.open().services.status(isTrusted: true)
        #expect(status.map(\.state) == ["running"] && status.map(\.health) == ["healthy"])

        try fixture.workspace.write(
            "init.yaml", fixture.workspace.text("init.yaml")!.replacing("hello", with: "good day"))
        #expect(try await fixture.plan()["service:web"]?.action == .update)
        try await fixture.up()
        let second = try #require(process(fixture))
        #expect(second != first && !processes.isRunning(first) && processes.isRunning(second))

        #expect(try await fixture.open().services.stopNative() == ["web"])
        #expect(!processes.isRunning(second))
        #expect(process(fixture) == nil)
    }

    @Test(arguments: [
        "native: { run: sleep 60, in: site }", "native: { run: sleep 60, in: site, inputs: [../settings.*] }",
    ])
    func `a changed input restarts it, whichever key names the file`(native: String) async throws {
        let outer = native.contains("inputs") ? "" : ", inputs: [settings.*]"
        let fixture = try fixture("web: { \(native)\(outer) }")
        try fixture.workspace.write("settings.json", "1")
        try await fixture.up()
        #expect(try await fixture.up()["service:web"]?.reason.hasPrefix("running") == true)
        try fixture.workspace.write("settings.json", "22")
        #expect(try await fixture.plan()["service:web"]?.action == .update)
        _ = try await fixture.open().services.stopNative()
    }

    @Test func `one that ends at once fails with its last lines`() async throws {
        let fixture = try fixture("web: { native: { run: \"echo no such module; exit 4\" } }")
        let failure = try #require(try await fixture.up()["service:web"]?.failure)
        #expect(failure.message == "'web' ended right after its start")
        #expect(failure.output == ["no such module"])
    }

    @Test func `a process id that belongs to another process by now is not touched`() async throws {
        let fixture = try fixture()
        try await fixture.up()
        let real = try #require(process(fixture))
        do {
            let run = try await fixture.open()
            let wrong = NativeRecord(
                process: ProcessIdentity(id: real.id, startTime: real.startTime + 1), definition: "x")
            try run.journal.append(.fact(NativeRecord.fact("web"), wrong.json))
            #expect(await run.services.stopNative() == [])
            #expect(fixture.workspace.host.processes.isRunning(real))
        }
        await fixture.workspace.host.processes.end(real, grace: .seconds(2))
    }

    @Test func `a process id without its start time is nobody's`() async throws {
        let fixture = try fixture()
        let stranger = try fixture.workspace.host.processes.startDetached(
            ProcessRequest(["sleep", "60"], environment: [:], folder: fixture.workspace.root),
            log: fixture.workspace.base / "log")
        do {
            let run = try await fixture.open()
            let ended = NativeRecord(process: ProcessIdentity(id: stranger.id, startTime: 0), definition: "x")
            try run.journal.append(.fact(NativeRecord.fact("web"), ended.json))
            #expect(await run.services.stopNative() == [])
            #expect(fixture.workspace.host.processes.isRunning(stranger))
        }
        #expect(try await fixture.plan()["service:web"] == .work(.run, "not running"))
        await fixture.workspace.host.processes.end(stranger, grace: .seconds(1))
    }

    @Test func `it gets its ports and waits for what it runs on`() async throws {
        let fixture = try ServiceFixture(
            """
            web:
              native: { run: "printenv PORT PORT_WEB_UI PORT_API; sleep 60" }
              ports: { web-ui: auto, api: auto }
              health: { log: "^[0-9]+$" }
            """, more: "env_files:\n  app.env: { set: { URL: \"${services.web.url}\" } }\n", engine: false)
        #expect(fixture.workspace.edges(of: "service:web").contains { $0.hasPrefix("env:app.env") })
        #expect(try await fixture.up()["service:web"]?.status == .done)
        let lines = fixture.workspace.text(".devinit/logs/web.log")?.split(separator: "\n") ?? []
        #expect(lines.count == 3 && lines[0] == lines[1] && lines[1] != lines[2])
        #expect(fixture.workspace.text("app.env")?.contains("http://127.0.0.1:\(lines[0])") == true)
        _ = try await fixture.open().services.stopNative()
    }

    @Test func `what it runs has to be approved`() throws {
        let fixture = try fixture()
        let workspace = fixture.workspace.read().workspace
        let items = workspace.node("service", "web")?.executables(in: workspace) ?? []
        #expect(
            items.map(\.what) == ["native", "env GREETING"] && Set(items.map(\.location)) == ["in site"], "\(items)")
    }
}
