import Base
import HostFakes
import HostInterfaces
import ManifestModel
import Secrets
import Synchronization
import Testing

@testable import Kinds

/// `health: {log: …}` of a container.
struct LogHealthTests {
    /// Twenty services that wait for a line would ask forty times a second otherwise.
    @Test(arguments: [("ready to .*", true), ("never", false)])
    func `a line is waited for on one stream, without asking again and again`(pattern: String, isThere: Bool)
        async throws
    {
        let engine = PlayedEngine()
        let asked = Mutex<[String]>([])
        engine.network.script { request throws(NetworkError) in
            asked.withLock { $0.append(request.target) }
            if !request.target.contains("/logs?") {
                return HTTPResponse(
                    status: 200, body: Array(#"{"State": {"FinishedAt": "2026-03-04T05:06:07.5Z"}}"#.utf8))
            }
            return HTTPResponse(status: 200, body: [1, 0, 0, 0, 0, 0, 0, 20] + "starting\nready to go\n".utf8)
        }
        let fixture = try engine.fixture(
            "version: 1\nworkspace: shop\nservices: { web: { compose: { image: x }, health: { log: \"\(pattern)\" } } }"
        )
        let workspace = fixture.read().workspace
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()), service: "web")
        let node = try #require(workspace.node("service", "web") as? ContainerService)
        engine.run("web", image: "x", workspace)
        let container = try #require(engine.state.withLock { $0.containers.first.map { ContainerState($0) } })
        let found = try await context.engine(of: node).found(context)
        let check = try #require(node.check)
        let log = "/containers/web/logs?stdout=1&stderr=1&tail=all&since=1772600767.5"
        // A look at a service that is not being started must come to an end.
        for isStarting in [true, false] {
            let probe = HealthProbe(service: node, context: context, engine: found, isStarting: isStarting)
            #expect(await probe.passes(check, container) == isThere)
            let targets = asked.withLock { targets in
                defer { targets = [] }
                return targets.filter { $0.hasPrefix("/containers/web/") }
            }
            // What this start has logged once it has logged, whatever became of its log.
            let looks = isStarting ? [log + "&follow=1"] : isThere ? [] : [log]
            #expect(targets == ["/containers/web/json"] + looks)
        }
    }
}
