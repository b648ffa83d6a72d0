public import Base
public import Execution
import ManifestModel

/// What of the workspace a command is about.
public struct Selection: Sendable {
    /// Nodes named on the command line, each with what it needs; empty: all.
    public var targets: [String] = []
    /// `--profile`; empty: what `profiles.default` says.
    public var profiles: [String] = []
    /// Kinds or names; empty: all.
    public var only: [String] = []
    public var skip: [String] = []

    public init() {}
}

extension Selection {
    /// The chosen nodes as the scheduler takes them. Fails with every name that is wrong.
    public func graph(
        of workspace: Workspace,
        history: (any WorkspaceNode) -> (expectedSeconds: Double, failedLastTime: Bool)
    ) throws(Diagnostics) -> ExecutionGraph {
        var diagnostics = Diagnostics()
        let labels = activeLabels(workspace, &diagnostics)
        let named = namedNodes(workspace, &diagnostics)
        check(only + skip, workspace, &diagnostics)
        if diagnostics.hasErrors { throw diagnostics }

        func isSelected(_ id: NodeID) -> Bool {
            guard let own = workspace.labels[id] else { return true }
            return own.contains(where: labels.contains)
        }
        var chosen = Set<NodeID>(minimumCapacity: workspace.order.count)
        var open = named
        if targets.isEmpty {
            open = workspace.order.filter { id in
                guard let node = workspace.nodes[id], !node.isManual, !node.isOnDemand else { return false }
                return isSelected(id)
            }
        }
        // A named target brings all it needs; else an inferred edge does not select what was left out.
        while let id = open.popLast() {
            guard chosen.insert(id).inserted else { continue }
            for edge in workspace.edges[id] ?? []
            where edge.isWritten || !targets.isEmpty || isSelected(edge.need) {
                open.append(edge.need)
            }
        }
        if !only.isEmpty { chosen = chosen.filter { id in only.contains { id.matches($0) } } }
        if !skip.isEmpty { chosen = chosen.filter { id in !skip.contains { id.matches($0) } } }
        let nodes = workspace.sorted.compactMap { id -> ExecutionNode? in
            guard chosen.contains(id), let node = workspace.nodes[id] else { return nil }
            let (expectedSeconds, failedLastTime) = history(node)
            return ExecutionNode(
                id, edges: workspace.edges[id] ?? [], pool: node.pool, locks: node.locks,
                expectedSeconds: expectedSeconds, failedLastTime: failedLastTime)
        }
        do throws(CycleError) {
            return try ExecutionGraph(nodes)
        } catch {
            throw Diagnostics([Diagnostic(code: "cycle", "these wait for each other: \(error)")])
        }
    }

    private func activeLabels(_ workspace: Workspace, _ diagnostics: inout Diagnostics) -> Set<String> {
        let known = workspace.manifest.profiles
        let labels = Set(workspace.labels.values.joined())
        var active: Set<String> = []
        for name in profiles.isEmpty ? known["default"] ?? [] : profiles {
            if let own = known[name], name != "default" || !profiles.isEmpty {
                active.formUnion(own)
            } else if labels.contains(name) {
                active.insert(name)
            } else {
                let near = TextDistance.nearest(to: name, among: labels.union(known.keys))
                diagnostics.add(
                    Diagnostic(
                        code: "unknown-profile", "there is no profile or label '\(name)'",
                        suggestion: near.map { "did you mean '\($0)'?" }))
            }
        }
        return active
    }

    private func namedNodes(_ workspace: Workspace, _ diagnostics: inout Diagnostics) -> [NodeID] {
        targets.flatMap { target -> [NodeID] in
            switch workspace.targets(named: target) {
            case .success(let ids): return ids
            case .failure(let error):
                diagnostics.add(Diagnostic(code: "unknown-node", error.message, suggestion: error.suggestion))
                return []
            }
        }
    }

    private func check(_ words: [String], _ workspace: Workspace, _ diagnostics: inout Diagnostics) {
        let kinds = Registry.kinds.map { $0.name }
        for word in words where !workspace.order.contains(where: { $0.matches(word) }) && !kinds.contains(word) {
            let near = TextDistance.nearest(to: word, among: kinds + workspace.order.map(\.name))
            diagnostics.add(
                Diagnostic(
                    code: "unknown-node", "'\(word)' is neither a kind of node nor the name of one",
                    suggestion: near.map { "did you mean '\($0)'?" }))
        }
    }
}

extension NodeID {
    /// Whether a word of `--only` and `--skip` means this node: its kind, name or id.
    func matches(_ word: String) -> Bool { word == kind || word == kind + "s" || word == name || word == description }
}
