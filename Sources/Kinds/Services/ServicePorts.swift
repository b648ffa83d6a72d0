import Base
public import Execution
public import HostInterfaces
import ManifestModel
public import State

/// Decides the ports of all services, selected or not, before anything runs (manifest.md, "Values").
public enum ServicePorts {
    /// Puts every port that can be told into `values`. An `auto` port is chosen once and kept in the journal; with
    /// `writing` false, as while planning, the choice holds for this run only.
    public static func decide(
        _ workspace: Workspace, _ values: Values, host: Host, journal: Journal, writing: Bool
    ) async throws(NodeFailure) {
        let services = workspace.nodes(of: "service").compactMap { $0 as? any ServiceNode }
        var taken: Set<Int> = []
        for service in services {
            for port in service.ports {
                if case .fixed(let number) = port.host {
                    taken.insert(number)
                    set(number, port, of: service, values)
                }
            }
        }
        for service in services {
            for port in service.ports where port.host == .automatic {
                let fact = "\(service.id)/port/\(port.name)"
                var number = journal.fact(fact)?.integer
                if number.map(taken.contains) == true { number = nil }
                if number == nil {
                    number = free(host, except: taken)
                    if let number, writing { try record(fact, number, journal) }
                }
                guard let number else { continue }
                taken.insert(number)
                set(number, port, of: service, values)
            }
        }
    }

    private static func record(_ fact: String, _ port: Int, _ journal: Journal) throws(NodeFailure) {
        do throws(SystemError) {
            try journal.append(.fact(fact, .integer(port)))
        } catch { throw NodeFailure(.failed, "the chosen port can't be recorded: \(error)") }
    }

    private static func set(_ number: Int, _ port: ServicePort, of service: any ServiceNode, _ values: Values) {
        values.setPort(service.name, port.name, to: number)
        if port == service.ports.first { values.setPort(service.name, "", to: number) }
    }

    /// The system may name the same free port twice, until somebody listens there.
    private static func free(_ host: Host, except taken: Set<Int>) -> Int? {
        for _ in 0..<50 {
            guard let port = host.network.freePort(address: "127.0.0.1") else { return nil }
            if !taken.contains(port) { return port }
        }
        return nil
    }
}
