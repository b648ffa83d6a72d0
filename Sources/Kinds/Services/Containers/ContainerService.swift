import Base
import Execution
import ManifestModel
import Trust
import YAML

/// A service that runs in a container.
struct ContainerService: ServiceNode {
    let name: String
    let common: CommonKeys
    let location: SourceLocation
    /// The Compose service, short of what devinit adds: template and `compose` merged, `${…}` still in its texts.
    let definition: YAMLNode
    let ports: [ServicePort]
    let exports: [(name: String, text: Template)]
    /// Where its container runs.
    let engine: EngineName
    let hostAddress: Text?
    /// What reaches the container as files for the owner alone, by their name under `/run/secrets`.
    let secrets: [(name: String, text: Text)]
    /// Other files from the template, by their path in the container.
    let files: [(path: String, text: String)]
    /// What the template makes inside it once it serves.
    var ensured: [EnsuredItems] = []
    /// A volume that was there before.
    let adoptedVolume: Text?
    /// A check from outside; nil where the container's own speaks.
    let check: HealthDeclaration.Check?
    /// The manifest's own command that runs in the container to tell whether it serves.
    let healthCommand: CommandText?
    let healthTimeout: Duration
    /// Files whose change makes the container anew, globs from the root.
    let inputs: [Text]
    /// Texts that count as references but stand in no definition: parameters, the check's path.
    let furtherTexts: [Text]
    /// A team's own template, which has to be approved.
    let ownTemplate: (path: Path, bytes: [UInt8])?
    let statesCompose: Bool
    var page: Text?
    /// The project of existing Compose files that it is part of; nil where devinit's own file describes it.
    var adopted: AdoptedProject?
    /// Whether another service starts only when this one has ended well.
    var isAwaited = false

    static let defaultTimeout = Duration.seconds(120)

    var id: NodeID { NodeID("service", name) }
    var livesOn: EngineName? { engine }
    var internalHost: String { name }
    var pool: Pool { .waiting }
    var defaultSeconds: Double { 5 }

    var texts: [Text] {
        // What an existing file says is Compose's to look up.
        if adopted != nil { return furtherTexts }
        var texts =
            furtherTexts + ensured.flatMap(\.items) + secrets.map(\.text)
            + exports.map { Text(template: $0.text, location: location) }
        definition.forEachText { texts.append($0) }
        return texts + [hostAddress, adoptedVolume, page].compactMap { $0 }
    }

    func edges(in workspace: Workspace) -> [Edge] {
        if let adopted { return edges(in: workspace, adopted) }
        var edges = workspace.secrets(behind: texts).map { Edge($0, "its definition uses the secret") }
        edges += workspace.referred(by: texts).filter { ["env", "file", "repo"].contains($0.kind) }
            .map { Edge($0, "its definition refers to it") }
        edges += readers(of: paths(in: workspace), in: workspace)
        for (name, _) in definition.dependencies where workspace.node("service", name) != nil {
            edges.append(Edge(NodeID("service", name), "depends_on", isWritten: true))
        }
        return edges
    }

    func executables(in workspace: Workspace) -> [ExecutableItem] {
        var items: [ExecutableItem] = []
        if let (path, bytes) = ownTemplate {
            items.append(
                ExecutableItem(
                    node: id.description, location: "in a container", what: "template \(path.name)",
                    text: String(decoding: bytes, as: UTF8.self)))
        }
        if let healthCommand {
            items.append(
                ExecutableItem(
                    node: id.description, location: "in a container", what: "health", text: healthCommand.approvalText))
        }
        if let adopted { items += executables(adopted, in: workspace) }
        if statesCompose || ownTemplate != nil {
            items.append(
                ExecutableItem(
                    node: id.description, location: "in a container", what: "compose",
                    text: YAMLWriter.write(definition)))
        }
        return items
    }

    /// Edges to what makes the files at those paths.
    func readers(of paths: [Path], in workspace: Workspace) -> [Edge] {
        var edges: [Edge] = []
        for path in paths {
            for kind in ["env", "file"] {
                for node in workspace.nodes(of: kind) {
                    guard let place = node.place else { continue }
                    if place == path || place.isInside(path) { edges.append(Edge(node.id, "it reads the file")) }
                }
            }
            if let repository = workspace.repository(containing: path) {
                edges.append(Edge(repository, "it builds from or mounts files of the repository"))
            }
        }
        return edges
    }

    /// The networks of the project that it is in, as the generated file calls them; one whose name refers to something
    /// is left to Compose.
    var networkNames: [String] {
        if definition["network_mode"] != nil { return [] }
        let named = definition.namedNetworks.filter { !$0.contains("$") }
        return named.isEmpty ? ["default"] : named
    }

    /// Whether its definition makes Compose ask a registry although the image is there.
    var mayPullAtStart: Bool {
        !["missing", "if_not_present", "never", "build"].contains(definition["pull_policy"]?.text ?? "missing")
    }

    /// Absolute paths on this machine that the definition names: mounts, env files, a build's context.
    func paths(in workspace: Workspace) -> [Path] {
        definition.localPaths.compactMap { text in
            guard let literal = text.literal, !literal.hasPrefix("~") else { return nil }
            return workspace.root.appending(Path(literal)).normalized
        }
    }
}

extension YAMLNode {
    /// Every scalar of the tree as a text with its place.
    func forEachText(_ body: (Text) -> Void) {
        switch value {
        case .mapping(let entries): for entry in entries { entry.value.forEachText(body) }
        case .sequence(let items): for item in items { item.forEachText(body) }
        case .scalar(let scalar) where scalar.text.utf8.contains(UInt8(ascii: "$")): interpolated.map(body)
        default: break
        }
    }

    /// `depends_on` of a Compose service: names with their conditions.
    var dependencies: [(name: String, condition: String)] {
        guard let node = self["depends_on"] else { return [] }
        if let items = node.items { return items.compactMap { $0.text.map { ($0, "service_started") } } }
        return (node.entries ?? []).map { ($0.key, $0.value["condition"]?.text ?? "service_started") }
    }

    /// Paths of this machine in a Compose service.
    var localPaths: [Text] {
        var texts: [Text] = []
        for item in self["volumes"]?.items ?? [] {
            if item["type"]?.text == "bind", let source = item["source"]?.interpolated { texts.append(source) }
            guard let text = item.text, let source = ComposePaths.source(ofVolume: text) else { continue }
            if ComposePaths.isPath(source) { texts.append(Text(literal: source, location: item.location)) }
        }
        if let files = self["env_file"] {
            for item in files.items ?? [files] { texts += [(item["path"] ?? item).interpolated].compactMap { $0 } }
        }
        if let build = self["build"], let context = (build["context"] ?? build).interpolated { texts.append(context) }
        return texts
    }
}

/// Paths in the short forms of the Compose specification ("volumes", short syntax).
enum ComposePaths {
    /// What stands before the first colon; nil for an anonymous volume.
    static func source(ofVolume text: String) -> String? {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else { return nil }
        return String(text[..<colon])
    }

    /// Whether a volume's source is a path and not the name of a volume.
    static func isPath(_ source: String) -> Bool {
        source.hasPrefix("/") || source.hasPrefix(".") || source.hasPrefix("~") || source.contains("/")
    }
}
