import Base
import Execution
import HostInterfaces
import ManifestModel

/// Asks a service from outside whether it serves.
struct HealthProbe {
    let service: any ServiceNode
    let context: NodeContext
    /// Of containers; nil for native services.
    let engine: FoundEngine?

    private static let limit = Duration.seconds(5)

    func passes(_ check: HealthDeclaration.Check) async -> Bool {
        switch check {
        case .http(let port, let path): await answers(port: port, path)
        case .tcp(let port): await takesConnections(port: port)
        case .log(let pattern): await hasLogged(pattern)
        case .command(let command): await succeeds(command)
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
        guard let response = try? await context.host.network.exchange(request) else { return false }
        return response.status < 400
    }

    /// Docker's proxy takes connections to a published port before anything listens behind it, so the container's
    /// own address is asked where this machine reaches it.
    private func takesConnections(port: String) async -> Bool {
        guard let (host, number) = address(of: port) else { return false }
        let network = context.host.network
        guard await network.connect(host: host, port: number, timeLimit: Self.limit) == .open else { return false }
        guard engine != nil, context.host.machine.operatingSystem == "linux",
            let inside = servicePort(port)?.container,
            let container = try? await context.parts.services.containers(context).first(where: {
                $0.belongs(to: service, in: context.workspace)
            })
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

    private func hasLogged(_ pattern: String) async -> Bool {
        guard let engine, let expression = try? Regex(pattern),
            let container = try? await context.parts.services.containers(context).first(where: {
                $0.belongs(to: service, in: context.workspace)
            })
        else { return false }
        let lines = await engine.client.lastLines(of: container.id, count: 2000)
        return lines.contains { (try? expression.firstMatch(in: $0)) != nil }
    }

    /// Of a container that is not devinit's own, whose definition it can't add a check to.
    private func succeeds(_ command: CommandText) async -> Bool {
        guard let engine,
            let container = try? await context.parts.services.containers(context).first(where: {
                $0.belongs(to: service, in: context.workspace)
            }), container.isRunning
        else { return false }
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
