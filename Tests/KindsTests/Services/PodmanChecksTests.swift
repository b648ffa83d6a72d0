import Base
import HostFakes
import HostInterfaces
import Synchronization
import Testing

@testable import Kinds

/// What devinit asks of Podman beside what it asks of Docker.
struct PodmanChecksTests {
    /// A Podman that is played: one container, whose check is run when it is asked for, or by a timer too.
    private final class Played: Sendable {
        struct State {
            var runs = 0
            /// The end of the last check, in seconds since 1970.
            var end: Int?
            var exit = 0
            var hasTimer = false
            var number = 0
            /// When the container started, in seconds since 1970.
            var start = 1_600_000_000
        }

        let state = Mutex(State())
        let clock = FakeClock()
        let files = FakeFiles()
        let client: EngineClient

        init() async throws {
            let network = FakeNetwork()
            client = EngineClient(
                host: Host.fake(files: files, clock: clock, network: network),
                endpoint: EngineEndpoint(address: "unix:///played.sock", origin: "Podman"))
            network.script { request throws(NetworkError) in
                self.state.withLock { Played.answer(request, &$0, now: Int(self.clock.wallSeconds)) }
            }
            // Its first answer tells that it is Podman.
            _ = try await client.containers(projects: nil)
        }

        private static func answer(_ request: HTTPRequest, _ state: inout State, now: Int) -> HTTPResponse? {
            let path = String(request.target.prefix { $0 != "?" })
            func response(_ json: JSON) -> HTTPResponse {
                HTTPResponse(status: 200, headers: ["libpod-api-version": "4.3.1"], body: json.bytes())
            }
            switch path {
            case "/containers/json": return response([["Id": "a", "State": "running", "Status": "Up 2 seconds"]])
            case "/v4.3.1/libpod/containers/json": return response([["Id": "a", "Status": "unhealthy"]])
            case "/info":
                state.number += 1
                return response(["ID": .string("made up \(state.number)"), "DockerRootDir": "/var/lib/containers"])
            case "/v4.3.1/libpod/containers/a/healthcheck":
                state.runs += 1
                state.end = now
                return response(["Status": "starting"])
            case "/containers/a/json":
                if state.hasTimer { state.end = (state.end ?? now) + 1 }
                let log: JSON =
                    state.end.map {
                        [["End": .string(Played.moment($0)), "ExitCode": .integer(state.exit)]]
                    } ?? []
                return response([
                    "Config": ["Healthcheck": ["Interval": 2_000_000_000, "Timeout": 1_000_000_000]],
                    "State": ["StartedAt": .string(Played.moment(state.start)), "Health": ["Log": log]],
                ])
            default: return nil
            }
        }

        /// In the form of RFC 3339, for days around the clock's start (2023-11-14T22:13:20Z).
        private static func moment(_ seconds: Int) -> String {
            if seconds < 1_699_920_000 { return "2020-09-13T12:26:40Z" }
            let ofDay = seconds - 1_699_920_000
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            return "2023-11-14T\(two(ofDay / 3600)):\(two(ofDay / 60 % 60)):\(two(ofDay % 60))Z"
        }

        /// Lets so many seconds pass while checks are looked after; how many were run from here. The container starts anew
        /// after `restart` of them.
        func runs(after seconds: Int, restart: Int? = nil) async -> Int {
            let container = ContainerState(["Id": "a", "State": "running", "Status": "Up (starting)"])
            let task = Task { await PodmanChecks(client: client).run { [container] } }
            for beat in 0..<(seconds * 4) {
                if beat == restart.map({ $0 * 4 }) { state.withLock { $0.start = Int(clock.wallSeconds) + 1 } }
                await clock.waitForSleepers(1)
                // What it began on another thread comes to its end before time goes on.
                try? await Task.sleep(for: .milliseconds(3))
                clock.advance(by: .milliseconds(250))
            }
            task.cancel()
            await task.value
            return state.withLock(\.runs)
        }
    }

    @Test func `where no timer runs a check it is run at its own pace`() async throws {
        let played = try await Played()
        let runs = await played.runs(after: 10)
        #expect((4...5).contains(runs), "\(runs)")
    }

    @Test func `a check that somebody else runs is left alone`() async throws {
        let played = try await Played()
        played.state.withLock { ($0.end, $0.hasTimer) = (1_700_000_000, true) }
        #expect(await played.runs(after: 10) == 0)
    }

    @Test func `a container that starts anew while it is waited for is no sign that somebody runs the check`()
        async throws
    {
        let played = try await Played()
        let runs = await played.runs(after: 16, restart: 5)
        #expect(runs >= 5, "\(runs)")
    }

    @Test func `a result that an earlier run left is no sign that somebody runs the check`() async throws {
        let played = try await Played()
        played.state.withLock { $0.end = 1_699_999_000 }
        #expect(await played.runs(after: 10) >= 2)
    }

    @Test func `health that nobody looked at for long is looked at before it counts`() async throws {
        let played = try await Played()
        let container = ContainerState(["Id": "a", "State": "running", "Status": "Up (healthy)"])
        let checks = PodmanChecks(client: played.client)
        played.state.withLock { ($0.end, $0.exit) = (1_700_000_000 - 2, 1) }
        #expect(await checks.isStillHealthy(container), "it is fresh")
        #expect(played.state.withLock(\.runs) == 0)
        played.state.withLock { $0.end = 1_700_000_000 - 60 }
        #expect(await !checks.isStillHealthy(container))
        #expect(played.state.withLock(\.runs) == 1)
        played.files.add("/run/systemd/system/user.slice", "")
        #expect(await checks.isStillHealthy(container), "systemd runs it, so nothing is asked")
    }

    @Test func `health stands in Podman's own list, and the engine is known by where its data lies`() async throws {
        let played = try await Played()
        let listed = try await played.client.containers(projects: nil)
        #expect(await played.client.withHealth(listed).map(\.health) == [.unhealthy])
        #expect(await played.client.identity() == "/var/lib/containers")
        #expect(await played.client.identity() == "/var/lib/containers", "it has another id at each question")
    }
}
