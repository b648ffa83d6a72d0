import Base
import Execution
import ManifestModel

extension Path {
    /// An absolute glob's path up to its first segment with a wildcard: the place below which all that it finds lies.
    var beforeWildcards: Path {
        guard let wildcard = text.utf8.firstIndex(where: Self.isWildcard) else { return normalized }
        let slash = text[..<wildcard].utf8.lastIndex(of: UInt8(ascii: "/")) ?? text.startIndex
        return Path("/" + text[..<slash]).normalized
    }

    private static func isWildcard(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "{"): true
        default: false
        }
    }
}

extension Workspace {
    /// What a node waits for: written needs first, then what follows from what it is. Each other node once, and only
    /// such as are here.
    func edges(of node: any WorkspaceNode) -> [Edge] {
        var edges = EdgeGathering()
        let id = node.id
        for need in node.common.needs {
            if let need = known(need.source), need != id {
                edges.add(Edge(need, "written in needs", isWritten: true))
            }
        }
        for edge in node.edges(in: self) where edge.need != id && nodes[edge.need] != nil { edges.add(edge) }
        for edge in gates(of: node) { edges.add(edge) }
        // An address may hold a secret of its service (`services.db.url`): the address is known early, the secret
        // only when it is done.
        for service in referred(by: node.texts) where service.kind == ServiceKind.name && service != id {
            for secret in secrets(of: service) where secret != id {
                edges.add(Edge(secret, "\(service) that it refers to uses the secret"))
            }
            for edge in makersOfPorts(of: service) where edge.need != id { edges.add(edge) }
        }
        return edges.all
    }

    /// Edges to what makes a file that is read, or the files that a glob stands for: the env files and files at that
    /// path, and the repository that holds it.
    func makers(ofFilesAt path: Path) -> [Edge] {
        let place = path.beforeWildcards
        var edges = nodes(at: place).map { Edge($0, "it reads this file") }
        if let repository = repository(containing: place) {
            edges.append(Edge(repository, "it reads files of this repository"))
        }
        return edges
    }

    /// Required tools and packages gate every step and service (manifest specification, "requires, packages").
    private func gates(of node: any WorkspaceNode) -> [Edge] {
        guard !gates.isEmpty, let gated = node.gated else { return [] }
        let repository = gated.gatedRepository(in: self)
        return gates.filter { $0.gates(repository) }.map { gate in
            Edge(gate.id, gate.id.kind == ToolKind.name ? "a required tool" : "required packages")
        }
    }

    /// The secrets that a node's own texts refer to.
    func secrets(of id: NodeID) -> [NodeID] {
        referred(by: nodes[id]?.texts ?? []).filter { $0.kind == SecretKind.name }
    }
}

/// The edges of one node: of two to the same need the first one counts.
private struct EdgeGathering {
    private(set) var all: [Edge] = []
    /// What is needed, once there is so much that looking through all would take longer.
    private var known: Set<NodeID>?
    private static let few = 16

    mutating func add(_ edge: Edge) {
        if all.count < Self.few {
            if all.contains(where: { $0.need == edge.need }) { return }
        } else {
            if known == nil { known = Set(all.map(\.need)) }
            if known?.insert(edge.need).inserted == false { return }
        }
        all.append(edge)
    }
}
