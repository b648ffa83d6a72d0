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

    /// What the file calls it, else its number, `53-udp` for one that is not of TCP.
    static func name(of port: ComposePort) -> String {
        port.name ?? (port.transport == "tcp" ? port.target : "\(port.target)-\(port.transport)")
    }
}
