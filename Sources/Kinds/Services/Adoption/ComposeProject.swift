import Base
import YAML

/// Which files make a Compose project: what stands behind `-f`, `--env-file` and `-p`.
struct ComposeProjectRequest: Hashable, Sendable {
    /// Absolute, in the order in which they are merged; at least one.
    var files: [Path]
    /// Absolute; empty for the `.env` in the project's folder.
    var environmentFiles: [Path]
    /// Nil for what Compose would take.
    var name: String?
    /// What stands for the folder's name where the project is called by it; nil for that itself.
    var folderName: String?
    /// Nil for the set-up without a name.
    var instance: AdoptedInstance?

    /// From here relative paths are read (Compose's project directory).
    var folder: Path { files[0].parent }
}

/// A Compose project as its files say it: everything merged, extended, included and interpolated.
struct ComposeProject: Sendable {
    var name: String
    /// All services, also those that a profile holds back, paths absolute.
    var services = OrderedMap<String, YAMLNode>()
    /// The other sections by name: `volumes`, `networks`, `secrets`, `configs`.
    var sections: [String: YAMLNode] = [:]
    /// The profiles that Compose's own variable has switched on.
    var standardProfiles: [String] = []
    /// Every Compose file that was read, with what was in it.
    var sources = OrderedMap<Path, [UInt8]>()
    /// Every file with variables that was looked for; nil where there is none.
    var variableFiles = OrderedMap<Path, [UInt8]?>()
    /// Compose files that are not there.
    var missing: [Path] = []
    /// Whether a value depends on what the project is called.
    var usesName = false
    /// Values that hold variables, by their place: another file of variables would change them.
    var variableValues: Set<SourceLocation> = []
    var problems = Diagnostics()

    /// Env files without which Compose starts no service of these.
    func environmentFiles(of names: some Sequence<String>) -> [Path] {
        var paths: [Path] = []
        for name in names {
            let files = services[name]?["env_file"]
            for item in files?.items ?? files.map({ [$0] }) ?? [] where item["required"]?.bool != false {
                if let path = (item["path"] ?? item).text.map({ Path($0) }), !paths.contains(path) {
                    paths.append(path)
                }
            }
        }
        return paths
    }

    /// Those services and all that they depend on, in the order of the files.
    func closure(of names: some Sequence<String>) -> [String] {
        var seen: Set<String> = []
        var open = Array(names)
        while let name = open.popLast() {
            guard let service = services[name], seen.insert(name).inserted else { continue }
            open += service.composeDependencies.map(\.name)
        }
        return services.keys.filter(seen.contains)
    }
}

/// One service that another waits for.
struct ComposeDependency: Hashable, Sendable {
    var name: String
    /// `service_started`, `service_healthy` or `service_completed_successfully`.
    var condition = "service_started"
    /// False where it is waited for only when it is in.
    var isRequired = true
}

extension YAMLNode {
    /// The labels of a Compose service that hold it back.
    var composeProfiles: [String] {
        guard let node = self["profiles"] else { return [] }
        return (node.items ?? [node]).compactMap(\.text)
    }

    /// What a Compose service waits for: `depends_on`, and whose network, volumes or names it uses.
    var composeDependencies: [ComposeDependency] {
        var all: [ComposeDependency] = []
        func add(_ dependency: ComposeDependency) {
            if !all.contains(where: { $0.name == dependency.name }) { all.append(dependency) }
        }
        for item in self["depends_on"]?.items ?? [] { item.text.map { add(ComposeDependency(name: $0)) } }
        for entry in self["depends_on"]?.entries ?? [] {
            add(
                ComposeDependency(
                    name: entry.key, condition: entry.value["condition"]?.text ?? "service_started",
                    isRequired: entry.value["required"]?.bool ?? true))
        }
        for item in (self["links"]?.items ?? []) + (self["volumes_from"]?.items ?? []) {
            guard let text = item.text, !text.hasPrefix("container:") else { continue }
            add(ComposeDependency(name: String(text.split(separator: ":").first ?? "")))
        }
        for key in ["network_mode", "ipc", "pid"] {
            guard let text = self[key]?.text, text.hasPrefix("service:") else { continue }
            add(ComposeDependency(name: String(text.dropFirst("service:".count))))
        }
        return all
    }
}
