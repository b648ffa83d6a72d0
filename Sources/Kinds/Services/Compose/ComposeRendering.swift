import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State
import YAML

/// A service as it is written into the generated file, and what else it takes.
struct RenderedService: Sendable {
    var name: String
    /// The Compose service, with nothing left to look up but secrets, which are variables of the call.
    var node: YAMLNode
    /// Variables that hold secrets, each with the text that gives it.
    var secretVariables: [String: Text] = [:]
    /// SHA-256 of all that makes the container what it is, secrets not resolved.
    var hash = ""
    var volumes: [String] = []
    var networks: [String] = []
    /// The volume that was there before, and which of the service's volumes it stands for.
    var adopted: (key: String, name: String)?
}

/// Turns services into Compose services.
struct ComposeRendering {
    static let hashLabel = "dev.devinit.definition"
    static let workspaceLabel = "dev.devinit.workspace"
    static let inputsLabel = "dev.devinit.inputs"

    let workspace: Workspace
    let values: Values
    let host: Host

    /// Fails when something that the definition refers to has no value yet.
    func render(_ service: ContainerService) throws(NodeFailure) -> RenderedService {
        var rendered = RenderedService(name: service.name, node: service.definition)
        let scope = workspace.opaqueScope(values)
        rendered.node = try resolve(service.definition, scope, &rendered)
        // Paths are from the root; the generated file lies elsewhere.
        rendered.node = rendered.node.withPaths(from: workspace.root)
        leaveOutOthers(of: service, &rendered.node)
        completeHealth(&rendered.node)
        try addPorts(of: service, scope, &rendered.node)
        addMounts(of: service, &rendered.node)
        rendered.volumes = rendered.node.namedVolumes
        rendered.networks = rendered.node.namedNetworks
        if let adopted = service.adoptedVolume, let key = rendered.volumes.first {
            rendered.adopted = (key, try workspace.resolve(adopted, values).text)
        }
        rendered.hash = hash(of: rendered, service)
        addLabels(&rendered)
        return rendered
    }

    /// The folder of a service's secret files; outside the workspace, so that cleaning it loses none in use.
    func secretFolder(of service: String) -> Path {
        let folder = StateFolder(host: host, workspaceRoot: workspace.root).path
        return (workspace.instance.map { folder / "instances" / $0 } ?? folder) / "services" / service
    }

    /// The folder of a service's other files.
    func fileFolder(of service: String) -> Path {
        workspace.serviceFolder / "services" / service
    }

    /// A file's name for a path in a container.
    static func fileName(for path: String) -> String {
        Path(path).segments.joined(separator: "_")
    }

    private func resolve(
        _ node: YAMLNode, _ scope: Scope, _ rendered: inout RenderedService
    ) throws(NodeFailure) -> YAMLNode {
        switch node.value {
        case .mapping(let entries):
            var resolved: [YAMLEntry] = []
            for var entry in entries {
                entry.value = try resolve(entry.value, scope, &rendered)
                resolved.append(entry)
            }
            return .mapping(resolved, at: node.location)
        case .sequence(let items):
            var resolved: [YAMLNode] = []
            for item in items { resolved.append(try resolve(item, scope, &rendered)) }
            return .sequence(resolved, at: node.location)
        case .scalar(let scalar):
            guard scalar.text.utf8.contains(UInt8(ascii: "$")), let text = node.interpolated else { return node }
            return try resolve(text, scalar, scope, &rendered)
        case .reset: return node
        }
    }

    private func resolve(
        _ text: Text, _ scalar: YAMLScalar, _ scope: Scope, _ rendered: inout RenderedService
    ) throws(NodeFailure) -> YAMLNode {
        let result: Substituted
        do throws(SubstitutionError) {
            result = try text.template.substituting(scope)
        } catch {
            throw NodeFailure(.prerequisite, "\(text.location): \(error.message)")
        }
        if result.isSecret {
            let sum = host.digests.sha256(Array(text.source.utf8)).prefix(8)
            let variable = "DEVINIT_SECRET_\(sum)".uppercased()
            rendered.secretVariables[variable] = text
            return .text("${\(variable)-}", at: text.location)
        }
        guard let value = result.text else {
            let open = result.template.references.map(\.description).joined(separator: ", ")
            throw NodeFailure(.prerequisite, "\(text.location): \(open) has no value yet")
        }
        let isNumber = scalar.isPlain && Int(value).map { String($0) == value } == true
        return isNumber ? .plain(value, at: text.location) : .text(ComposeRendering.escaped(value), at: text.location)
    }

    /// Each `$` doubled: Compose reads the file with its own interpolation.
    static func escaped(_ text: String) -> String {
        text.split(separator: "$", omittingEmptySubsequences: false).joined(separator: "$$")
    }

    /// Compose refuses to wait for a service that its file does not have: one on another engine, of an existing file, or
    /// without a container. The order is devinit's own, over all of them.
    private func leaveOutOthers(of service: ContainerService, _ node: inout YAMLNode) {
        guard let needed = node["depends_on"] else { return }
        let here = Set(workspace.containerServices(on: service.engine).map(\.name))
        // A name that nobody has stays, so that Compose says so.
        func isElsewhere(_ name: String?) -> Bool {
            name.map { !here.contains($0) && workspace.node(ServiceKind.name, $0) != nil } ?? false
        }
        let isEmpty: Bool
        if let items = needed.items {
            let left = items.filter { !isElsewhere($0.text) }
            node.set("depends_on", to: .sequence(left, at: needed.location))
            isEmpty = left.isEmpty
        } else {
            let left = (needed.entries ?? []).filter { !isElsewhere($0.key) }
            node.set("depends_on", to: .mapping(left, at: needed.location))
            isEmpty = left.isEmpty
        }
        if isEmpty { node.remove("depends_on") }
    }

