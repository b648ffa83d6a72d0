import Base
public import Execution
public import HostInterfaces
import ManifestModel
public import State

/// Decides the ports of all services, selected or not, before anything runs (manifest.md, "Values").
public enum ServicePorts {
    /// Which ports are published on an engine's machine, asked where another machine's are chosen.
    public typealias PortsThere = @Sendable (EngineName) async -> Set<Int>

    /// Puts every port that can be told into `values`. One that devinit chooses (`auto`, and every one of an instance) is
    /// chosen once and kept in the journal; with `writing` false, as while planning, the choice holds for this run only.
    public static func decide(
        _ workspace: Workspace, _ values: Values, host: Host, journal: Journal, writing: Bool,
        portsThere: PortsThere = { _ in [] }
    ) async throws(NodeFailure) {
        let services = workspace.nodes(of: "service").compactMap { $0 as? any ServiceNode }
        var taken: Set<Int> = []
        for service in services {
            for port in service.ports {
                guard case .fixed(let number) = port.host else { continue }
                taken.insert(number)
                if !port.isChosen(in: workspace) { set(number, port, of: service, values) }
            }
        }
        var there: [EngineName: Set<Int>] = [:]
        for service in services {
            for port in service.ports where port.isChosen(in: workspace) {
                var number = journal.fact(fact(service, port))?.integer
                if number.map(taken.contains) == true { number = nil }
                if number == nil {
                    let choice = ChosenPort(
                        service: service, port: port, workspace: workspace, host: host,
                        isElsewhere: service.isElsewhere(values))
                    var takenThere: Set<Int> = []
                    if let engine = service.livesOn, service.isElsewhere(values) {
                        if there[engine] == nil { there[engine] = await portsThere(engine) }
                        takenThere = there[engine] ?? []
                    }
                    number = try await choice.choose(
                        except: taken.union(takenThere), journal, writing: writing)
                }
                guard let number else { continue }
                taken.insert(number)
                set(number, port, of: service, values)
            }
        }
    }

    /// The journal's name for the number that was chosen.
    static func fact(_ service: any ServiceNode, _ port: ServicePort) -> String { "\(service.id)/port/\(port.name)" }

    static func set(_ number: Int, _ port: ServicePort, of service: any ServiceNode, _ values: Values) {
        values.setPort(service.name, port.name, to: number)
        if port == service.ports.first { values.setPort(service.name, "", to: number) }
    }
}

/// A port whose number is devinit's choice.
struct ChosenPort {
    let service: any ServiceNode
    let port: ServicePort
    let workspace: Workspace
    let host: Host
    /// Whether another machine publishes it.
    let isElsewhere: Bool

    /// Nobody knows yet what `host_ip` refers to; where it is stated outright it counts, unless it is another machine's: then
    /// the number is to be free here too, for a tunnel.
    private var address: String { isElsewhere ? "127.0.0.1" : service.hostAddress?.literal ?? "127.0.0.1" }

    /// Chooses a number; with `writing` it is reserved and recorded. nil where none is free.
    func choose(except taken: Set<Int>, _ journal: Journal, writing: Bool) async throws(NodeFailure) -> Int? {
        guard writing else {
            return PortReservations.free(host, transport: port.transport, address: address, except: taken)
        }
        do throws(SystemError) {
            let owner = "\(workspace.instance.map { "\($0)/" } ?? "")\(service.name)/\(port.name)"
            let number = try await PortReservations(host: host).reserve(
                for: owner, of: StateFolder(host: host, workspaceRoot: workspace.root), transport: port.transport,
                address: address, except: taken)
            if let number { try journal.append(.fact(ServicePorts.fact(service, port), .integer(number))) }
            return number
        } catch { throw NodeFailure(.failed, "the chosen port can't be recorded: \(error)") }
    }
}
