import Base
import HostInterfaces

/// Podman lets systemd run the checks of containers. Where there is no systemd (in containers, on Alpine, in WSL)
/// nobody runs them, and no container ever becomes healthy. So devinit runs those of the containers that it waits for,
/// all from one place, by Podman's own interface, at the pace that each container states.
///
/// Whoever else runs them is left alone: failures that are counted twice would make a container unhealthy too soon.
struct PodmanChecks {
    let client: EngineClient

    private static let beat = Duration.milliseconds(250)
    /// systemd runs the first check as the container starts; one that has no result after this has no timer.
    private static let patience = 0.7
    /// The least that is asked of a machine, in seconds.
    private static let leastPause = 0.5

    /// What is known of one start of a container.
    private struct Known {
        var firstSeen: Double
        var next: Double
        var isBusy = false
        /// The end of the last check as Podman recorded it; nil while that was not asked.
        var lastEnd: String??
        /// Somebody else runs them.
        var isLeftAlone = false
    }

    private enum Outcome: Sendable {
        case seen(end: String?, next: Double)
        case leftAlone
        case unknown
    }

    /// Runs until the task is cancelled; `containers` looks, at most once a second.
    func run(_ containers: @escaping @Sendable () async -> [ContainerState]) async {
        let clock = client.host.clock
        let known = SharedValue<[String: Known]>([:])
        await withTaskGroup(of: Void.self) { group in
            while !Task.isCancelled {
                let now = clock.monotonicSeconds
                let open = await containers().filter { $0.isRunning && [.starting, .unhealthy].contains($0.health) }
                let due = known.change { known in
                    known = known.filter { id, one in one.isBusy || open.contains { $0.id == id } }
                    return open.compactMap { container -> (String, String??)? in
                        var one = known[container.id] ?? Known(firstSeen: now, next: now + Self.patience)
                        defer { known[container.id] = one }
                        guard !one.isBusy, !one.isLeftAlone, now >= one.next else { return nil }
                        one.isBusy = true
                        return (container.id, one.lastEnd)
                    }
                }
                for (id, lastEnd) in due {
                    group.addTask {
                        let outcome = await check(id, after: lastEnd)
                        known.change { known in
                            known[id]?.isBusy = false
                            switch outcome {
                            case .seen(let end, let next):
                                known[id]?.lastEnd = .some(end)
                                known[id]?.next = next
                            case .leftAlone: known[id]?.isLeftAlone = true
                            case .unknown: known[id]?.next = clock.monotonicSeconds + 1
                            }
                        }
                    }
                }
                try? await clock.sleep(for: Self.beat)
            }
            group.cancelAll()
        }
    }

    private func check(_ id: String, after lastEnd: String??) async -> Outcome {
        guard let before = (try? await client.inspect(id)).map(Record.init) else { return .unknown }
        let start = client.host.clock.monotonicSeconds
        if let lastEnd {
            // A container that has started anew meanwhile has no result yet.
            if before.lastEnd != nil, lastEnd != before.lastEnd { return .leftAlone }
        } else if before.lastEnd != nil {
            // An earlier run may have done that; a timer would do it again soon.
            return .seen(end: before.lastEnd, next: start + before.interval + 1)
        }
        await client.runCheck(of: id, timeLimit: .seconds(before.timeout + 5))
        guard let after = (try? await client.inspect(id)).map(Record.init) else { return .unknown }
        return .seen(end: after.lastEnd, next: start + max(before.interval, Self.leastPause))
    }

    /// Whether a container that was healthy once is so now: where nobody runs its check, what Podman recorded is as old
    /// as the last run. The two clocks are compared only where they are one.
    func isStillHealthy(_ container: ContainerState) async -> Bool {
        guard client.isPodman, client.endpoint.remoteHost == nil, !client.hasTimers,
            let record = (try? await client.inspect(container.id)).map(Record.init),
            let end = record.lastEnd.flatMap(EngineMoment.sinceEpoch).flatMap({ Double($0) }),
            client.host.clock.wallSeconds - end > 2 * record.interval + record.timeout
        else { return true }
        await client.runCheck(of: container.id, timeLimit: .seconds(record.timeout + 5))
        return (try? await client.inspect(container.id)).map(Record.init)?.lastExit == 0
    }

    /// What Podman tells of a container's check.
    private struct Record {
        /// In seconds, as the Compose specification has them where nothing is stated.
        var interval: Double
        var timeout: Double
        /// When the last check ended; nil when none was run since the container started.
        var lastEnd: String?
        var lastExit: Int?

        init(_ inspected: JSON) {
            let stated = inspected["Config"]?["Healthcheck"]
            func seconds(_ key: String) -> Double {
                stated?[key]?.number.flatMap { $0 > 0 ? $0 / 1_000_000_000 : nil } ?? 30
            }
            (interval, timeout) = (seconds("Interval"), seconds("Timeout"))
            let state = inspected["State"]
            func moment(_ json: JSON?) -> Double? {
                json?.string.flatMap(EngineMoment.sinceEpoch).flatMap { Double($0) }
            }
            guard let last = state?["Health"]?["Log"]?.array?.last, let end = moment(last["End"]),
                end >= moment(state?["StartedAt"]) ?? 0
            else { return }
            (lastEnd, lastExit) = (last["End"]?.string, last["ExitCode"]?.integer)
        }
    }
}

extension EngineClient {
    /// Whether a systemd of this machine, the user's own for a user's engine, runs the checks of containers.
    fileprivate var hasTimers: Bool {
        guard case .socket(let path) = endpoint.transport, host.files.exists("/run/systemd/system") else {
            return false
        }
        let words = path.text.split(separator: "/")
        guard words.starts(with: ["run", "user"]), words.count > 3 else { return true }
        return host.files.exists(Path("/run/user/\(words[2])/systemd"))
    }

    /// Runs a container's check once and waits for its end. Podman records the result and tells it as an event.
    func runCheck(of container: String, timeLimit: Duration) async {
        guard let version = libpod.value else { return }
        _ = try? await bytes("/v\(version)/libpod/containers/\(container)/healthcheck", timeLimit: timeLimit)
    }

    /// podman-compose puts containers into a pod since 1.0.4.
    func removePod(_ name: String) async {
        guard let version = libpod.value else { return }
        _ = try? await bytes("/v\(version)/libpod/pods/\(name)", method: "DELETE")
    }

    /// The same containers with what their checks say, where that stands in Podman's own list alone.
    func withHealth(_ containers: [ContainerState]) async -> [ContainerState] {
        guard let version = libpod.value, containers.contains(where: { $0.isRunning && $0.health == .none }),
            let list = try? await get("/v\(version)/libpod/containers/json")
        else { return containers }
        var health: [String: ContainerState.Health] = [:]
        for entry in list.array ?? [] {
            guard let id = entry["Id"]?.string, let word = entry["Status"]?.string else { continue }
            health[id] = ContainerState.Health(rawValue: word)
        }
        return containers.map { container in
            var container = container
            if let told = health[container.id], container.isRunning { container.health = told }
            return container
        }
    }
}
