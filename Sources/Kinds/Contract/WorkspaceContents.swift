import Base
import Execution
import ManifestModel

/// The nodes of a workspace and the ways to find them. A class, because a workspace is handed from call to call, and a
/// copy of all these tables for each look at a node would cost more than the look.
final class WorkspaceContents: Sendable {
    let manifest: LoadedManifest
    let nodes: [NodeID: any WorkspaceNode]
    /// In the order of the manifest.
    let order: [NodeID]
    /// By name, each once.
    let sorted: [any WorkspaceNode]
    let byName: [String: [NodeID]]
    let byKind: [String: [NodeID]]
    let byPlace: [Path: [NodeID]]
    /// Nodes inside each repository, and those outside all of them, by kind.
    let byRepository: [NodeID: [String: [NodeID]]]
    let outside: [String: [NodeID]]
    let repositories: [(place: Path, id: NodeID)]
    /// Which kind a reference's namespace asks.
    let namespaces: [String: String]
    /// Labels of the nodes that have some.
    let labels: [NodeID: [String]]
    /// Required tools and packages: each step and each service asks them whether they count for it.
    let gates: [any GatingTool]

    /// The first of two nodes with the same id stays; the kinds report such a thing themselves.
    init(manifest: LoadedManifest, nodes: [any WorkspaceNode], namespaces: [String: String]) {
        self.manifest = manifest
        let order = nodes.map(\.id)
        var known = [NodeID: any WorkspaceNode](minimumCapacity: nodes.count)
        var places: [Int] = []
        places.reserveCapacity(nodes.count)
        for (place, id) in order.enumerated() where known[id] == nil {
            known[id] = nodes[place]
            places.append(place)
        }
        places.sort { order[$0] < order[$1] }
        self.nodes = known
        self.order = order
        sorted = places.map { nodes[$0] }
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
    }
}
