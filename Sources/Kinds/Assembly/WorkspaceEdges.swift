import Execution
import ManifestModel

extension Workspace {
    /// What a node waits for: written needs first, then what follows from what it is.
    func edges(of node: any WorkspaceNode) -> [Edge] {
        var edges: [Edge] = []
        for need in node.common.needs {
            if case .success(let id) = find(need.source), id != node.id {
                edges.append(Edge(id, "written in needs", isWritten: true))
            }
        }
        var known = Set(edges.map(\.need))
        for edge in node.edges(in: self) where edge.need != node.id && nodes[edge.need] != nil {
            if known.insert(edge.need).inserted { edges.append(edge) }
        }
        // An address may hold a secret of its service (`services.db.url`): the address is known early, the secret
        // only when it is done.
        for service in referred(by: node.texts) where service.kind == ServiceKind.name && service != node.id {
            for secret in secrets(of: service) where known.insert(secret).inserted {
                edges.append(Edge(secret, "\(service) that it refers to uses the secret"))
            }
        }
        return edges
    }

    /// The secrets that a node's own texts refer to.
    func secrets(of id: NodeID) -> [NodeID] {
        referred(by: nodes[id]?.texts ?? []).filter { $0.kind == SecretKind.name }
    }
}
