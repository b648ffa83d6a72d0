import Base
import HostInterfaces
import ManifestModel
import State
import YAML

/// The section `compose` → service nodes: those of the files, with what entries of `services` add.
struct AdoptionReader {
    private let declaration: ComposeDeclaration
    private let location: SourceLocation
    private var additions: [String: ServiceDeclaration] = [:]
    /// Names that have a definition of their own in `services`, which stands in the files' place.
    private let replaced: Set<String>

    /// The nodes; `entries` are those of `services` without a definition of their own.
    static func nodes(
        adding entries: [ServiceDeclaration], replacing: Set<String>, _ reading: inout Reading
    ) -> [any ServiceNode] {
        guard let section = reading.manifest.section("compose"), section.entries != nil else { return [] }
        var reader = AdoptionReader(
            declaration: ComposeDeclaration(Fields(section)), location: section.location, replaced: replacing)
        for entry in entries { reader.additions[entry.name] = entry }
        return reader.nodes(&reading)
    }

    private init(declaration: ComposeDeclaration, location: SourceLocation, replaced: Set<String>) {
        self.declaration = declaration
        self.location = location
        self.replaced = replaced
    }

    private func nodes(_ reading: inout Reading) -> [any ServiceNode] {
        guard let request = request(&reading) else { return [] }
        let project = ComposeProjectReader.read(request, host: reading.host)
        let repositories = project.missing.compactMap { repository(holding: $0, reading) }
        if !repositories.isEmpty, repositories.count == project.missing.count {
            return pending(repositories, &reading)
        }
        reading.diagnostics.add(contentsOf: project.problems)
        if request.instance != nil { for note in InstanceNotes(project: project).all { reading.diagnostics.add(note) } }
        for path in project.missing {
            reading.report(
                "no-file", "the compose file \(path.relative(to: reading.manifest.root)) is not there",
                at: declaration.files.first?.location ?? location)
        }
        guard project.missing.isEmpty, !project.problems.hasErrors else { return [] }
        checkNames(declaration.services, project, &reading)
        checkNames(
            additions.values.sorted { $0.location < $1.location }.map {
                Text(literal: $0.name, location: $0.location)
            }, project, &reading)
        let chosen = chosen(of: project)
        checkSelected(chosen.map(\.name), project, &reading)
        let names = chosen.map(\.name)
        let adopted = AdoptedProject(
            request, project, names: names, profiles: declaration.profiles.map(\.source), host: reading.host)
        let completing = Set(
            project.services.flatMap { $0.value.composeDependencies }
                .filter { $0.condition == "service_completed_successfully" }.map(\.name))
        return chosen.map { name, labels in
            node(name, labels: labels, adopted, isAwaited: completing.contains(name), &reading)
        }
    }

    /// The repository that will bring the file once it is cloned.
    private func repository(holding path: Path, _ reading: Reading) -> String? {
        reading.checkouts.first { path.isInside($0.place) && !reading.host.files.exists($0.place) }?.name
    }

    /// Before the clone only names are known: those that the manifest itself has.
    private func pending(_ repositories: [String], _ reading: inout Reading) -> [any ServiceNode] {
        let needs = Set(repositories).sorted()
        reading.diagnostics.add(
            Diagnostic(
                .note, code: "known-later",
                "the services of 'compose.files' are known once \(needs.joined(separator: ", ")) is cloned",
                at: declaration.files.first?.location ?? location,
                suggestion: "those that others refer to before have to stand in 'compose.services'"))
        var names: [String] = []
        for name in declaration.services.map(\.source) + additions.keys.sorted() where !names.contains(name) {
            names.append(name)
        }
        // One stands for all of them, so that a plan shows that there is more.
        if names.isEmpty { names = ["compose"] }
        return names.filter { !replaced.contains($0) }.map { name in
            PendingService(
                name: name, common: additions[name]?.common ?? CommonKeys(),
                location: additions[name]?.location ?? location, repositories: needs)
        }
    }

    private func request(_ reading: inout Reading) -> ComposeProjectRequest? {
        var isKnown = true
        func paths(_ texts: [Text], _ reading: inout Reading) -> [Path] {
            texts.compactMap { text in
                if let literal = text.literal {
                    return reading.path(
                        reading.manifest.folder(stating: text.location).appending(Path(literal)).text)
                }
                reading.report(
                    "not-yet-known", "the path '\(text.source)' must be known before anything runs", at: text.location)
                isKnown = false
                return nil
            }
        }
        let files = paths(declaration.files, &reading)
        let environmentFiles = paths(declaration.environmentFiles, &reading)
        guard isKnown, !files.isEmpty else { return nil }
        let root = reading.manifest.root
        return ComposeProjectRequest(
            files: files, environmentFiles: environmentFiles, name: declaration.project?.literal,
            folderName: files[0].parent == root ? reading.manifest.folderName : nil,
            instance: reading.manifest.instance.map { name in
                AdoptedInstance(
                    name: name, file: WorkspaceFolder(root: root).path / "instances" / name / "adopted.yaml")
            })
    }

