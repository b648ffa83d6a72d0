import Base
import HostInterfaces
import ManifestModel
import YAML

/// Reads Compose files as the Compose specification says: interpolation, `include`, `extends`, several files merged.
///
/// The engine's own `config` starts a program and fails while an env file is missing that devinit is about to write.
/// So what the graph needs is read here, and `config` is asked when something starts.
struct ComposeProjectReader {
    private let host: Host
    private let request: ComposeProjectRequest
    private var project = ComposeProject(name: "")
    /// What is being read, for circles.
    private var open: [String] = []

    private static let depthLimit = 50

    static func read(_ request: ComposeProjectRequest, host: Host) -> ComposeProject {
        var reader = ComposeProjectReader(host: host, request: request)
        reader.readAll()
        return reader.project
    }

    private init(host: Host, request: ComposeProjectRequest) {
        self.host = host
        self.request = request
    }

    private mutating func readAll() {
        var variables = ComposeVariables(host.environment)
        let files =
            request.environmentFiles.isEmpty ? [request.folder / ".env"] : request.environmentFiles
        variables.add(files, to: &project, host: host)
        var model = ComposeMerging.withoutMarks(merged(request.files, folder: request.folder, variables))
        let stated =
            request.name ?? named(environmentName(variables)) ?? named(model["name"]?.text)
            ?? Self.fitting(request.folderName ?? request.folder.name)
        let name = request.instance?.name(for: stated) ?? stated
        if project.usesName, variables.values["COMPOSE_PROJECT_NAME"] != name {
            // Compose gives the files the name that it has settled on.
            var again = ComposeProject(name: name)
            again.sources = project.sources
            again.variableFiles = project.variableFiles
            project = again
            variables.setProjectName(name)
            model = ComposeMerging.withoutMarks(merged(request.files, folder: request.folder, variables))
        }
        project.name = name
        project.standardProfiles = (variables.values["COMPOSE_PROFILES"] ?? "").split(separator: ",").map {
            String($0.drop { $0 == " " })
        }
        for entry in model["services"]?.entries ?? [] where entry.value.entries != nil {
            project.services[entry.key] = entry.value
        }
        for entry in model.entries ?? [] where entry.key != "services" && entry.key != "name" {
            project.sections[entry.key] = entry.value
        }
    }

    /// A step of an instance that calls devinit hands on the name that already has the instance's part.
    private func environmentName(_ variables: ComposeVariables) -> String? {
        let name = variables.values["COMPOSE_PROJECT_NAME"]
        guard let name, let instance = request.instance, host.environment["DEVINIT_NODE"] != nil else { return name }
        let ending = instance.name(for: "")
        return name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : name
    }

    private func named(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }

    /// A folder's name as Compose makes a project's name of it.
    static func fitting(_ name: String) -> String {
        let kept = name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        return String(kept.drop { $0 == "-" || $0 == "_" })
    }

    // MARK: Files

    /// The files merged in order, their services complete, paths seen from `folder`.
    private mutating func merged(_ files: [Path], folder: Path, _ variables: ComposeVariables) -> YAMLNode {
        var model = YAMLNode.mapping([YAMLEntry]())
        for file in files { model = ComposeMerging.mergeFiles(model, with: complete(file, folder, variables)) }
        return model
    }

    /// One file with what it includes and extends.
    private mutating func complete(_ file: Path, _ folder: Path, _ variables: ComposeVariables) -> YAMLNode {
        guard enter(file.text, named: "include", at: nil) else { return .mapping([YAMLEntry]()) }
        defer { open.removeLast() }
        var model = YAMLNode.mapping([YAMLEntry]())
        for document in load(file, variables) {
            model = ComposeMerging.mergeFiles(model, with: complete(document, of: file, folder, variables))
        }
        return model
    }

    private mutating func complete(
        _ document: YAMLNode, of file: Path, _ folder: Path, _ variables: ComposeVariables
    ) -> YAMLNode {
        var root = document
        var model = YAMLNode.mapping([YAMLEntry]())
        for item in root["include"]?.items ?? [] {
            model = ComposeMerging.mergeFiles(model, with: included(item, folder, variables))
        }
        root.remove("include")
        let own = root["services"] ?? .mapping([YAMLEntry]())
        let services = (own.entries ?? []).map { entry in
            var service = entry.value
            if service.entries != nil { service = extended(entry, own, file, folder, variables) }
            return YAMLEntry(key: entry.key, keyLocation: entry.keyLocation, value: service)
        }
        root.set("services", to: .mapping(services, at: own.location))
        return ComposeMerging.mergeFiles(model, with: root)
    }

