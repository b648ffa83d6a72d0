public import Base
public import HostInterfaces
import Versions
import YAML

/// From a file on disk to a checked tree. Every problem is reported in one pass; only what makes going on
/// senseless ends it early.
public struct ManifestLoader: Sendable {
    private let host: Host
    private let shape: ManifestShape
    /// Answers to the questions of `vars`, by name.
    private let answers: [String: String]
    /// This devinit's version, for the manifest's `devinit`.
    private let programVersion: String
    /// Which set-up a workspace's root stands for.
    private let instance: @Sendable (Path) -> WorkspaceInstance

    public init(
        host: Host, shape: ManifestShape, programVersion: String, answers: [String: String] = [:],
        instance: @escaping @Sendable (Path) -> WorkspaceInstance = { _ in .main }
    ) {
        self.instance = instance
        self.host = host
        self.shape = shape
        self.programVersion = programVersion
        self.answers = answers
    }

    /// Loads the manifest at an absolute path.
    public func load(_ file: Path) -> LoadedManifest {
        var reader = ManifestReader(host: host, shape: shape)
        let merged = reader.read(file).map {
            reader.mayHold("!") ? Merging.withoutResets($0, as: .object(shape.object)) : $0
        }
        var manifest = LoadedManifest(
            file: file, root: file.parent, name: Self.fittingName(file.parent.name),
            tree: merged ?? .mapping([YAMLEntry](), at: SourceLocation(file: file.name, line: 1, column: 1)),
            sources: reader.sources, diagnostics: reader.diagnostics, questions: [])
        place(&manifest)
        guard merged != nil else { return manifest }
        let variables = Variables(host: host, answers: answers, base: baseLookup(manifest))
        var resolved = variables.resolve(manifest.tree["vars"])
        manifest.diagnostics.add(contentsOf: resolved.diagnostics)
        manifest.questions = resolved.questions
        manifest.variables = resolved.values.compactMapValues { if case .value(let value) = $0 { value } else { nil } }
        let base = baseLookup(manifest)
        let namespaces = shape.namespaces
        let values = resolved.values
        let environment = host.environment
        let builtIn = ["os": host.machine.operatingSystem, "arch": host.machine.architecture]
        let known = Set(values.keys).union(builtIn.keys)
        var interpolating = Interpolating(
            scope: Scope(
                variable: { name in
                    if let value = values[name] { return value }
                    if let value = builtIn[name] ?? environment[name] { return .value(value) }
                    return known.contains(name) ? .later : .missing
                },
                reference: { reference in
                    if let value = base(reference) { return value }
                    if namespaces.contains(reference.namespace) { return .later }
                    let near = TextDistance.nearest(to: reference.namespace, among: namespaces)
                    return .failure(
                        .unknown(
                            "\(reference): nothing is called '\(reference.namespace)'"
                                + (near.map { "; did you mean '\($0)'?" } ?? "")))
                }))
        resolved.diagnostics = Diagnostics()
        // `vars` are values themselves and were resolved above; most sections hold nothing to look up.
        if reader.mayHold("$") {
            manifest.tree = manifest.tree.with(
                .mapping(
                    (manifest.tree.entries ?? []).map { entry in
                        entry.key == "vars" || !entry.value.contains(where: Interpolating.mayChange)
                            ? entry
                            : entry.with(
                                interpolating.apply(to: entry.value, as: .object(shape.object).child(entry.key)))
                    }))
        }
        manifest.diagnostics.add(contentsOf: interpolating.diagnostics)
        check(&manifest)
        return manifest
    }

    /// Name and root, which other values may refer to.
    private func place(_ manifest: inout LoadedManifest) {
        let fields = Fields(manifest.tree)
        if let root = fields[ManifestShape.root]?.source {
            manifest.root = manifest.file.parent.appending(Path(root)).normalized
        }
        let instance = instance(manifest.root)
        manifest.instance = instance.name
        manifest.mainFolderName = instance.folderName
        manifest.repository = instance.repository
        manifest.name = Self.fittingName(manifest.folderName)
        if let name = fields[ManifestShape.workspace] {
            manifest.name = name.source
            if Self.fittingName(name.source) != name.source {
                manifest.diagnostics.add(
                    Diagnostic(
                        code: "bad-name",
                        "'\(name.source)' can't be a workspace's name: small letters, digits, _ and -, not _ or - first",
                        at: name.location, suggestion: "write '\(Self.fittingName(name.source))'"))
            }
        }
        if let version = fields[ManifestShape.version], version != 1 {
            manifest.diagnostics.add(
                Diagnostic(
                    code: "newer-version",
                    "this manifest is written in version \(version) of the language; this devinit reads version 1",
                    at: fields.location(of: ManifestShape.version),
                    suggestion: version > 1 ? "install a newer devinit" : "write 'version: 1'"))
        }
    }

    private func check(_ manifest: inout LoadedManifest) {
        var checking = Checking()
        checking.check(manifest.tree, as: .object(shape.object), title: .words("the manifest"))
        manifest.diagnostics.add(contentsOf: checking.diagnostics)
        manifest.diagnostics.add(contentsOf: Diagnostics(checking.later))
        guard let wanted = Fields(manifest.tree)[ManifestShape.devinit], let text = wanted.literal,
            let range = try? VersionRange(parsing: text), let own = Version(strict: programVersion)
        else { return }
        if !range.contains(own) {
            manifest.diagnostics.add(
                Diagnostic(
                    code: "other-devinit", "this manifest wants devinit \(text), and this is \(programVersion)",
                    at: wanted.location, suggestion: "install a devinit of that range"))
        }
    }

    /// What is known of the workspace itself.
    private func baseLookup(_ manifest: LoadedManifest) -> @Sendable (Reference) -> Lookup? {
        let known = [
            "workspace.name": manifest.name, "workspace.root": manifest.root.text,
            "workspace.instance": manifest.instance ?? "", "manifest.dir": manifest.file.parent.text,
        ]
        return { reference in
            guard reference.namespace == "workspace" || reference.namespace == "manifest" else { return nil }
            if let value = known[reference.description] { return .value(value) }
            let near = TextDistance.nearest(to: reference.description, among: known.keys)
            return .failure(
                .unknown("\(reference): there is no such value" + (near.map { "; did you mean '\($0)'?" } ?? "")))
        }
    }

    /// A folder's name made to fit `[a-z0-9][a-z0-9_-]*`.
    public static func fittingName(_ name: String) -> String {
        var fitting = ""
        for scalar in name.lowercased().unicodeScalars {
            let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
            if isPlain || ((scalar == "_" || scalar == "-") && !fitting.isEmpty) {
                fitting.unicodeScalars.append(scalar)
            } else if !fitting.isEmpty {
                fitting.append("-")
            }
        }
        while fitting.hasSuffix("-") { fitting.removeLast() }
        return fitting.isEmpty ? "workspace" : fitting
    }
}