    private func checkNames(_ names: [Text], _ project: ComposeProject, _ reading: inout Reading) {
        for name in names where project.services[name.source] == nil {
            let near = TextDistance.nearest(to: name.source, among: project.services.keys)
            reading.report(
                "unknown-service", "the compose files have no service '\(name.source)'", at: name.location,
                suggestion: near.map { "did you mean '\($0)'?" }
                    ?? "to define it here, give it one of 'use', 'compose' and 'native'")
        }
    }

    private func checkSelected(_ names: [String], _ project: ComposeProject, _ reading: inout Reading) {
        for addition in additions.values.sorted(by: { $0.location < $1.location })
        where project.services[addition.name] != nil && !names.contains(addition.name) {
            reading.report(
                "not-selected", "'\(addition.name)' is not among 'compose.services', nor does one of them need it",
                at: addition.location, suggestion: "add it there, or drop the entry")
        }
    }

    /// The services that become nodes, each with the labels that hold it back here.
    private func chosen(of project: ComposeProject) -> [(name: String, labels: [String])] {
        let stated = Set(declaration.services.map(\.source))
        let names = stated.isEmpty ? project.services.keys : project.closure(of: stated)
        return names.filter { !replaced.contains($0) }.map { name in
            // Naming a service is enough for Compose too.
            (name, stated.contains(name) ? [] : project.services[name]?.composeProfiles ?? [])
        }
    }

    private func node(
        _ name: String, labels: [String], _ adopted: AdoptedProject, isAwaited: Bool, _ reading: inout Reading
    ) -> ContainerService {
        let definition = adopted.initial.services[name] ?? .mapping([YAMLEntry]())
        let addition = additions[name]
        let ports = AdoptedPorts.read(definition, in: adopted.initial)
        if let addition { check(addition, ports, &reading) }
        let place = addition?.location ?? declaration.files.first?.location ?? location
        return ContainerService(
            name: name,
            common: CommonKeys(
                addition?.common, standardLabels: labels.map { Text(literal: $0, location: place) }),
            location: place, definition: definition, ports: ports.map(\.port),
            exports: ContainerService.standardExports(
                for: ports.map(\.port), service: name, scheme: ports.first.flatMap { AdoptedPorts.scheme(of: $0.port) }),
            engine: .standard, hostAddress: Text(literal: ports.first?.address ?? "0.0.0.0", location: place),
            secrets: [], files: [],
            adoptedVolume: nil, check: addition?.health?.check, healthCommand: addition?.health?.check?.command,
            healthTimeout: addition?.health?.timeout
                ?? (isAwaited ? CallLimit.download : ContainerService.defaultTimeout),
            inputs: addition?.inputs ?? [], furtherTexts: furtherTexts(addition), ownTemplate: nil,
            statesCompose: false, adopted: adopted, isAwaited: isAwaited)
    }

    private func furtherTexts(_ addition: ServiceDeclaration?) -> [Text] {
        var texts = addition?.inputs ?? []
        if case .http(_, let path) = addition?.health?.check { texts.append(path) }
        return texts
    }

    /// The files say what it is; an entry here adds to that.
    private func check(
        _ addition: ServiceDeclaration, _ ports: [AdoptedPorts.Published], _ reading: inout Reading
    ) {
        var stated: [(String, SourceLocation)] = []
        if let text = addition.port { stated.append(("port", text.location)) }
        if let port = addition.ports.first { stated.append(("ports", port.location)) }
        if let volume = addition.volume { stated.append(("volume", volume.location)) }
        if let with = addition.with.first { stated.append(("with", with.location)) }
        if let restart = addition.restartLocation { stated.append(("restart", restart)) }
        if let address = addition.hostAddress { stated.append(("host_ip", address.location)) }
        if let engine = addition.engine {
            reading.report(
                "conflicting-keys",
                "'\(addition.name)' comes from a compose file, whose services live on the engine of 'defaults.engine'",
                at: engine.location, suggestion: "drop 'engine', or define the service here")
        }
        for (key, place) in stated {
            reading.report(
                "conflicting-keys", "'\(addition.name)' comes from a compose file, which says its '\(key)'", at: place,
                suggestion: "change it there")
        }
        var wanted: String?
        switch addition.health?.check {
        case .tcp(let port): wanted = port
        case .http(let port, _): wanted = port ?? ""
        default: return
        }
        guard let wanted, let place = addition.health?.location else { return }
        if !ports.contains(where: { $0.port.transport == .tcp && (wanted.isEmpty || $0.port.name == wanted) }) {
            reading.report(
                "no-port", "'\(addition.name)' publishes no port\(wanted.isEmpty ? "" : " '\(wanted)'") to be asked",
                at: place,
                suggestion: ports.isEmpty
                    ? "use 'health: {command: …}'" : "its ports: \(ports.map(\.port.name).joined(separator: ", "))")
        }
    }
}
