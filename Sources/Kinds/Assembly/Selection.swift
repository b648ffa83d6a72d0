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

        let chosen = choose(named, labels, workspace)
        var nodes: [ExecutionNode] = []
        nodes.reserveCapacity(chosen.count)
        for (place, node) in workspace.sorted.enumerated() where chosen[place] {
            let (expectedSeconds, failedLastTime) = history(node)
            nodes.append(
                ExecutionNode(
                    node.id, edges: workspace.edges[place], pool: node.pool, locks: node.locks,
                    expectedSeconds: expectedSeconds, failedLastTime: failedLastTime))
        }
        do throws(CycleError) {
            if nodes.count == chosen.count { return try ExecutionGraph(nodes, in: workspace.graph) }
            return try ExecutionGraph(nodes)
        } catch {
            throw Diagnostics([Diagnostic(code: "cycle", "these wait for each other: \(error)")])
        }
    }

    /// Which of the nodes, by name, are in.
    private func choose(_ named: [NodeID], _ labels: Set<String>, _ workspace: Workspace) -> [Bool] {
        let isSelected = workspace.sorted.map { node in
            guard !workspace.labels.isEmpty, let own = workspace.labels[node.id] else { return true }
            return own.contains(where: labels.contains) || node.isSwitchedOn(isAsked: !profiles.isEmpty)
        }
        var open = named.compactMap { workspace.graph.position(of: $0) }
        if targets.isEmpty {
            open = isSelected.indices.filter { place in
                isSelected[place] && !workspace.sorted[place].isManual && !workspace.sorted[place].isOnDemand
            }
        }
        var chosen = Array(repeating: false, count: isSelected.count)
        // A named target brings all it needs; else an inferred edge does not select what was left out.
        while let place = open.popLast() {
            if chosen[place] { continue }
            chosen[place] = true
            for (edge, need) in zip(workspace.edges[place], workspace.graph.needs(at: place))
            where edge.isWritten || !targets.isEmpty || isSelected[need] {
                open.append(need)
            }
        }
        if only.isEmpty && skip.isEmpty { return chosen }
        for place in chosen.indices where chosen[place] {
            let id = workspace.sorted[place].id
            chosen[place] =
                (only.isEmpty || only.contains { id.matches($0) }) && !skip.contains { id.matches($0) }
        }
        return chosen
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
