import Base
import HostInterfaces
import ManifestModel
import YAML

/// The ports that a Compose service publishes, each under the name that the file gives it, else the container's number.
enum AdoptedPorts {
    struct Published {
        var port: ServicePort
        /// The address of this machine; nil for all of them.
        var address: String?
    }

    /// Of several addresses for one port the first counts. Those of TCP stand first: `.port` is one of them where there
    /// is one. What speaks neither TCP nor UDP is left out.
    static func read(_ definition: YAMLNode, in project: ComposeProject) -> [Published] {
        var all: [Published] = []
        for item in definition["ports"]?.items ?? [] {
            for port in ComposePort(item)?.each ?? [] {
                guard let inside = Int(port.target), let transport = PortTransport(rawValue: port.transport) else {
                    continue
                }
                let name = name(of: port)
                if all.contains(where: { $0.port.name == name }) { continue }
                var known = ServicePort(name: name, container: inside)
                known.transport = transport
                let place = item["published"]?.location ?? item.location
                if project.variableValues.contains(place) {
                    known.host = .fromFiles
                } else {
                    known.host = port.published.flatMap { Int($0) }.map { .fixed($0) } ?? .byEngine
                }
                all.append(Published(port: known, address: port.address))
            }
        }
        return all.filter { $0.port.transport == .tcp } + all.filter { $0.port.transport != .tcp }
    }

    /// What an address begins with, by the container's port: what its number is registered for or its program's own, and
    /// `http` for all others. Nil for what no address of the kind is known of.
    static func scheme(of port: ServicePort) -> String? {
        guard port.transport == .tcp, let number = port.container else { return nil }
        return schemes[number] ?? "http"
    }

    private static let schemes: [Int: String?] = [
        21: "ftp", 22: "ssh", 25: "smtp", 53: nil, 143: "imap", 389: "ldap", 443: "https", 465: "smtps", 587: "smtp",
        636: "ldaps", 993: "imaps", 1025: "smtp", 1433: "sqlserver", 1521: nil, 1883: "mqtt", 2181: nil,
        3306: "mysql", 4222: "nats", 4317: nil, 5432: "postgresql", 5671: "amqps", 5672: "amqp", 6379: "redis",
        6380: "rediss", 7687: "bolt", 8443: "https", 8883: "mqtts", 9042: nil, 9092: nil, 11211: "memcached",
        26257: "postgresql", 26379: nil, 27017: "mongodb", 29092: nil, 33060: nil, 50051: nil, 61616: nil,
    ]

    /// What the file calls it, else its number, `53-udp` for one that is not of TCP.
    static func name(of port: ComposePort) -> String {
        port.name ?? (port.transport == "tcp" ? port.target : "\(port.target)-\(port.transport)")
    }
}
