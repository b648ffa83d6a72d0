public import Base
public import Execution
public import ManifestModel

/// Every node that the manifest declares, selected or not, and the questions nodes ask about each other.
public struct Workspace: Sendable {
    private let contents: WorkspaceContents
    /// What each node waits for, told apart once: edges are asked for by the check for cycles, the selection, the plan.
    /// By name, as `sorted`.
    private(set) var edges: [[Edge]] = []
    /// All nodes, by name, with what they wait for in the order of their edges.
    private(set) var graph = Graph<NodeID>([:])

    public var manifest: LoadedManifest { contents.manifest }
    public var nodes: [NodeID: any WorkspaceNode] { contents.nodes }
    /// In the order of the manifest.
    public var order: [NodeID] { contents.order }
    /// By name.
    var sorted: [any WorkspaceNode] { contents.sorted }
    /// Which kind a reference's namespace asks.
    var namespaces: [String: String] { contents.namespaces }
    /// Labels of the nodes that have some.
    var labels: [NodeID: [String]] { contents.labels }
    /// Required tools and packages: each step and each service asks them whether they count for it.
    var gates: [any GatingTool] { contents.gates }

    public var root: Path { manifest.root }
    public var name: String { manifest.name }
    /// The set-up that is meant; nil for the one without a name.
    public var instance: String? { manifest.instance }
    /// The name of its Compose project: containers, volumes and networks have it.
    public var project: String { manifest.project }

    /// The first of two nodes with the same id stays; the kinds report such a thing themselves.
    init(manifest: LoadedManifest, nodes: [any WorkspaceNode], namespaces: [String: String]) {
        contents = WorkspaceContents(manifest: manifest, nodes: nodes, namespaces: namespaces)
        // One copy for all nodes, and not one each.
        let made = self
        let edges = made.sorted.map { made.edges(of: $0) }
        graph = Graph(sorted: made.sorted.map(\.id)) { edges[$0].lazy.map(\.need) }
        self.edges = edges
    }

    /// What a node waits for; nothing where it is not here.
    func edges(of id: NodeID) -> [Edge] { graph.position(of: id).map { edges[$0] } ?? [] }

    /// The node of a kind with that name.
    public func node(_ kind: String, _ name: String) -> (any WorkspaceNode)? { nodes[NodeID(kind, name)] }

    public func nodes(of kind: String) -> [any WorkspaceNode] {
        (contents.byKind[kind] ?? []).compactMap { nodes[$0] }
    }

    /// The repository that holds an absolute path, the innermost one.
    public func repository(containing path: Path) -> NodeID? {
        contents.repositories.first { path.isInside($0.place) }?.id
    }

    /// Nodes of a kind whose place is inside a repository, or outside all of them.
    public func nodes(of kind: String, inRepository repository: NodeID?) -> [NodeID] {
        (repository.map { contents.byRepository[$0] ?? [:] } ?? contents.outside)[kind] ?? []
    }

    /// Nodes, other than repositories, that make or own exactly this path.
    public func nodes(at place: Path) -> [NodeID] { contents.byPlace[place] ?? [] }

    /// The node of that id, or the only one of that name.
    func known(_ name: String) -> NodeID? {
        if let id = NodeID(name), nodes[id] != nil { return id }
        guard let matches = contents.byName[name], matches.count == 1 else { return nil }
        return matches[0]
    }

    /// The same, with words for the case that there is none. They take time: the nearest name is looked for.
    public func find(_ name: String, suggesting: Bool = true) -> Result<NodeID, NameError> {
        if let id = known(name) { return .success(id) }
        let matches = contents.byName[name] ?? []
        if matches.count > 1 { return .failure(.ambiguous(name, matches.sorted())) }
        guard suggesting else { return .failure(.unknown(name, near: nil)) }
        let near =
            name.contains(":")
            ? TextDistance.nearest(to: name, among: order.map(\.description))
            : TextDistance.nearest(to: name, among: contents.byName.keys)
        return .failure(.unknown(name, near: near))
    }

    /// Nodes that a target names: an id, or all nodes of that name.
    public func targets(named name: String) -> Result<[NodeID], NameError> {
        if let id = NodeID(name), nodes[id] != nil { return .success([id]) }
        if let matches = contents.byName[name], !matches.isEmpty { return .success(matches.sorted()) }
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
