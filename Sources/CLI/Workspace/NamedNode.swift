import Execution
import Kinds

extension OpenedWorkspace {
    /// The one node that a word names, by its id or its name.
    func node(named name: String) throws(CommandFailure) -> NodeID {
        let ids: [NodeID]
        switch workspace.targets(named: name) {
        case .success(let found): ids = found
        case .failure(let error):
            throw CommandFailure(.usage, code: "unknown-node", error.message, suggestion: error.suggestion)
        }
        guard let id = ids.first, ids.count == 1 else {
            throw CommandFailure(
                .usage, code: "ambiguous", "'\(name)' may be \(ids.map(\.description).joined(separator: " or "))",
                suggestion: "write the id")
        }
        return id
    }

    /// The same where a service is meant; a name that a service shares with others is the service's.
    func service(named name: String) throws(CommandFailure) -> NodeID {
        if workspace.node("service", name) != nil { return NodeID("service", name) }
        let id = try node(named: name)
        guard id.kind == "service" else {
            throw CommandFailure(.usage, code: "unknown-node", "\(id) is no service")
        }
        return id
    }
}
