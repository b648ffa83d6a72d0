import Base
import ManifestModel
import YAML

/// An entry of `services` as the manifest states it (manifest.md, "services").
struct ServiceDeclaration: Sendable {
    static let use = Key<Text>.literal("use", "A template: one that devinit brings, or the path of a file.")
    static let compose = Key<YAMLNode>.node(
        "compose", .anything(composed: true), "A Compose service, beside or instead of a template.")
    static let native = Key<YAMLNode>.node(
        "native", .either([.boolean, .object(NativeDeclaration.shape)]),
        "A process on this machine instead of a container; `true` beside `use`: that of the template.")
    static let with = Key<YAMLNode>.node(
        "with", .map(.list(.text)), "The template's parameters.")
    static let port = Key<Text>.text(
        "port", "The port on this machine: N, auto, HOST:CONTAINER or auto:CONTAINER, with /udp where it is no TCP.",
        format: .port)
    static let ports = Key<YAMLNode>.node(
        "ports", .map(.text(.port), names: .node), "Ports by name, where there are several.")
    static let volume = Key<Text>.text("volume", "A volume that is there already, to be used instead of a new one.")
    static let health = Key<Fields>.object("health", HealthDeclaration.shape, "What shows that it serves.")
    static let restart = Key<String>.choice(
        "restart", ["no", "always", "unless-stopped", "on-failure"], "When the engine starts it again by itself.",
        standard: "no")
    static let open = Key<Text>.text(
        "open", "The page that `open` shows: an address, a path on its first port, or a port's name.",
        standard: "the template's page")
    static let hostAddress = Key<Text>.text(
        "host_ip", "The address on which its ports are published.", standard: "127.0.0.1")
    static let engine = Key<Text>.text(
        "engine", "The container engine that it lives on: auto, docker, podman, or a Docker context.",
        standard: "that of 'defaults'")
    static let inputs = Key<[Text]>.texts(
        "inputs", "Files whose change restarts it: globs, from the root.")

    static let shape = ObjectShape(
        "a service",
        keys: [
            use.spec, compose.spec, native.spec, with.spec, port.spec, ports.spec, volume.spec, health.spec,
            restart.spec, open.spec, hostAddress.spec, engine.spec,
            inputs.spec,
        ] + CommonKeys.specs,
        // `compose` may stand beside `use`: it is merged over the template.
        slots: [["use", "native"], ["compose", "native"]], flags: ["native"], expand: expand)

    let name: String
    let location: SourceLocation
    let common: CommonKeys
    let use: Text?
    let compose: YAMLNode?
    let native: NativeDeclaration?
    /// The template's own process is chosen instead of its container.
    let isNativeOfTemplate: Bool
    let with: [(name: String, location: SourceLocation, values: [Text])]
    let port: Text?
    let ports: [(name: String, location: SourceLocation, value: Text)]
    let volume: Text?
    let health: HealthDeclaration?
    let restart: String?
    let restartLocation: SourceLocation?
    let hostAddress: Text?
    let engine: Text?
    let inputs: [Text]
    let open: Text?

    init(_ entry: YAMLEntry) {
        let fields = Fields(entry.value)
        name = entry.key
        location = entry.keyLocation
        common = CommonKeys(fields)
        use = fields[Self.use]
        compose = fields[Self.compose].flatMap { $0.entries == nil ? nil : $0 }
        let native = fields[Self.native]
        self.native = native.flatMap { $0.entries == nil ? nil : NativeDeclaration(Fields($0)) }
        isNativeOfTemplate = native?.bool ?? false
        with = (fields[Self.with]?.entries ?? []).map { entry in
            let items = entry.value.items ?? (entry.value.isAbsent ? [] : [entry.value])
            return (entry.key, entry.keyLocation, items.compactMap(\.interpolated))
        }
        port = fields[Self.port]
        ports = (fields[Self.ports]?.entries ?? []).compactMap { entry in
            entry.value.interpolated.map { (entry.key, entry.keyLocation, $0) }
        }
        volume = fields[Self.volume]
        health = fields[Self.health].map { HealthDeclaration($0) }
        restart = fields[Self.restart]
        restartLocation = restart == nil ? nil : fields.location(of: Self.restart)
        hostAddress = fields[Self.hostAddress]
        engine = fields[Self.engine]
        inputs = fields[Self.inputs] ?? []
        open = fields[Self.open]
    }

    /// `redis@7` means `{use: redis, with: {version: "7"}}`.
    private static func expand(_ node: YAMLNode) -> YAMLNode {
        if let use = node["use"], use.scalar?.text.contains("@") == true, node["with"]?["version"] == nil {
            // The same beside other keys.
            let short = expand(use)
            guard let version = short["with"]?["version"], let name = short["use"] else { return node }
            var node = node
            node.set("use", to: name)
            var with = node["with"] ?? .mapping([YAMLEntry](), at: use.location)
            with.set("version", to: version)
            node.set("with", to: with)
            return node
        }
        guard let text = node.scalar?.text, !node.isAbsent else { return node }
        let place = node.location
        func entry(_ key: String, _ value: YAMLNode) -> YAMLEntry {
            YAMLEntry(key: key, keyLocation: place, value: value)
        }
        guard let at = text.lastIndex(of: "@"), at != text.startIndex, text.index(after: at) != text.endIndex else {
            return .mapping([entry("use", node)], at: place)
        }
        let version = YAMLNode.text(String(text[text.index(after: at)...]), at: place)
        return .mapping(
            [
                entry("use", .text(String(text[..<at]), at: place)),
                entry("with", .mapping([entry("version", version)], at: place)),
            ], at: place)
    }
}

extension YAMLNode {
    /// A scalar as a text in which `${…}` counts; nil for anything else.
    var interpolated: Text? {
        guard let scalar, let template = try? Template(parsing: scalar.text) else { return nil }
        return Text(template: template, location: location)
    }
}
