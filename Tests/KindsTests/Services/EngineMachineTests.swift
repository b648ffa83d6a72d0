import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import Synchronization
import Testing

@testable import Kinds

/// On which machine memory and cores are measured.
struct EngineMachineTests {
    private let engine = PlayedEngine()

    private func look(
        _ address: String, memory: Int?, os: String = "linux", services: String = "{ db: { use: redis } }"
    ) async throws -> (assessment: Assessment, diagnosis: Diagnosis, asked: [String]) {
        let network = engine.network
        engine.state.withLock { state in
            state.asked = []
            state.memory = memory
        }
        let fixture = try WorkspaceFixture(
            "version: 1\nworkspace: shop\nrequires: { machine: { memory: 16GB } }\nservices: \(services)\n",
            environment: ["DOCKER_HOST": address]
        ) { host in
            host.network = network
            (host.machine.operatingSystem, host.machine.memory) = (os, 8_000_000_000)
        }
        let workspace = fixture.read().workspace
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()), writing: false)
        let node = try #require(workspace.nodes[NodeID("tool", "machine")] as? MachineNode)
        let found = (await node.assess(context), await node.diagnosis(context, mayExecute: false))
        return (found.0, found.1, engine.state.withLock { $0.asked })
    }

    @Test func `memory is that of the machine where the containers run, and doctor says which that is`() async throws {
        let large = try await look("tcp://10.0.0.9:2375", memory: 64_000_000_000)
        #expect(large.assessment == .upToDate("enough"))
        #expect(large.diagnosis.message == "enough, measured on the engine's machine (10.0.0.9)")
        let small = try await look("tcp://10.0.0.9:2375", memory: 2_000_000_000)
        #expect(
            small.diagnosis.message == "the engine's machine (10.0.0.9) has 2.0 GB of memory, 16.0 GB wanted",
            "\(small.diagnosis)")
        #expect(small.assessment.action == .blocked)
    }

    @Test func `a virtual machine with less memory than this one is found out`() async throws {
        let virtual = try await look("unix:///home/dev/.colima/default/docker.sock", memory: 2_000_000_000)
        #expect(virtual.diagnosis.message.hasPrefix("the engine's virtual machine has 2.0 GB"), "\(virtual.diagnosis)")
        #expect(virtual.diagnosis.remedy?.contains("colima start --memory") == true)
        let mac = try await look("unix:///var/run/docker.sock", memory: 2_000_000_000, os: "macos")
        #expect(mac.diagnosis.message.hasPrefix("the engine's virtual machine has 2.0 GB"), "\(mac.diagnosis)")
    }

    @Test func `an engine of this machine is not asked, and one that tells nothing is said to`() async throws {
        let here = try await look("unix:///var/run/docker.sock", memory: 64_000_000_000)
        #expect(here.diagnosis.message == "the machine has 8.0 GB of memory, 16.0 GB wanted")
        #expect(here.asked == [])
        let none = try await look(
            "tcp://10.0.0.9:2375", memory: 64_000_000_000, services: "{ web: { native: { run: x } } }")
        #expect(none.diagnosis.message == "the machine has 8.0 GB of memory, 16.0 GB wanted" && none.asked == [])
        let silent = try await look("tcp://10.0.0.9:2375", memory: nil)
        #expect(
            silent.diagnosis.message
                == "this machine (the engine's could not be measured) has 8.0 GB of memory, 16.0 GB wanted")
    }
}
