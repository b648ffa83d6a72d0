import Base
import Execution
import Foundation
import HostInterfaces
import Testing

@testable import Kinds

/// What goes wrong with real containers, and what devinit says of it.
@Suite(.enabled(if: ServiceLab.isThere, ServiceLab.hint), .serialized)
struct LabFailureTests {
    /// A container that serves until it is ended.
    static func idle(_ name: String) -> String {
        "\(name): { compose: { image: \"devinit-lab/base:12\", command: [sleep, \"600\"], init: true, stop_grace_period: 1s } }"
    }

    private static func failure(_ services: String, _ generation: ServiceLab.Generation = .plugin) async throws
        -> NodeFailure?
    {
        let fixture = try ServiceFixture(services, generation: generation)
        return try await fixture.up()["service:bad"]?.failure
    }

    @Test(arguments: ServiceLab.Generation.allCases)
    func `an image that is not there fails its own service only, and says so`(_ generation: ServiceLab.Generation)
        async throws
    {
        let fixture = try ServiceFixture(
            Self.idle("good") + "\nbad: { compose: { image: \"127.0.0.1:9/no/such:1\" } }", generation: generation)
        let summary = try await fixture.up()
        #expect(summary["service:good"]?.status == .done, "\(summary.words)")
        let failure = try #require(summary["service:bad"]?.failure)
        #expect(failure.message.contains("the image of 'bad'"), "\(failure)")
        #expect(failure.remedy != nil)
    }

    @Test func `a container that ends names its exit status and shows its last lines`() async throws {
        let failure = try #require(
            try await Self.failure(
                "bad: { compose: { image: \"devinit-lab/base:12\", command: [sh, -c, \"echo no licence found; exit 3\"], healthcheck: { test: [CMD, \"true\"] } } }"
            ))
        #expect(failure.message == "'bad' ended with exit status 3")
        #expect(failure.output == ["no licence found"])
    }

    @Test func `a container that starts over and over is no start`() async throws {
        let failure = try #require(
            try await Self.failure(
                "bad: { compose: { image: \"devinit-lab/base:12\", command: [sh, -c, \"echo again; exit 1\"] }, restart: always }"
            ))
        #expect(failure.message.contains("'bad' ends again and again"), "\(failure)")
        #expect(failure.output.last == "again")
    }

    @Test func `a container that is killed for its memory is named as such`() async throws {
        let failure = try #require(
            try await Self.failure(
                "bad: { compose: { image: \"devinit-lab/base:12\", command: [python3, -c, \"x = bytearray(300000000)\"], mem_limit: 30m, memswap_limit: 30m, healthcheck: { test: [CMD, \"false\"] } } }"
            ))
        #expect(failure.message == "'bad' ran out of memory and was killed", "\(failure)")
    }

    @Test func `one that never gets healthy shows what its check said`() async throws {
        let failure = try #require(
            try await Self.failure(
                """
                bad:
                  compose: { image: "devinit-lab/base:12", command: [sleep, "600"], init: true }
                  health: { command: "echo not today; exit 1", timeout: 4s }
                """))
        #expect(failure.kind == .timedOut)
        #expect(failure.output.last == "not today", "\(failure)")
    }

    @Test func `a port that another process holds is named with the process, before anything starts`() async throws {
        let server = Process()
        server.executableURL = URL(filePath: "/usr/bin/env")
        let port = 20000 + Int.random(in: 0..<20000)
        server.arguments = ["python3", "-m", "http.server", "--bind", "127.0.0.1", "\(port)"]
        server.standardOutput = FileHandle.nullDevice
        server.standardError = FileHandle.nullDevice
        try server.run()
        // Foundation's children have SIGTERM blocked, so `terminate` would leave it running.
        defer { kill(server.processIdentifier, SIGKILL) }
        let fixture = try ServiceFixture("bad: { compose: { image: \"devinit-lab/nginx:1\" }, port: \"\(port):80\" }")
        while fixture.workspace.host.network.isFree(port: port, address: "127.0.0.1") {
            try await Task.sleep(for: .milliseconds(20))
        }
        let failure = try #require(try await fixture.up()["service:bad"]?.failure)
        #expect(failure.message.contains("port \(port), which 'bad' wants, is taken by python3"), "\(failure)")
        #expect(failure.message.contains("(process \(server.processIdentifier))"), "\(failure)")
        #expect(fixture.container("bad").isEmpty)
    }

    @Test func `containers of the same project from elsewhere are not touched`() async throws {
        let first = try ServiceFixture(Self.idle("a"))
        try await first.up()
        let stranger = try WorkspaceFixture(
            "version: 1\nworkspace: \(first.project)\nservices:\n  \(Self.idle("a"))\n",
            environment: ServiceLab.environment(.plugin, in: "/tmp"))
        let before = first.container("a")
        let result = try await stranger.up()["service:a"]
        #expect(
            result?.failure?.message.contains("was made from \(first.workspace.root), not from here") == true,
            "\(String(describing: result))")
        #expect(first.container("a") == before)
    }

    @Test func `without an engine only services fail, with the way out`() async throws {
        let fixture = try ServiceFixture(
            Self.idle("a"), more: "steps:\n  hello: { run: echo hello }\n  after: { run: \"true\", needs: [a] }\n",
            engine: false)
        let plan = try await fixture.plan()
        #expect(plan["service:a"]?.action == .blocked)
        let summary = try await fixture.up()
        #expect(summary["step:hello"]?.status == .done)
        #expect(summary["service:a"]?.failure?.message.contains("no container engine answers") == true)
        #expect(summary["service:a"]?.failure?.remedy?.contains("DOCKER_HOST") == true)
        #expect(summary["step:after"]?.status == .skipped)
    }
}
