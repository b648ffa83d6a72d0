import Base
import Execution
import HostFakes
import HostInterfaces
import ManifestModel
import Secrets
import State
import Testing

@testable import Kinds

/// What is said where a call of Compose for containers that are there fails.
struct ComposeCallTests {
    /// What failed, of calls for an adopted service and for one of the workspace's own, in the words of a person.
    private func failure(
        of words: [String], naming service: String?
    ) async throws -> (message: String, output: [String]) {
        let engine = PlayedEngine()
        let processes = FakeProcesses()
        processes.script { _ throws(ProcessError) in .fake(error: "no: hunter22 is wrong\n", status: 1) }
        let fixture = try WorkspaceFixture(
            """
            version: 1
            workspace: shop
            compose: compose.yaml
            services: { postgres: { compose: { image: pg } }, redis: { compose: { image: r } } }
            """, files: ["compose.yaml": "services: { api: { image: a } }\n"],
            environment: ["DOCKER_HOST": "unix:///played.sock"]
        ) { host in
            host.network = engine.network
            host.processes = processes
        }
        let values = Values(mask: SecretMask())
        values.setSecret("pass", to: "hunter22")
        let context = try await ServiceContext.make(fixture, fixture.read().workspace, values)
        let endpoint = EngineEndpoint(address: "unix:///played.sock", origin: "DOCKER_HOST", context: nil)
        let found = FoundEngine(
            name: .standard, endpoint: endpoint, client: EngineClient(host: fixture.host, endpoint: endpoint),
            compose: ComposeProgram(words: ["docker", "compose"], generation: .plugin))
        let services = service.flatMap { context.workspace.node("service", $0) as? ContainerService }.map { [$0] }
        let failure = await #expect(throws: NodeFailure.self) {
            try await ComposeCall.run(words, of: services ?? [], found, context)
        }
        return (failure?.message ?? "", failure?.output ?? [])
    }

    @Test func `a failed call names the services that were meant and what was wanted, and shows no secret`()
        async throws
    {
        let restart = try await failure(of: ["restart", "api"], naming: "api")
        #expect(restart.message.hasPrefix("Compose could not restart 'api': no: "), "\(restart)")
        #expect(!"\(restart)".contains("hunter22"))
        let down = try await failure(of: ["down", "--remove-orphans"], naming: nil)
        #expect(down.message.hasPrefix("Compose could not take down 'postgres, redis': "), "\(down)")
    }
}
