import Base
import Execution
import HostInterfaces
import ManifestModel

/// What containers and local processes have in common: ports, an address, exported values.
protocol ServiceNode: WorkspaceNode, ReferringNode, PortOwner {
    var name: String { get }
    var ports: [ServicePort] { get }
    /// Values beside ports and addresses, by their dotted name: `url`, `url.app`, `user`.
    var exports: [(name: String, text: Template)] { get }
    var hostAddress: Text? { get }
    /// The engine on which it runs, perhaps on another machine; nil for a local process.
    var livesOn: EngineName? { get }
    /// Its name inside the Compose network.
    var internalHost: String { get }
    /// The page that `open` shows; nil where nobody says one.
    var page: Text? { get }
}

extension ServiceNode {
    var page: Text? { nil }
}

extension ServiceNode {
    /// Whether its ports are published on another machine.
    func isElsewhere(_ values: Values) -> Bool { livesOn.map { values.text($0.hostKey) != nil } ?? false }

    func decidedPorts(in workspace: Workspace, _ values: Values) -> [(number: Int, transport: PortTransport)] {
        let scope = workspace.scope(values)
        return ports.compactMap { port in
            guard case .value(let text) = value(of: ["ports", port.name], in: values, scope: scope) else { return nil }
            return Int(text).map { ($0, port.transport) }
        }
    }

    func value(of path: [String], in values: Values, scope: Scope) -> Lookup {
        switch path.first {
        case "name" where path.count == 1: return .value(name)
        case "host" where path.count == 1: return host(values, scope)
        case "port" where path.count == 1:
            guard let first = ports.first else { return unknown(path) }
            return port(first, values, scope)
        case "ports" where path.count == 2:
            guard let port = ports.first(where: { $0.name == path[1] }) else { return unknown(path) }
            return self.port(port, values, scope)
        case "internal" where path.count > 1: return internalValue(Array(path.dropFirst()), values, scope)
        default: return export(path, prefix: [], scope)
        }
    }

    private func host(_ values: Values, _ scope: Scope) -> Lookup {
        if let livesOn, let remote = values.text(livesOn.hostKey) { return .value(remote) }
        guard let hostAddress else { return .value("127.0.0.1") }
        guard let text = try? hostAddress.template.substituting(scope).text else { return .later }
        // An address that means all of them is no place to connect to.
        return .value(["0.0.0.0", "::", "*"].contains(text) ? "127.0.0.1" : text)
    }

    private func port(_ port: ServicePort, _ values: Values, _ scope: Scope) -> Lookup {
        if let decided = values.port(name, port.name) { return .value(String(decided)) }
        switch port.host {
        case .fixed(let number): return .value(String(number))
        case .automatic, .byEngine: return .later
        case .fromFiles:
            let number = (self as? ContainerService)?.portOfFiles(port.name)
            return number.map { .value(String($0)) } ?? .later
        case .later(let text):
            do throws(SubstitutionError) {
                guard let text = try text.template.substituting(scope).text else { return .later }
                let bare = text.split(separator: "/").first ?? ""
                return .value(String(bare.split(separator: ":").first ?? ""))
            } catch { return .failure(error.kind) }
        }
    }

    /// Where it listens inside its container; for one that has none, where it is reached from this machine.
    func inside(_ port: ServicePort, _ values: Values, _ scope: Scope) -> Lookup {
        if let container = port.container { return .value(String(container)) }
        guard case .later(let text) = port.host, let stated = try? text.template.substituting(scope).text else {
            return self.port(port, values, scope)
        }
        let bare = stated.split(separator: "/").first ?? ""
        return .value(String(bare.split(separator: ":").last ?? ""))
    }

    /// The same values as containers of the workspace see them.
    private func internalValue(_ path: [String], _ values: Values, _ scope: Scope) -> Lookup {
        func inside(_ port: ServicePort?) -> Lookup {
            guard let port else { return unknown(["internal"] + path) }
            return self.inside(port, values, scope)
        }
        switch (path.first, path.count) {
        case ("host", 1): return .value(internalHost)
        case ("port", 1): return inside(ports.first)
        case ("ports", 2): return inside(ports.first { $0.name == path[1] })
        default:
            // A template may say itself what holds inside: Kafka answers containers at another port.
            if exports.contains(where: { $0.name == (["internal"] + path).joined(separator: ".") }) {
                return export(["internal"] + path, prefix: [], scope)
            }
            return export(path, prefix: ["internal"], scope)
        }
    }