    private mutating func included(_ item: YAMLNode, _ folder: Path, _ variables: ComposeVariables) -> YAMLNode {
        let stated = item["path"] ?? item
        let files = (stated.items ?? [stated]).compactMap(\.text)
        if let remote = files.first(where: ComposePaths.isRemote) {
            project.problems.add(notHere(remote, at: item.location))
            return .mapping([YAMLEntry]())
        }
        let paths = files.map { folder.appending(Path($0)).normalized }
        guard let first = paths.first else { return .mapping([YAMLEntry]()) }
        let own = item["project_directory"]?.text.map { folder.appending(Path($0)).normalized } ?? first.parent
        var known = variables
        let stating = item["env_file"].map { ($0.items ?? [$0]).compactMap(\.text) } ?? []
        let environmentFiles = stating.map { folder.appending(Path($0)).normalized }
        known.add(environmentFiles.isEmpty ? [own / ".env"] : environmentFiles, to: &project, host: host)
        return merged(paths, folder: own, known)
    }

    /// What is on another machine: git, an image registry, http.
    private func notHere(_ place: String, at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            code: "remote-include", "'\(place)' is on another machine, and devinit fetches no compose files",
            at: location,
            suggestion:
                "let Compose resolve it once, 'docker compose -f \(request.files[0].name) config >resolved.yaml', "
                + "and name that file in 'compose.files'; or keep a copy of what it names beside the compose file")
    }

    /// The documents of a file; none where it can't be read.
    private mutating func load(_ file: Path, _ variables: ComposeVariables) -> [YAMLNode] {
        var bytes = project.sources[file]
        if bytes == nil { bytes = try? host.files.read(file, limit: 10 << 20) }
        guard let bytes else {
            if !project.missing.contains(file) { project.missing.append(file) }
            return []
        }
        project.sources[file] = bytes
        return ComposeDocuments.split(bytes).compactMap { bytes in
            let document = YAMLReader.examine(bytes, file: file.text, tags: .compose)
            for problem in document.diagnostics.all where problem.severity == .error { project.problems.add(problem) }
            return document.root.map { variables.expanding($0, &project) }
        }
    }

    // MARK: Extending

    /// A service with what it extends merged under it. Paths of one that another file brings are seen from that file.
    private mutating func extended(
        _ entry: YAMLEntry, _ siblings: YAMLNode, _ file: Path, _ base: Path,
        _ variables: ComposeVariables
    ) -> YAMLNode {
        var service = entry.value
        guard let extends = service["extends"] else { return service.withPaths(from: base) }
        service.remove("extends")
        service = service.withPaths(from: base)
        guard let name = extends.text ?? extends["service"]?.text,
            enter("\(file)#\(entry.key)", named: "extends", at: extends.location)
        else { return service }
        defer { open.removeLast() }
        var from = (file: file, services: siblings, base: base)
        if let other = extends["file"]?.text {
            if ComposePaths.isRemote(other) {
                project.problems.add(notHere(other, at: extends.location))
                return service
            }
            let path = base.appending(Path(other)).normalized
            let documents = load(path, variables)
            guard let first = documents.first else { return service }
            let root = documents.dropFirst().reduce(first) { ComposeMerging.mergeFiles($0, with: $1) }
            from = (path, root["services"] ?? .mapping([YAMLEntry]()), path.parent)
        }
        guard let parent = from.services.entry(name) else {
            project.problems.add(
                Diagnostic(
                    code: "unknown-service", "'\(entry.key)' extends '\(name)', which is not in \(from.file.name)",
                    at: extends.location))
            return service
        }
        let whole = extended(parent, from.services, from.file, from.base, variables)
        return ComposeMerging.mergeServices(whole, with: service)
    }

    private mutating func enter(_ what: String, named key: String, at location: SourceLocation?) -> Bool {
        guard !open.contains(what), open.count < Self.depthLimit else {
            project.problems.add(
                Diagnostic(
                    code: "cycle", "'\(key)' goes round in a circle: \((open + [what]).joined(separator: " → "))",
                    at: location))
            return false
        }
        open.append(what)
        return true
    }
}
