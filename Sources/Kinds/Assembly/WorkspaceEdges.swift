import Base
import Execution
import ManifestModel

extension Path {
    /// An absolute glob's path up to its first segment with a wildcard: the place below which all that it finds lies.
    var beforeWildcards: Path {
        let wildcards: Set<Character> = ["*", "?", "[", "{"]
        let plain = segments.prefix { segment in !segment.contains(where: wildcards.contains) }
        return Path("/" + plain.joined(separator: "/")).normalized
    }
}

extension Workspace {
    /// What a node waits for: written needs first, then what follows from what it is.
    func edges(of node: any WorkspaceNode) -> [Edge] {
        var edges: [Edge] = []
        for need in node.common.needs {
            if let id = known(need.source), id != node.id {
                edges.append(Edge(id, "written in needs", isWritten: true))
            }
        }
        var known = Set(edges.map(\.need))
        for edge in node.edges(in: self) where edge.need != node.id && nodes[edge.need] != nil {
            if known.insert(edge.need).inserted { edges.append(edge) }
        }
        for edge in gates(of: node) where known.insert(edge.need).inserted { edges.append(edge) }
        // An address may hold a secret of its service (`services.db.url`): the address is known early, the secret
        // only when it is done.
        for service in referred(by: node.texts) where service.kind == ServiceKind.name && service != node.id {
            for secret in secrets(of: service) where known.insert(secret).inserted {
                edges.append(Edge(secret, "\(service) that it refers to uses the secret"))
            }
        }
        return edges
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
        guard let gated = node as? any GatedNode else { return [] }
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
