import Base
import HostInterfaces
import ManifestModel

/// One port of a service: what it is called, where it listens inside, where it is reached from this machine.
struct ServicePort: Hashable, Sendable {
    enum HostSide: Hashable, Sendable {
        case fixed(Int)
        /// A free one, chosen once and kept.
        case automatic
        /// Stated with something that is known only later.
        case later(Text)
        /// Published by an existing Compose file that leaves it to a variable.
        case fromFiles
        /// Published by an existing Compose file that leaves it to the engine: no number, or a range of them.
        case byEngine
    }

    var name: String
    /// Inside the container; nil where it is the same as outside (native services, `auto` without a template).
    var container: Int?
    var host: HostSide
    var transport = PortTransport.tcp

    /// Whether devinit chooses its number on this machine: where the manifest says `auto`, and in an instance always,
    /// since the number that is stated is the main one's. What the engine chooses is nobody else's already.
    func isChosen(in workspace: Workspace) -> Bool {
        host == .automatic || (workspace.instance != nil && host != .byEngine)
    }

    /// Reads `N`, `auto` or `HOST:CONTAINER`, where HOST may be `auto`, each with `/udp` where it is no TCP. `known` is the container's port where
    /// a template states it; elsewhere N means N:N.
    init(name: String, _ text: Text, known: Int?) {
        self.name = name
        guard let literal = text.literal else {
            container = known
            host = .later(text)
            return
        }
        let halves = literal.split(separator: "/", maxSplits: 1)
        let bare = halves.first ?? ""
        transport = halves.count == 2 ? PortTransport(rawValue: String(halves[1])) ?? .tcp : .tcp
        let parts = bare.split(separator: ":")
        let first = parts.first.flatMap { Int($0) }
        host = parts.first == "auto" ? .automatic : .fixed(first ?? 0)
        container = parts.count == 2 ? Int(parts[1]) : known ?? first
    }

    init(name: String, container: Int) {
        self.name = name
        self.container = container
        host = .fixed(container)
    }

    /// The ports of a service: those of its template with the manifest's choices laid over them, else the
    /// manifest's own. Reports names that the template does not have.
    static func all(
        of declaration: ServiceDeclaration, template: [(name: String, container: Int)]?, _ reading: inout Reading
    ) -> [ServicePort] {
        var ports = (template ?? []).map { ServicePort(name: $0.name, container: $0.container) }
        if let text = declaration.port {
            if ports.isEmpty {
                if template != nil {
                    reading.report(
                        "no-port", "the template of '\(declaration.name)' has no port", at: text.location)
                }
                ports.append(ServicePort(name: "main", text, known: nil))
            } else {
                ports[0] = ServicePort(name: ports[0].name, text, known: ports[0].container)
            }
        }
        for (name, location, text) in declaration.ports {
            if let index = ports.firstIndex(where: { $0.name == name }) {
                ports[index] = ServicePort(name: name, text, known: ports[index].container)
            } else if template == nil || template?.isEmpty == true {
                ports.append(ServicePort(name: name, text, known: nil))
            } else {
                let names = ports.map(\.name)
                reading.report(
                    "unknown-port", "'\(declaration.name)' has no port '\(name)'", at: location,
                    suggestion: TextDistance.nearest(to: name, among: names).map { "did you mean '\($0)'?" }
                        ?? "its ports: \(names.joined(separator: ", "))")
            }
        }
        return ports
    }
}
