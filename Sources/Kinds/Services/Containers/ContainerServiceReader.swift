import Base
import Catalog
import ManifestModel
import YAML

/// From a declaration, its template and its `compose` to one container service.
enum ContainerServiceReader {
    static func read(_ declaration: ServiceDeclaration, _ reading: inout Reading) -> ContainerService? {
        var template: ServiceTemplate?
        if let use = declaration.use {
            guard let found = load(use, &reading) else { return nil }
            template = found
        } else if let (_, location, _) = declaration.with.first {
            reading.report("no-template", "'with' needs 'use': it holds a template's parameters", at: location)
        }
        let ports = ServicePort.all(of: declaration, template: template?.ports, &reading)
        let binding =
            template.map { TemplateBinding(declaration, $0.parameters, &reading) }
            ?? TemplateBinding(service: declaration.name)
        var definition = YAMLNode.mapping([YAMLEntry](), at: declaration.location)
        if let compose = template?.compose {
            definition = binding.bind(compose, &reading.diagnostics) ?? definition
            definition = definition.withVolumes(prefixed: declaration.name)
        }
        if let compose = declaration.compose {
            checkRawPorts(compose, declaration, &reading)
            definition = ComposeMerging.merge(definition, with: compose)
        }
        if definition["image"] == nil, definition["build"] == nil {
            reading.report(
                "missing-key", "service '\(declaration.name)' needs an 'image' or a 'build' in 'compose'",
                at: declaration.compose?.location ?? declaration.location)
        }
        for port in ports where port.container == nil {
            // What is known later, and what is no port at all, which was told already.
            if case .later = port.host { continue }
            if port.host == .fixed(0) { continue }
            reading.report(
                "no-container-port", "port '\(port.name)' of '\(declaration.name)' needs the container's own number",
                at: declaration.port?.location ?? declaration.location,
                suggestion: "write HOST:CONTAINER, or auto:CONTAINER")
        }
        let check = applyHealth(template?.health, declaration, ports, &definition, &reading)
        if let restart = declaration.restart { definition.set("restart", to: .text(restart)) }
        checkVolume(declaration, definition, &reading)
        return ContainerService(
            name: declaration.name, common: declaration.common, location: declaration.location,
            definition: definition, ports: ports,
            exports: exports(of: template, binding, ports, declaration, &reading),
            engine: EngineName(declaration, &reading), hostAddress: declaration.hostAddress,
            secrets: secrets(of: template, binding, declaration, &reading),
            files: template?.files ?? [], ensured: ensured(by: template, binding, declaration),
            adoptedVolume: declaration.volume, check: check,
            healthCommand: declaration.health?.check?.command,
            healthTimeout: declaration.health?.timeout ?? ContainerService.defaultTimeout,
            inputs: declaration.inputs, furtherTexts: furtherTexts(declaration), ownTemplate: template?.source,
            statesCompose: declaration.compose != nil, page: page(of: template, binding, declaration))
    }

    static func load(_ use: Text, _ reading: inout Reading) -> ServiceTemplate? {
        do throws(Diagnostic) {
            let folder = reading.manifest.folder(stating: use.location)
            let loaded = try reading.templates.load(use.source, of: "services", from: folder, at: use.location)
            let (template, diagnostics) = ServiceTemplateReader.read(loaded, name: use.source)
            reading.diagnostics.add(contentsOf: diagnostics)
            return diagnostics.hasErrors ? nil : template
        } catch {
            reading.diagnostics.add(error)
            return nil
        }
    }

    private static func ensured(
        by template: ServiceTemplate?, _ binding: TemplateBinding, _ declaration: ServiceDeclaration
    ) -> [EnsuredItems] {
        let environment = template?.compose?["environment"]?.entries ?? []
        return (template?.ensured ?? []).map { list, script in
            let location = declaration.with.first { $0.name == list }?.location ?? declaration.location
            return EnsuredItems(
                list: list, items: binding.items(of: list).map { Text(template: $0, location: location) },
                script: script,
                firstIsMade: declaration.compose == nil
                    && environment.contains { $0.value.text?.hasPrefix("${with.\(list).first") == true })
        }
    }

    /// The manifest's own, else the template's.
    static func page(
        of template: ServiceTemplate?, _ binding: TemplateBinding, _ declaration: ServiceDeclaration
    ) -> Text? {
        if let own = declaration.open { return own }
        guard let text = template?.page, let bound = try? binding.bind(text) else { return nil }
        return Text(template: bound, location: declaration.location)
    }

    private static func furtherTexts(_ declaration: ServiceDeclaration) -> [Text] {
        var texts = declaration.with.flatMap(\.values) + declaration.ports.map(\.value) + declaration.inputs
        if let port = declaration.port { texts.append(port) }
        if case .http(_, let path) = declaration.health?.check { texts.append(path) }
        return texts
    }

    /// The engine would publish them where devinit neither knows nor checks them.
    private static func checkRawPorts(
        _ compose: YAMLNode, _ declaration: ServiceDeclaration, _ reading: inout Reading
    ) {
        guard let entry = compose.entry("ports"), entry.value.items?.isEmpty == false else { return }
        reading.report(
            "raw-port", "ports of '\(declaration.name)' are published by devinit, not in 'compose'",
            at: entry.keyLocation,
            suggestion: "use 'port: HOST:CONTAINER', or 'ports: {NAME: HOST:CONTAINER}', beside 'compose'")
    }