    /// A check without times of its own is asked often enough that nobody waits for it, and gets two minutes.
    private func completeHealth(_ node: inout YAMLNode) {
        guard var check = node["healthcheck"], check["test"] != nil else { return }
        for (key, standard) in [("interval", "2s"), ("timeout", "10s"), ("start_period", "2m")]
        where check[key] == nil {
            check.set(key, to: .text(standard))
        }
        if check["retries"] == nil { check.set("retries", to: .integer(5)) }
        node.set("healthcheck", to: check)
    }

    private func addPorts(
        of service: ContainerService, _ scope: Scope, _ node: inout YAMLNode
    ) throws(NodeFailure) {
        guard !service.ports.isEmpty else { return }
        let address = try service.hostAddress.map { (text) throws(NodeFailure) in
            try workspace.resolve(text, values).text
        }
        var published: [YAMLNode] = []
        for port in service.ports {
            guard case .value(let text) = service.value(of: ["ports", port.name], in: values, scope: scope),
                let outside = Int(text)
            else {
                throw NodeFailure(.prerequisite, "port '\(port.name)' of '\(service.name)' has no number")
            }
            var inside = text
            if case .value(let number) = service.inside(port, values, scope) { inside = number }
            let host = address ?? "127.0.0.1"
            let shown = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
            let transport = port.transport == .udp ? "/udp" : ""
            published.append(.text("\(shown):\(outside):\(inside)\(transport)"))
        }
        node.set("ports", to: .sequence(published))
    }

    private func addMounts(of service: ContainerService, _ node: inout YAMLNode) {
        if SentFiles.areNeeded(for: service, values) { return }
        var mounts = node["volumes"]?.items ?? []
        func mount(_ source: Path, _ target: String) {
            mounts.append(
                .mapping([
                    "type": .text("bind"), "source": .text(ComposeRendering.escaped(source.text)),
                    "target": .text(target), "read_only": .bool(true),
                ]))
        }
        for (name, _) in service.secrets {
            mount(secretFolder(of: service.name) / name, "/run/secrets/\(name)")
        }
        for (path, _) in service.files {
            mount(fileFolder(of: service.name) / ComposeRendering.fileName(for: path), path)
        }
        if !mounts.isEmpty { node.set("volumes", to: .sequence(mounts)) }
    }

    private func hash(of rendered: RenderedService, _ service: ContainerService) -> String {
        var bytes = Array(YAMLWriter.write(rendered.node).utf8)
        if let adopted = rendered.adopted { bytes += Array("volume \(adopted.name)\n".utf8) }
        for (path, text) in service.files { bytes += Array("file \(path)\n\(text)\n".utf8) }
        for (name, text) in service.secrets { bytes += Array("secret \(name) \(text.source)\n".utf8) }
        for (variable, text) in rendered.secretVariables.sorted(by: { $0.key < $1.key }) {
            bytes += Array("variable \(variable) \(text.source)\n".utf8)
        }
        return String(host.digests.sha256(bytes).prefix(32))
    }

    /// A keyed hash of what reaches the container from outside its definition: the content of env files and inputs,
    /// the values of secrets, looked up in `scope`. Nil when there is nothing such, or when it can't be told yet.
    func inputs(
        of rendered: RenderedService, _ service: ContainerService, _ parts: RunParts, scope: Scope
    ) -> String? {
        guard let key = parts.keyedHash else { return nil }
        var found: [String] = []
        for item in rendered.node["env_file"]?.items ?? [] {
            guard let path = (item["path"] ?? item).text, let hash = parts.hashes.hash(of: Path(path)) else {
                return nil
            }
            found.append(hash)
        }
        if !service.inputs.isEmpty {
            found += InputFiles(service.inputs, folder: workspace.root).hashes(workspace, values, host, parts.hashes)
        }
        let secretTexts = rendered.secretVariables.sorted { $0.key < $1.key }.map(\.value) + service.secrets.map(\.text)
        for text in secretTexts where !workspace.secrets(behind: [text]).isEmpty {
            guard let value = try? text.template.substituting(scope).text else { return nil }
            found.append(value)
        }
        guard !found.isEmpty else { return nil }
        let joined = found.map { "\($0.utf8.count):\($0)" }.joined()
        return String(key.hash(joined, name: "service:\(service.name)").prefix(32))
    }

    private func addLabels(_ rendered: inout RenderedService) {
        var entries: [YAMLEntry] = []
        if let labels = rendered.node["labels"] {
            entries = labels.entries ?? []
            for text in labels.items?.compactMap(\.text) ?? [] {
                let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                entries.append(
                    YAMLEntry(
                        key: String(parts[0]), keyLocation: labels.location,
                        value: .text(parts.count > 1 ? String(parts[1]) : "")))
            }
        }
        var labels = YAMLNode.mapping(entries)
        labels.set(Self.workspaceLabel, to: .text(ComposeRendering.escaped(workspace.root.text)))
        labels.set(Self.hashLabel, to: .text(rendered.hash))
        rendered.node.set("labels", to: labels)
    }
}
