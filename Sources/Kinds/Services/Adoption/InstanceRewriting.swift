import Base
import ManifestModel
import YAML

/// What `config` printed, turned into the file of one instance: ports that devinit chose, and names that no other
/// instance has. Both generations of Compose read it; laying `ports` over the files would add to them (1.29), or needs
/// a tag that only newer ones know.
struct InstanceRewriting {
    let instance: AdoptedInstance
    /// The project's name, the instance's part included.
    let project: String
    /// Numbers of this machine by service; a port that is not here keeps what the file says.
    let ports: [String: [Port: Int]]

    /// A port of a container.
    struct Port: Hashable, Sendable {
        var target: String
        var transport: String
    }

    /// Chosen ports as one text that is the same in every process: a dictionary's own order is not.
    static func words(of ports: [String: [Port: Int]]) -> String {
        ports.sorted { $0.key < $1.key }.map { service, numbers in
            let each = numbers.map { "\($0.key.target)/\($0.key.transport)=\($0.value)" }
            return "\(service): \(each.sorted().joined(separator: " "))"
        }.joined(separator: "; ")
    }

    func file(from configuration: YAMLNode) -> YAMLNode {
        var result = configuration
        let services = configuration["services"]?.entries ?? []
        let built = Set(services.filter { $0.value["build"] != nil }.compactMap { $0.value["image"]?.text })
        let names = Dictionary(
            services.compactMap { entry in entry.value["container_name"]?.text.map { ($0, entry.key) } },
            uniquingKeysWith: { first, _ in first })
        result.set(
            "services",
            to: .mapping(
                services.map { entry in
                    YAMLEntry(
                        key: entry.key, keyLocation: entry.keyLocation,
                        value: service(entry.key, entry.value, built: built, containers: names))
                }))
        for section in ["volumes", "networks"] {
            guard let entries = configuration[section]?.entries else { continue }
            result.set(section, to: .mapping(entries.map(named)))
        }
        return result
    }

    private func service(
        _ name: String, _ definition: YAMLNode, built: Set<String>, containers: [String: String]
    ) -> YAMLNode {
        var result = definition
        if let items = definition["ports"]?.items {
            var moved: [YAMLNode] = []
            // The same port at two numbers of this machine is one now.
            for port in items.flatMap({ self.moved($0, of: name) }) where !moved.contains(port) { moved.append(port) }
            result.set("ports", to: .sequence(moved))
        }
        if let image = definition["image"]?.text, built.contains(image) {
            result.set("image", to: .text(instance.image(for: image)))
        }
        if let stated = definition["container_name"]?.text {
            result.remove("container_name")
            // Others of the project may call it so.
            if definition["network_mode"] == nil { addAlias(stated, to: &result) }
        }
        for key in ["network_mode", "ipc", "pid"] {
            guard let text = definition[key]?.text, text.hasPrefix("container:"),
                let service = containers[String(text.dropFirst("container:".count))]
            else { continue }
            result.set(key, to: .text("service:\(service)"))
        }
        if let networks = result["networks"]?.entries {
            result.set("networks", to: .mapping(networks.map(withoutAddress)))
        }
        return result
    }

    private func moved(_ node: YAMLNode, of service: String) -> [YAMLNode] {
        guard let port = ComposePort(node) else { return [node] }
        return port.each.map { one in
            guard let number = ports[service]?[Port(target: one.target, transport: one.transport)] else {
                return node
            }
            // 1.29 takes an address in the short form alone.
            var address = one.address ?? ""
            if address.contains(":") { address = "[\(address)]" }
            let place = address.isEmpty ? "" : address + ":"
            return .text("\(place)\(number):\(one.target)/\(one.transport)")
        }
    }

    private func addAlias(_ alias: String, to service: inout YAMLNode) {
        let networks = service["networks"]
        var entries = networks?.entries ?? []
        for item in networks?.items ?? [] {
            if let name = item.text { entries.append(YAMLEntry(key: name, keyLocation: .nowhere, value: .null())) }
        }
        if entries.isEmpty { entries = [YAMLEntry(key: "default", keyLocation: .nowhere, value: .null())] }
        for index in entries.indices {
            var network = entries[index].value.entries == nil ? .mapping([YAMLEntry]()) : entries[index].value
            network.set("aliases", to: .sequence((network["aliases"]?.items ?? []) + [.text(alias)]))
            entries[index].value = network
        }
        service.set("networks", to: .mapping(entries))
    }

    /// A volume or network with a name of the instance's own. One network's range of addresses can't be two networks'.
    private func named(_ entry: YAMLEntry) -> YAMLEntry {
        var entry = entry
        guard entry.value.entries != nil, !entry.value.isExternal else { return entry }
        if let name = entry.value["name"]?.text, name != "\(project)_\(entry.key)" {
            entry.value.set("name", to: .text(instance.name(for: name)))
        }
        if var ranges = entry.value["ipam"], ranges["config"] != nil {
            ranges.remove("config")
            if ranges.entries?.isEmpty == true {
                entry.value.remove("ipam")
            } else {
                entry.value.set("ipam", to: ranges)
            }
        }
        return entry
    }

    private func withoutAddress(_ entry: YAMLEntry) -> YAMLEntry {
        var entry = entry
        for key in ["ipv4_address", "ipv6_address"] where entry.value[key] != nil { entry.value.remove(key) }
        return entry
    }
}
