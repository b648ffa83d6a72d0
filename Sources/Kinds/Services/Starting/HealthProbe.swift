import Base
import Execution
import HostInterfaces
import ManifestModel
import State

/// Asks a service from outside whether it serves.
struct HealthProbe {
    let service: any ServiceNode
    let context: NodeContext
    /// Of containers; nil for native services.
    let engine: FoundEngine?
    /// Whether it is asked again and again until it passes, and cancelled when nobody waits any more.
    var isStarting = false
    /// What the last look found instead of a service that serves, for people.
    var seen = SharedValue("")

    private static let limit = Duration.seconds(5)

    /// Of a service with several containers each has to pass; what is asked from outside is asked once for each.
    func passes(_ check: HealthDeclaration.Check, all containers: [ContainerState]) async -> Bool {
        for container in containers {
            guard await passes(check, container) else { return false }
        }
        return !containers.isEmpty
    }

    /// `container` is the service's as it was seen last; nil for native services.
    func passes(_ check: HealthDeclaration.Check, _ container: ContainerState? = nil) async -> Bool {
        switch check {
        case .http(let port, let path): await answers(port: port, path)
        case .tcp(let port): await takesConnections(port: port, container)
        case .log(let pattern): await logs(pattern, container)
        case .command(let command): await succeeds(command, container)
        }
    }

    private func answers(port: String?, _ path: Text) async -> Bool {
        guard let (host, number) = address(of: port ?? ""), let path = try? context.resolve(path).text else {
            return false
        }
        let target = path.hasPrefix("/") ? path : "/" + path
        let request = HTTPRequest(
            .tcp(host: host, port: number), target: target, headers: ["Host": "localhost:\(number)"],
            timeLimit: Self.limit)
        let place = "http://\(host):\(number)\(target)"
        do throws(NetworkError) {
            let response = try await context.host.network.exchange(request)
            if response.status < 400 { return true }
            seen.change { $0 = "\(place) answered \(response.status)" }
        } catch { seen.change { $0 = "\(place): \(error)" } }
        return false
    }

    /// Docker's proxy takes connections to a published port before anything listens behind it, so the container's
    /// own address is asked where this machine reaches it.
    private func takesConnections(port: String, _ container: ContainerState?) async -> Bool {
        guard let (host, number) = address(of: port) else { return false }
        let network = context.host.network
        seen.change { $0 = "nothing takes connections at \(host):\(number)" }
        guard await network.connect(host: host, port: number, timeLimit: Self.limit) == .open else { return false }
        guard let container, context.host.machine.operatingSystem == "linux",
            let inside = servicePort(port)?.container
        else { return true }
        for address in container.addresses {
            switch await network.connect(host: address, port: inside, timeLimit: .seconds(1)) {
            case .open: return true
            case .refused: return false
            case .timedOut, .failed: continue
            }
        }
        return true
    }

    /// While a service starts its log is followed, so that the engine is not asked over and over; else what is there is
    /// read, and no longer than a few seconds. What an earlier start of the same container wrote says nothing of this
    /// one: only what came after its last end counts. Its own start is no measure, since a line may be older than the
    /// moment that the engine takes for it.
    private func logs(_ pattern: String, _ container: ContainerState?) async -> Bool {
        guard let engine, let container, let state = (try? await engine.client.inspect(container.id))?["State"] else {
            return false
        }
        // One that never ended has the year 1 there.
        let end = state["FinishedAt"]?.string.flatMap { $0.hasPrefix("0001") ? nil : $0 }
        // A log may be cut off at its beginning: what this start has logged once it has logged.
        let fact = "\(service.id)/logged"
        let start = JSON.string("\(container.id) \(state["StartedAt"]?.string ?? "")")
        if !isStarting, context.journal.fact(fact) == start { return true }
        seen.change { $0 = "no line of its log matches '\(pattern)'" }
        let hasLogged = SharedValue(false)
        let clock = context.host.clock
        let deadline = isStarting ? Double.infinity : clock.monotonicSeconds + Self.limit.seconds
        await engine.client.readLog(of: container.id, since: end, following: isStarting) { lines in
            guard let expression = try? Regex(pattern) else { return false }
            let isThere = lines.contains { (try? expression.firstMatch(in: $0)) != nil }
            if isThere { hasLogged.change { $0 = true } }
            return !isThere && clock.monotonicSeconds < deadline
        }
        if isStarting, hasLogged.value { try? context.journal.append(.fact(fact, start)) }
        return hasLogged.value
    }

    /// Of a container that is not devinit's own, whose definition it can't add a check to.
    private func succeeds(_ command: CommandText, _ container: ContainerState?) async -> Bool {
        guard let engine, let container, container.isRunning else { return false }
        return await engine.client.succeeds(
            command.arguments(shell: ["sh", "-c"]), in: container.id, timeLimit: Self.limit)
    }

    private func servicePort(_ name: String) -> ServicePort? {
        name.isEmpty
            ? service.ports.first
            : service.ports.first { $0.name == name } ?? service.ports.first { $0.container.map(String.init) == name }
    }

    private func address(of port: String) -> (String, Int)? {
        let scope = context.workspace.scope(context.values)
        guard let port = servicePort(port),
            case .value(let number) = service.value(of: ["ports", port.name], in: context.values, scope: scope),
            let number = Int(number),
            case .value(let host) = service.value(of: ["host"], in: context.values, scope: scope)
        else { return nil }
        return (host, number)
    }
}
