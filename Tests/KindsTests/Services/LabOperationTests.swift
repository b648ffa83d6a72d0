import Base
import Execution
import Foundation
import HostInterfaces
import State
import Testing

@testable import Kinds

/// What is done with services that run.
@Suite(.enabled(if: ServiceLab.isThere, ServiceLab.hint), .serialized)
struct LabOperationTests {
    private static let redis = "redis: { use: redis, with: { image: \"devinit-lab/redis:7\" }, port: auto }"

    @Test func `a changed definition makes the container anew, an unchanged one calls nobody`() async throws {
        let fixture = try ServiceFixture(
            "a: { compose: { image: \"devinit-lab/base:12\", command: [sleep, \"600\"], init: true, env_file: a.env } }",
            files: ["a.env": "X=1\n"])
        #expect(try await fixture.up()["service:a"]?.status == .done)
        let first = fixture.container("a")
        #expect(try await fixture.up()["service:a"]?.status == .upToDate)
        #expect(fixture.container("a") == first)

        try fixture.workspace.write("a.env", "X=2\n")
        let plan = try await fixture.plan()["service:a"]
        #expect(plan?.action == .update && plan?.reason.contains("env file") == true, "\(String(describing: plan))")
        #expect(try await fixture.up()["service:a"]?.status == .done)
        let second = fixture.container("a")
        #expect(second != first)
        #expect(ServiceLab.docker("exec", second, "printenv", "X") == "2")

        try fixture.workspace.write(
            "init.yaml", fixture.workspace.text("init.yaml")!.replacing("\"600\"", with: "\"601\""))
        #expect(try await fixture.plan()["service:a"] == .work(.update, "its definition changed"))
        try await fixture.up()
        #expect(fixture.container("a") != second)
    }

    @Test(arguments: ServiceLab.Generation.allCases)
    func `down keeps the data, with volumes it loses what it listed, and the identity tells`(
        _ generation: ServiceLab.Generation
    ) async throws {
        let fixture = try ServiceFixture(Self.redis, generation: generation)
        #expect(try await fixture.up().status == .done)
        ServiceLab.docker("exec", fixture.container("redis"), "redis-cli", "set", "k", "v")
        let identity = fixture.journal.data(of: "redis")?.identity
        #expect(identity != nil)
        let operations = try await fixture.open().services
        let status = await operations.status(isTrusted: true)
        #expect(status.map(\.state) == ["running"] && status.map(\.health) == ["healthy"])
        #expect(status.first?.ports.first?.name == "redis")
        var stopped: [String] = []
        #expect(try await operations.removeContainers(volumes: false, stopped: &stopped))
        #expect(stopped == ["redis"])
        #expect(fixture.container("redis").isEmpty)
        #expect(try await fixture.open().services.status(isTrusted: true).map(\.state) == ["absent"])

        try await fixture.up()
        #expect(ServiceLab.docker("exec", fixture.container("redis"), "redis-cli", "get", "k") == "v")
        #expect(fixture.journal.data(of: "redis")?.identity == identity)

        let again = try await fixture.open().services
        let volume = "\(fixture.project)_redis-data"
        #expect(try await again.lostVolumes().map(\.name) == [volume])
        try await again.removeContainers(volumes: true, stopped: &stopped)
        #expect(ServiceLab.docker("volume", "ls", "-q", "--filter", "name=\(volume)").isEmpty)
        #expect(fixture.journal.ledger.isEmpty)
        try await fixture.up()
        #expect(ServiceLab.docker("exec", fixture.container("redis"), "redis-cli", "get", "k") == "")
        #expect(fixture.journal.data(of: "redis")?.identity != identity)
    }

