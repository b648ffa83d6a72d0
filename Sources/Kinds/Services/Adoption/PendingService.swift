import Base
public import Execution
import HostInterfaces
import ManifestModel

/// A service of an existing Compose file that a repository brings which is not cloned yet: a name, and what it waits for.
struct PendingService: ServiceNode {
    let name: String
    let common: CommonKeys
    let location: SourceLocation
    let repositories: [String]

    var id: NodeID { NodeID("service", name) }
    var ports: [ServicePort] { [] }
    var exports: [(name: String, text: Template)] { [] }
    var hostAddress: Text? { nil }
    var livesOn: EngineName? { .standard }
    var internalHost: String { name }
    var texts: [Text] { [] }
    var defaultSeconds: Double { 5 }

    func edges(in workspace: Workspace) -> [Edge] {
        repositories.map { Edge(NodeID("repo", $0), "its compose file is in the repository", isWritten: true) }
    }

    /// It has values, but nobody knows them yet.
    func value(of path: [String], in values: Values, scope: Scope) -> Lookup { .later }

    func isRunning(_ context: NodeContext) async -> Bool? { nil }

    func assess(_ context: NodeContext) async -> Assessment {
        let needs = repositories.joined(separator: ", ")
        if context.isPlanning { return .unknown("known after \(needs) is cloned") }
        return .blocked(
            NodeFailure(
                .prerequisite, "what '\(name)' is, is known only now that \(needs) is cloned",
                remedy: "run devinit up again"))
    }

    func run(_ assessment: Assessment, _ context: NodeContext) async throws(NodeFailure) {}
}

extension Workspace {
    /// Repositories that have to be cloned before the graph is known; and whether one of the nodes is only a name so far.
    public func repositoriesToKnow(for chosen: some Collection<NodeID>) -> [NodeID] {
        let pending = chosen.compactMap { nodes[$0] as? PendingService }
        return Set(pending.flatMap(\.repositories)).sorted().map { NodeID("repo", $0) }
    }
}
