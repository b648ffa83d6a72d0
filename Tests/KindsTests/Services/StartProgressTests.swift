import Base
import Testing

@testable import Kinds

/// Which container a start made, as it is seen from outside while Compose works.
struct StartProgressTests {
    private func container(_ id: String, _ state: String, service: String = "db", project: String = "shop")
        -> ContainerState
    {
        ContainerState([
            "Id": .string(id), "State": .string(state), "Status": "Up 2 seconds (healthy)",
            "Labels": [ContainerState.serviceLabel: .string(service), ContainerState.projectLabel: .string(project)],
        ])
    }

    private func seen(_ progress: StartProgress, at time: Double = 1, _ containers: ContainerState...) -> String? {
        progress.containers(in: ContainerLook(at: time, containers: containers)).first?.id
    }

    @Test func `the container that is about to go does not count, the new one beside it does`() {
        let progress = StartProgress(of: "db", in: "shop")
        #expect(seen(progress, container("old", "running")) == nil, "Compose was not even called")
        progress.begin(before: [container("old", "running")])
        #expect(seen(progress, container("old", "running")) == nil)
        #expect(seen(progress, container("old", "exited")) == nil)
        #expect(seen(progress, container("old", "running"), container("new", "created")) == "new")
        #expect(seen(progress, container("other", "running", service: "web")) == nil)
        #expect(seen(progress, container("other", "running", project: "other")) == nil)
    }

    @Test func `one that stood still counts once it runs, and not its earlier end`() {
        let progress = StartProgress(of: "db", in: "shop")
        progress.begin(before: [container("a", "exited")])
        #expect(seen(progress, container("a", "exited")) == nil)
        #expect(seen(progress, container("a", "running")) == "a")
    }

    @Test func `a look that began before Compose returned is not believed after it`() {
        let progress = StartProgress(of: "db", in: "shop")
        progress.begin(before: [container("a", "exited")])
        progress.end(at: 5)
        #expect(seen(progress, at: 4, container("a", "exited")) == nil)
        #expect(seen(progress, at: 5, container("a", "exited")) == "a")
        #expect(!progress.hasReturned(before: 4) && progress.hasReturned(before: 6))
    }

    @Test func `what an event tells of a check is put where the list has the container`() throws {
        var look = ContainerLook(at: 0, containers: [container("a", "running"), container("b", "running")])
        look.containers[0].status = "Up (health: starting)"
        let event = try #require(
            ContainerEvent(
                #"{"status":"health_status: healthy","id":"a","Action":"health_status: healthy","Actor":{"ID":"a"}}"#))
        #expect(event.health == .healthy)
        let isThere = look.set(event.health ?? .none, of: event.container)
        #expect(isThere)
        #expect(look.containers.map(\.health) == [.healthy, .healthy])
        let isUnknown = !look.set(.healthy, of: "unknown")
        #expect(isUnknown, "nobody would look for it")
        // Podman says that something changed, and not what.
        #expect(ContainerEvent(#"{"Action":"health_status","Actor":{"ID":"a"}}"#)?.health == nil)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", "0"), ("2026-11-26T01:51:43.725255523Z", "1795657903.725255523"),
        ("2024-02-29T12:00:00.5+02:00", "1709200800.5"), ("2000-03-01T00:00:00-01:30", "951874200"),
    ])
    func `a moment of the engine is the same moment when the engine is asked for it`(text: String, seconds: String) {
        #expect(EngineMoment.sinceEpoch(text) == seconds)
        #expect(EngineMoment.sinceEpoch("5 minutes ago") == nil)
    }
}