    private func export(_ path: [String], prefix: [String], _ scope: Scope) -> Lookup {
        let wanted = path.joined(separator: ".")
        guard var text = exports.first(where: { $0.name == wanted })?.text else { return unknown(prefix + path) }
        if !prefix.isEmpty { text = text.movedInside(service: name) }
        do throws(SubstitutionError) {
            let result = try text.substituting(scope, encoding: PercentEncoding.isURL(wanted))
            guard let value = result.text else { return .later }
            return result.isSecret ? .secret(value) : .value(value)
        } catch { return .failure(error.kind) }
    }

    private func unknown(_ path: [String]) -> Lookup {
        var names = ["host", "internal.host"] + exports.map(\.name)
        if !ports.isEmpty { names += ["port", "internal.port"] + ports.map { "ports.\($0.name)" } }
        let wanted = path.joined(separator: ".")
        let near = TextDistance.nearest(to: wanted, among: names)
        let words =
            path.isEmpty ? "a value's name must follow services.\(name)" : "service '\(name)' has no value '\(wanted)'"
        return .failure(
            .unknown(words + (near.map { "; did you mean '\($0)'?" } ?? "; it has \(names.joined(separator: ", "))")))
    }

    /// `url` where no template says better; none where nothing is known that an address could begin with.
    static func standardExports(
        for ports: [ServicePort], service: String, scheme: String? = "http"
    ) -> [(name: String, text: Template)] {
        guard let scheme, !ports.isEmpty else { return [] }
        func own(_ path: String...) -> Template.Segment {
            .reference(Reference(path: ["services", service] + path), operation: nil)
        }
        let url = Template(segments: [.literal("\(scheme)://"), own("host"), .literal(":"), own("port")])
        return [("url", url)]
    }
}

extension Template {
    /// As `substituting`, but with what is looked up escaped for a URL.
    func substituting(_ scope: Scope, encoding: Bool) throws(SubstitutionError) -> Substituted {
        guard encoding else { return try substituting(scope) }
        var result = try Template(segments: []).substituting(scope)
        for segment in segments {
            var part = try Template(segments: [segment]).substituting(scope)
            if case .literal = segment {} else { part.template.segments = part.template.segments.map(\.encoded) }
            result.template.segments += part.template.segments
            result.isSecret = result.isSecret || part.isSecret
        }
        return result
    }

    /// References to the service's address turned into those that hold inside the Compose network.
    func movedInside(service: String) -> Template {
        Template(
            segments: segments.map { segment in
                guard case .reference(let reference, let operation) = segment,
                    reference.path.starts(with: ["services", service]), reference.path.count > 2,
                    ["host", "port", "ports"].contains(reference.path[2])
                else { return segment }
                return .reference(
                    Reference(path: ["services", service, "internal"] + reference.path.dropFirst(2)),
                    operation: operation)
            })
    }
}

extension Workspace {
    /// The services whose containers devinit's own file describes, in the order of the manifest.
    var containerServices: [ContainerService] {
        nodes(of: ServiceKind.name).compactMap { $0 as? ContainerService }.filter { $0.adopted == nil }
    }

    /// Secrets without which the texts have no value, also those behind the addresses of services.
    func secrets(behind texts: [Text]) -> [NodeID] {
        var seen: Set<NodeID> = []
        var open = referred(by: texts)
        var secrets: [NodeID] = []
        while let id = open.popLast() {
            guard seen.insert(id).inserted else { continue }
            if id.kind == "secret" { secrets.append(id) }
            if id.kind == "service", let node = nodes[id] { open += referred(by: node.texts) }
        }
        return secrets.sorted()
    }

    /// A scope in which secrets have no value but are known to be secrets: for definitions that may be looked at
    /// while no secret is resolved, and written down.
    func opaqueScope(_ values: Values) -> Scope {
        Scope(
            variable: { _ in .later },
            reference: { reference in
                if reference.namespace == "secrets" { return .secret("<\(reference)>") }
                if reference.namespace == "services", reference.path.count > 1,
                    let service = self.node("service", reference.path[1]) as? any ServiceNode
                {
                    return service.value(
                        of: Array(reference.path.dropFirst(2)), in: values, scope: self.opaqueScope(values))
                }
                return self.lookup(reference, in: values)
            })
    }
}