    /// A command becomes the container's own check; the others are made from outside.
    private static func applyHealth(
        _ standard: HealthDeclaration?, _ declaration: ServiceDeclaration, _ ports: [ServicePort],
        _ definition: inout YAMLNode,
        _ reading: inout Reading
    ) -> HealthDeclaration.Check? {
        guard let health = declaration.health ?? standard, let check = health.check else { return nil }
        switch check {
        case .command(let command):
            let words: [String]
            switch command {
            case .shell(let text): words = ["CMD-SHELL", text]
            case .arguments(let arguments): words = ["CMD"] + arguments
            }
            // Commands are not interpolated: what they hold stands for itself.
            let test = YAMLNode.sequence(words.map { .text(Template(literal: $0).source) })
            definition.set("healthcheck", to: .mapping(["test": test]))
            return nil
        case .tcp(let port), .http(.some(let port), _):
            let isKnown = port.isEmpty || ports.contains { $0.name == port || $0.container.map(String.init) == port }
            if !isKnown {
                reading.report(
                    "unknown-port", "'\(declaration.name)' has no port '\(port)'", at: health.location,
                    suggestion: TextDistance.nearest(to: port, among: ports.map(\.name)).map { "did you mean '\($0)'?" }
                )
            }
        case .http(.none, _):
            if ports.isEmpty {
                reading.report(
                    "no-port", "an http check of '\(declaration.name)' needs a port", at: health.location,
                    suggestion: "state 'port'")
            }
        case .log: break
        }
        definition.remove("healthcheck")
        return check
    }

    private static func checkVolume(
        _ declaration: ServiceDeclaration, _ definition: YAMLNode, _ reading: inout Reading
    ) {
        guard let volume = declaration.volume, definition.namedVolumes.isEmpty else { return }
        reading.report(
            "no-volume", "'\(declaration.name)' has no named volume that '\(volume.source)' could stand for",
            at: volume.location)
    }

    static func exports(
        of template: ServiceTemplate?, _ binding: TemplateBinding, _ ports: [ServicePort],
        _ declaration: ServiceDeclaration, _ reading: inout Reading
    ) -> [(name: String, text: Template)] {
        guard let template else {
            return ContainerService.standardExports(for: ports, service: declaration.name)
        }
        var exports: [(name: String, text: Template)] = []
        for (name, text) in template.exports {
            let isURL = PercentEncoding.isURL(name)
            do throws(TemplateBinding.Failure) {
                // `url.{databases}` is one value for each item of the list.
                if let open = name.firstIndex(of: "{"), name.hasSuffix("}") {
                    let list = String(name[name.index(after: open)...].dropLast())
                    for item in binding.items(of: list) {
                        guard let word = item.literal, let bound = try binding.bind(text, item: item, encoding: isURL)
                        else { continue }
                        exports.append((name[..<open] + word, bound))
                    }
                } else if let bound = try binding.bind(text, encoding: isURL) {
                    exports.append((name, bound))
                }
            } catch {
                reading.report(
                    "bad-template", "export '\(name)' of \(template.name): \(error.message)", at: declaration.location)
            }
        }
        return exports
    }

    static func secrets(
        of template: ServiceTemplate?, _ binding: TemplateBinding, _ declaration: ServiceDeclaration,
        _ reading: inout Reading
    ) -> [(name: String, text: Text)] {
        (template?.secrets ?? []).compactMap { name, text in
            do throws(TemplateBinding.Failure) {
                return try binding.bind(text).map { (name, Text(template: $0, location: declaration.location)) }
            } catch {
                reading.report("bad-template", "secret '\(name)': \(error.message)", at: declaration.location)
                return nil
            }
        }
    }
}

extension YAMLNode {
    mutating func set(_ key: String, to node: YAMLNode) {
        var entries = entries ?? []
        let entry = YAMLEntry(key: key, keyLocation: node.location, value: node)
        if let index = entries.firstIndex(where: { $0.key == key }) {
            entries[index] = entry
        } else {
            entries.append(entry)
        }
        self = .mapping(entries, at: location)
    }

    mutating func remove(_ key: String) {
        self = .mapping((entries ?? []).filter { $0.key != key }, at: location)
    }

    /// The names of volumes that a Compose service mounts, each once, in order.
    var namedVolumes: [String] {
        var names: [String] = []
        for item in self["volumes"]?.items ?? [] {
            var name: String?
            if let entries = item.entries, !entries.isEmpty {
                if item["type"]?.text ?? "volume" == "volume" { name = item["source"]?.text }
            } else if let text = item.text, let source = ComposePaths.source(ofVolume: text),
                !ComposePaths.isPath(source)
            {
                name = source
            }
            if let name, !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The networks that a Compose service names.
    var namedNetworks: [String] {
        guard let networks = self["networks"] else { return [] }
        return networks.items?.compactMap(\.text) ?? (networks.entries ?? []).map(\.key)
    }

    /// A template's volumes belong to one service: `data` of `postgres` is `postgres-data`.
    func withVolumes(prefixed service: String) -> YAMLNode {
        guard let items = self["volumes"]?.items else { return self }
        let own = Set(namedVolumes)
        var node = self
        node.set(
            "volumes",
            to: .sequence(
                items.map { item in
                    guard let text = item.text, let source = ComposePaths.source(ofVolume: text), own.contains(source)
                    else {
                        guard var long = Optional(item), long.entries != nil, let source = item["source"]?.text,
                            own.contains(source)
                        else { return item }
                        long.set("source", to: .text("\(service)-\(source)", at: item.location))
                        return long
                    }
                    return .text("\(service)-\(text)", at: item.location)
                }))
        return node
    }
}
