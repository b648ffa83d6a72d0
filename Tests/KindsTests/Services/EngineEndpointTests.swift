import Base
import Execution
import Testing

@testable import Kinds

/// What an address of an engine means.
struct EngineEndpointTests {
    @Test(arguments: [
        ("unix:///var/run/docker.sock", nil), ("tcp://build.acme:2375", "build.acme"), ("tcp://127.0.0.1:2375", nil),
        ("tcp://", nil), ("ssh://me@build.acme:22", "build.acme"), ("ssh://build.acme", "build.acme"),
        ("ssh://me@[fe80::1]:22", "[fe80::1]"), ("tcp://[fe80::1]:2375", "[fe80::1]"), ("tcp://[::1]", nil),
        ("ssh://", nil), ("ssh://me@", nil), ("ssh://:22", nil), ("npipe:////./pipe/docker_engine", nil),
    ])
    func `the host of published ports is a machine's name or nothing, never an empty text`(
        _ address: String, _ host: String?
    ) {
        #expect(EngineEndpoint(address: address, origin: "x").remoteHost == host)
    }

    @Test func `an address that names no machine is told before anybody waits for it`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nservices:\n  db: { use: redis }\n", environment: ["DOCKER_HOST": "ssh://"])
        let run = try fixture.runWorkspace(RunSettings(jobs: 1), writing: false)
        let context = run.context(NodeID("service", "db"), isPlanning: false)
        let failure = await #expect(throws: NodeFailure.self) {
            try await context.parts.engines[.standard].found(context)
        }
        #expect(failure?.message == "no container engine answers (DOCKER_HOST: 'ssh://' names no machine)")
        #expect(failure?.remedy?.contains("ssh://USER@HOST") == true)
    }
}