    @Test(arguments: ServiceLab.Generation.allCases)
    func `new data of a service that starts after another is told from its old data`(
        _ generation: ServiceLab.Generation
    ) async throws {
        // Compose makes the volumes of the whole file when the first service starts.
        let image = "{ use: redis, with: { image: devinit-lab/redis:7 }, port: auto"
        let fixture = try ServiceFixture(
            "first: \(image) }\nsecond: \(image), needs: [first] }", generation: generation)
        try await fixture.up()
        let identity = fixture.journal.data(of: "second")?.identity
        #expect(identity != nil)
        var stopped: [String] = []
        try await fixture.open().services.removeContainers(volumes: true, stopped: &stopped)
        try await fixture.up()
        #expect(fixture.journal.data(of: "second")?.identity != identity)
    }

    @Test(arguments: ServiceLab.Generation.allCases)
    func `commands run inside, with variables that no argument shows`(_ generation: ServiceLab.Generation) async throws
    {
        let fixture = try ServiceFixture(LabFailureTests.idle("a"), generation: generation)
        try await fixture.up()
        let run = try await fixture.open()
        let context = run.context(NodeID("service", "a"), isPlanning: false)
        let node = try #require(run.workspace.node("service", "a") as? ContainerService)
        for start in [true, false] {
            let wrapped = try await node.wrapped(
                ["sh", "-c", "cat; printenv KEY; hostname"], environment: ["KEY": "hidden-value"], start: start,
                hasInput: true,
                context)
            #expect(!wrapped.arguments.joined(separator: " ").contains("hidden-value"))
            let result = try await run.host.processes.run(
                ProcessRequest(
                    wrapped.arguments, environment: wrapped.environment, folder: run.workspace.root,
                    input: .bytes(Array("from here\n".utf8))), onOutput: nil)
            let lines = result.text.split(separator: "\n").map { String($0) }
            #expect(lines.prefix(2) == ["from here", "hidden-value"], "\(result.errorText)")
            #expect((lines.last.map { fixture.container("a").hasPrefix($0) } == true) == start)
        }
    }

    @Test func `services that become ready together are one call of Compose`() async throws {
        let names = (1...8).map { "s\($0)" }
        let fixture = try ServiceFixture(
            names.map(LabFailureTests.idle).joined(separator: "\n"), generation: .standalone,
            files: ["bin/docker-compose": ""])
        let log = fixture.workspace.root / "calls"
        let path = fixture.workspace.host.environment["PATH"] ?? ""
        try fixture.workspace.write(
            "bin/docker-compose",
            "#!/bin/sh\nprintf '%s\\n' \"$*\" >>'\(log)'\nexec \(ServiceLab.environment!["DEVINIT_LAB_COMPOSE1"] ?? "docker-compose") \"$@\"\n"
        )
        try fixture.workspace.host.files.setMode(of: fixture.workspace.root / "bin/docker-compose", to: 0o755)
        let summary = try await fixture.up(path: "\(fixture.workspace.root)/bin:\(path)")
        #expect(summary.status == .done, "\(summary.words)")
        let calls = fixture.workspace.text("calls")?.split(separator: "\n") ?? []
        #expect(calls.count == 1, "\(calls)")
    }

    @Test func `checks from outside wait for the server, not for the engine's proxy`() async throws {
        let fixture = try ServiceFixture(
            """
            web:
              compose: { image: "devinit-lab/nginx:1", command: [sh, -c, "sleep 2; exec nginx -g 'daemon off;'"], init: true }
              ports: { http: "\(21000 + Int.random(in: 0..<9000)):80" }
              health: { http: / }
            raw:
              compose: { image: "devinit-lab/nginx:1", command: [sh, -c, "sleep 2; exec nginx -g 'daemon off;'"], init: true }
              ports: { http: "\(31000 + Int.random(in: 0..<9000)):80" }
              health: { tcp: http }
            logged:
              compose: { image: "devinit-lab/base:12", command: [sh, -c, "sleep 2; echo ready to serve; sleep 600"], init: true }
              health: { log: "ready to .*" }
            """)
        let start = fixture.workspace.host.clock.monotonicSeconds
        let summary = try await fixture.up()
        #expect(summary.status == .done, "\(summary.words)")
        for (id, at) in fixture.events.finished { #expect(at - start > 2, "\(id)") }
    }
}
