import Base
import Execution
import Git
import HostInterfaces
import ManifestModel

/// A repository of the workspace.
struct RepositoryNode: WorkspaceNode {
    let entry: RepositoryEntry
    let checkoutPlace: RepositoryPlace
    /// The workspace's folder.
    let root: Path

    init(_ entry: RepositoryEntry, _ place: RepositoryPlace, root: Path) {
        self.entry = entry
        checkoutPlace = place
        self.root = root
    }

    var id: NodeID { NodeID(RepositoryKind.name, entry.name) }
    var common: CommonKeys { entry.common }
    var location: SourceLocation { entry.location }
    var place: Path? { checkoutPlace.path }
    var texts: [Text] { entry.texts }
    var pool: Pool { .network }
    var defaultSeconds: Double { 5 }

    /// What its own texts refer to, and the repository around it: that one must be whole first, since nothing is
    /// cloned into a folder that holds something.
    func edges(in workspace: Workspace) -> [Edge] {
        var edges = workspace.referred(by: texts).map { Edge($0, "its address refers to it") }
        let folder = checkoutPlace.path.parent
        if let outer = workspace.repository(containing: folder), outer != id {
            edges.append(Edge(outer, "lies inside the repository"))
        }
        return edges
    }

    func value(of path: [String], in values: Values) -> Lookup {
        if path == ["path"] { return .value(checkoutPlace.path.text) }
        return .failure(
            .unknown(
                path.isEmpty
                    ? "repos.\(entry.name) is no value itself; write repos.\(entry.name).path"
                    : "repos.\(entry.name).\(path.joined(separator: ".")): a repository has 'path' only"))
    }

    /// The address in full. A folder is seen from the workspace's root, as every path of this section.
    func address(_ text: Text, _ context: NodeContext) throws(NodeFailure) -> String {
        absolute(try context.resolve(text).text)
    }

    /// The address as far as it is known without asking for a secret: enough to tell repositories apart, since a
    /// login makes no difference there.
    func knownAddress(_ context: NodeContext) -> String? {
        if let literal = entry.url.literal { return absolute(literal) }
        let scope = context.workspace.scope(context.values)
        let known = Scope(
            variable: scope.variable,
            reference: { reference in reference.namespace == "secrets" ? .value("x") : scope.reference(reference) })
        return (try? entry.url.template.substituting(known))?.text.map(absolute)
    }

    /// The address for people: a login that stands in it is hidden, what comes from a secret stays a reference.
    var shownAddress: String { RepositoryAddress.masked(entry.url.source) }

    private func absolute(_ text: String) -> String {
        text.hasPrefix("./") || text.hasPrefix("../") ? root.appending(Path(text)).normalized.text : text
    }
}
