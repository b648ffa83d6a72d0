public import Base
public import Execution
public import ManifestModel

/// Every node that the manifest declares, selected or not, and the questions nodes ask about each other.
public struct Workspace: Sendable {
    public let manifest: LoadedManifest
    public let nodes: [NodeID: any WorkspaceNode]
    /// In the order of the manifest.
    public let order: [NodeID]
    private let byName: [String: [NodeID]]
    private let byKind: [String: [NodeID]]
    private let byPlace: [Path: [NodeID]]
    /// Nodes inside each repository, and those outside all of them, by kind.
    private let byRepository: [NodeID: [String: [NodeID]]]
    private let outside: [String: [NodeID]]
    private let repositories: [(place: Path, id: NodeID)]
    /// Which kind a reference's namespace asks.
    let namespaces: [String: String]
    /// What each node waits for, told apart once: edges are asked for by the check for cycles, the selection, the plan.
    private(set) var edges: [NodeID: [Edge]] = [:]
    /// Labels of the nodes that have some.
    let labels: [NodeID: [String]]
    /// Required tools and packages: each step and each service asks them whether they count for it.
    let gates: [any GatingTool]

    public var root: Path { manifest.root }
    public var name: String { manifest.name }

    /// The first of two nodes with the same id stays; the kinds report such a thing themselves.
    init(manifest: LoadedManifest, nodes: [any WorkspaceNode], namespaces: [String: String]) {
        self.manifest = manifest
        self.nodes = Dictionary(nodes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        order = nodes.map(\.id)
        byName = Dictionary(grouping: order, by: \.name)
        byKind = Dictionary(grouping: order, by: \.kind)
        let repositories: [(place: Path, id: NodeID)] = nodes.compactMap { node in
            node.id.kind == "repo" ? node.place.map { ($0, node.id) } : nil
        }.sorted { $0.0.text.utf8.count > $1.0.text.utf8.count }
        self.repositories = repositories
        gates = nodes.compactMap(\.gatingTool)
        var labels: [NodeID: [String]] = [:]
        for node in nodes {
            let own = node.common.labels
            if !own.isEmpty { labels[node.id] = own.map(\.source) }
        }
        self.labels = labels
        self.namespaces = namespaces
        var byPlace: [Path: [NodeID]] = [:]
        var byRepository: [NodeID: [String: [NodeID]]] = [:]
        var outside: [String: [NodeID]] = [:]
        for node in nodes {
            guard let place = node.place, node.id.kind != "repo" else { continue }
            let repository = repositories.first { place.isInside($0.place) }?.id
            byPlace[place, default: []].append(node.id)
            if let repository {
                byRepository[repository, default: [:]][node.id.kind, default: []].append(node.id)
            } else {
                outside[node.id.kind, default: []].append(node.id)
            }
        }
        self.byPlace = byPlace
        self.byRepository = byRepository
        self.outside = outside
        // One copy for all nodes, and not one each.
        let made = self
        edges = made.nodes.mapValues { made.edges(of: $0) }
    }

    /// The node of a kind with that name.
    public func node(_ kind: String, _ name: String) -> (any WorkspaceNode)? { nodes[NodeID(kind, name)] }

    public func nodes(of kind: String) -> [any WorkspaceNode] {
        (byKind[kind] ?? []).compactMap { nodes[$0] }
    }

    /// The repository that holds an absolute path, the innermost one.
    public func repository(containing path: Path) -> NodeID? {
        repositories.first { path.isInside($0.place) }?.id
    }

    /// Nodes of a kind whose place is inside a repository, or outside all of them.
    public func nodes(of kind: String, inRepository repository: NodeID?) -> [NodeID] {
        (repository.map { byRepository[$0] ?? [:] } ?? outside)[kind] ?? []
    }

    /// Nodes, other than repositories, that make or own exactly this path.
    public func nodes(at place: Path) -> [NodeID] { byPlace[place] ?? [] }

    /// The node of that id, or the only one of that name.
    func known(_ name: String) -> NodeID? {
        if let id = NodeID(name), nodes[id] != nil { return id }
        guard let matches = byName[name], matches.count == 1 else { return nil }
        return matches[0]
    }

    /// The same, with words for the case that there is none. They take time: the nearest name is looked for.
    public func find(_ name: String, suggesting: Bool = true) -> Result<NodeID, NameError> {
        if let id = known(name) { return .success(id) }
        let matches = byName[name] ?? []
        if matches.count > 1 { return .failure(.ambiguous(name, matches.sorted())) }
        guard suggesting else { return .failure(.unknown(name, near: nil)) }
        let near =
            name.contains(":")
            ? TextDistance.nearest(to: name, among: order.map(\.description))
            : TextDistance.nearest(to: name, among: byName.keys)
        return .failure(.unknown(name, near: near))
    }

    /// Nodes that a target names: an id, or all nodes of that name.
    public func targets(named name: String) -> Result<[NodeID], NameError> {
        if let id = NodeID(name), nodes[id] != nil { return .success([id]) }
        if let matches = byName[name], !matches.isEmpty { return .success(matches.sorted()) }
        switch find(name) {
        case .success(let id): return .success([id])
        case .failure(let error): return .failure(error)
        }
    }

    /// Nodes to which a text refers, each once.
    public func referred(by texts: [Text]) -> [NodeID] {
        var seen: Set<NodeID> = []
        return texts.flatMap(\.references).compactMap { reference in
            guard reference.path.count > 1, let kind = namespaces[reference.namespace] else { return nil }
            let id = NodeID(kind, reference.path[1])
            return nodes[id] != nil && seen.insert(id).inserted ? id : nil
        }
    }
}

/// A name that names no node, or several.
public enum NameError: Error, Hashable, Sendable {
    case unknown(String, near: String?)
    case ambiguous(String, [NodeID])

    public var message: String {
        switch self {
        case .unknown(let name, _): "there is no node '\(name)'"
        case .ambiguous(let name, let ids):
            "'\(name)' may be \(ids.map(\.description).joined(separator: " or ")); write the id"
        }
    }

    public var suggestion: String? {
        if case .unknown(_, let near?) = self { "did you mean '\(near)'?" } else { nil }
    }
}
