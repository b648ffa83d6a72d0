import Base
import Execution
import Foundation
import HostInterfaces
import Testing

@testable import Kinds

/// When a service counts as serving, and what happens to it when the engine goes away meanwhile.
@Suite(.enabled(if: ServiceLab.isThere, ServiceLab.hint), .serialized)
struct LabReadinessTests {
    /// A `docker` that does its work and then stays for a while.
    private static func lingeringDocker(seconds: Int) throws -> (folder: DockerConfiguration, path: String) {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folder = try DockerConfiguration("{}")
        try folder.write(
            "bin/docker",
            "#!/bin/sh\nPATH='\(path)' docker \"$@\"\nstatus=$?\nsleep \(seconds)\necho over >>'\(folder.folder)/over'\nexit $status\n"
        )
        return (folder, "\(folder.folder)/bin:\(path)")
    }

    @Test func `a service that serves is done before Compose has returned, and Compose is not cut off`() async throws {
        let (folder, path) = try Self.lingeringDocker(seconds: 20)
        let fixture = try ServiceFixture(
            """
            soon: { compose: { image: "devinit-lab/base:12", command: [sleep, "600"], init: true, stop_grace_period: 1s, healthcheck: { test: [CMD, "true"], interval: 1s } } }
            """, environment: ["DOCKER_CONFIG": folder.folder])
        let begin = fixture.workspace.host.clock.monotonicSeconds
        let summary = try await fixture.up(path: path)
        #expect(summary.status == .done, "\(summary.words)")
        let end = try #require(fixture.events.finished.first { $0.id == "service:soon" }?.at)
        #expect(end - begin < 18, "it waited for Compose: \(end - begin)")
        #expect(FileManager.default.fileExists(atPath: folder.folder + "/over"))
    }

    @Test func `a container that is about to be replaced is not taken for the new one`() async throws {
        let fixture = try ServiceFixture(
            """
            a: { compose: { image: "devinit-lab/base:12", command: [sleep, "600"], init: true, stop_grace_period: 3s, healthcheck: { test: [CMD, "true"], interval: 1s } } }
            """)
        try await fixture.up()
        let before = fixture.container("a")
        try fixture.workspace.write(
            "init.yaml",
            try #require(fixture.workspace.text("init.yaml")).replacing("\"600\"", with: "\"601\""))
        let summary = try await fixture.up()
        #expect(summary.status == .done, "\(summary.words)")
        let after = fixture.container("a")
        #expect(!after.isEmpty && after != before)
        #expect(ServiceLab.docker("inspect", "-f", "{{.State.Health.Status}}", after) == "healthy")
    }

    @Test func `a service that is built holds up none whose image is there`() async throws {
        let fixture = try ServiceFixture(
            """
            built: { compose: { build: { context: ./built }, command: [sleep, "600"], init: true, stop_grace_period: 1s } }
            good: { compose: { image: "devinit-lab/base:12", command: [sleep, "600"], init: true, stop_grace_period: 1s } }
            """, files: ["built/Dockerfile": "FROM devinit-lab/base:12\nRUN sleep 15; echo \(UUID()) >/made\n"])
        let begin = fixture.workspace.host.clock.monotonicSeconds
        let summary = try await fixture.up()
        defer { ServiceLab.docker("rmi", "-f", "\(fixture.project)-built", "\(fixture.project)_built") }
        #expect(summary.status == .done, "\(summary.words)")
        let ends = Dictionary(fixture.events.finished.map { ($0.id, $0.at - begin) }, uniquingKeysWith: { $1 })
        #expect((ends["service:good"] ?? 99) < 14, "\(ends)")
        #expect((ends["service:built"] ?? 0) > 15, "\(ends)")
    }

    @Test func `a line that an earlier start logged proves nothing`() async throws {
        let fixture = try ServiceFixture(
            """
            a:
              compose: { image: "devinit-lab/base:12", command: [sh, -c, "test -e /tmp/again || echo ready; touch /tmp/again; exec sleep 600"], init: true, stop_grace_period: 1s }
              health: { log: "^ready$", timeout: 5s }
            """)
        let first = try await fixture.up()
        #expect(first.status == .done, "\(first.words)")
        ServiceLab.docker("stop", fixture.container("a"))
        let failure = try #require(try await fixture.up()["service:a"]?.failure)
        #expect(failure.kind == .timedOut, "\(failure)")
    }

    @Test func `an engine that goes away while a service is waited for is named at once, with what to do`()
        async throws
    {
        let real = try #require(ServiceLab.environment?["DOCKER_HOST"]).dropFirst("unix://".count)
        let folder = try DockerConfiguration("{}")
        let socket = folder.folder + "/engine.sock"
        let engine = try LabProcess(["python3", "-c", Self.forwarder, socket, String(real)])
        _ = engine.line()
        let fixture = try ServiceFixture(
            """
            bad: { compose: { image: "devinit-lab/base:12", command: [sleep, "600"], init: true, stop_grace_period: 1s, healthcheck: { test: [CMD, "false"], interval: 1s } } }
            """, environment: ["DOCKER_HOST": "unix://" + socket])
        let clock = fixture.workspace.host.clock
        async let running = fixture.up()
        let limit = clock.monotonicSeconds + 60
        while clock.monotonicSeconds < limit,
            !fixture.events.progress(of: "service:bad").contains(where: { $0.words == "waiting until it serves" })
        { try await Task.sleep(for: .milliseconds(20)) }
        let begin = clock.monotonicSeconds
        engine.end()
        let failure = try #require(try await running["service:bad"]?.failure)
        #expect(failure.message == "the container engine stopped (DOCKER_HOST, unix://\(socket))", "\(failure)")
        #expect(failure.remedy?.hasPrefix("start the engine that DOCKER_HOST names") == true, "\(failure)")
        #expect(failure.kind == .prerequisite)
        #expect(clock.monotonicSeconds - begin < 3)
    }

    /// An engine at another address: ending it leaves the real one alone.
    private static let forwarder = """
        import socket, sys, threading
        server = socket.socket(socket.AF_UNIX); server.bind(sys.argv[1]); server.listen(64); print("ready", flush=True)
        def pump(source, target):
            try:
                while piece := source.recv(65536): target.sendall(piece)
                target.shutdown(socket.SHUT_WR)
            except OSError: pass
        while True:
            client, _ = server.accept()
            real = socket.socket(socket.AF_UNIX); real.connect(sys.argv[2])
            for pair in ((client, real), (real, client)): threading.Thread(target=pump, args=pair, daemon=True).start()
        """
}
