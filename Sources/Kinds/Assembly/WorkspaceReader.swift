import YAML
public import Base
import Catalog
public import HostInterfaces
public import ManifestModel
import Execution
import Secrets

/// From a loaded manifest to its nodes, with every problem that can be told without looking at the machine.
public enum WorkspaceReader {
    public static func read(_ manifest: LoadedManifest, host: Host) -> (workspace: Workspace, diagnostics: Diagnostics)
    {
        var reading = Reading(manifest: manifest, host: host, templates: TemplateLibrary(host: host))
        var nodes: [any WorkspaceNode] = []
        for kind in Registry.kinds { nodes += kind.nodes(&reading) }
        for kind in Registry.kinds { nodes += kind.implied(by: nodes, &reading) }
        let workspace = Workspace(manifest: manifest, nodes: nodes, namespaces: Registry.namespaces)
        var diagnostics = manifest.diagnostics
        diagnostics.add(contentsOf: reading.diagnostics)
        let manual = Set(nodes.filter(\.isManual).map(\.id))
        for node in nodes {
            checkNeeds(of: node, in: workspace, manual, &diagnostics)
            checkReferences(of: node, in: workspace, &diagnostics)
            for problem in node.problems(in: workspace) { diagnostics.add(problem) }
        }
        if let message = manifest.message { check(message, in: workspace, &diagnostics) }
        checkLabels(workspace, &diagnostics)
        checkCycles(workspace, &diagnostics)
        return (workspace, diagnostics)
    }

    private static func checkNeeds(
        of node: any WorkspaceNode, in workspace: Workspace, _ manual: Set<NodeID>,
        _ diagnostics: inout Diagnostics
    ) {
        for need in node.common.needs {
            // Nobody reads the hundredth suggestion, and each costs a look at all names.
            switch workspace.find(need.source, suggesting: diagnostics.all.count < 100) {
            case .success(let id):
                if manual.contains(id) {
                    diagnostics.add(
                        Diagnostic(
                            code: "needs-manual",
                            "\(node.id) needs \(id), which is manual and runs only when it is named", at: need.location,
                            suggestion: "drop 'manual' there, or the need here"))
                }
            case .failure(let error):
                diagnostics.add(
                    Diagnostic(code: "unknown-node", error.message, at: need.location, suggestion: error.suggestion))
            }
        }
    }

    private static func checkReferences(
        of node: any WorkspaceNode, in workspace: Workspace, _ diagnostics: inout Diagnostics
    ) {
        for text in node.texts { check(text, in: workspace, &diagnostics) }
    }

    /// Looks every reference up without any state: only names that can't be are reported.
    private static func check(_ text: Text, in workspace: Workspace, _ diagnostics: inout Diagnostics) {
        let references = text.references
        if references.isEmpty { return }
        let values = Values(mask: SecretMask())
        for reference in references {
            if case .failure(let kind) = workspace.lookup(reference, in: values), case .unknown(let message) = kind {
                diagnostics.add(Diagnostic(code: "unknown-reference", message, at: text.location))
            }
        }
    }

    /// Labels that `profiles` names must be somebody's.
    private static func checkLabels(_ workspace: Workspace, _ diagnostics: inout Diagnostics) {
        let labels = Set(workspace.labels.values.joined())
        for entry in workspace.manifest.section("profiles")?.entries ?? [] {
            let items = entry.value.items ?? [entry.value]
            for item in items {
                guard let label = item.text, !labels.contains(label), workspace.manifest.profiles[label] == nil else {
                    continue
                }
                let near = TextDistance.nearest(to: label, among: labels)
                diagnostics.add(
                    Diagnostic(
                        code: "unknown-label", "no node has the label '\(label)'", at: item.location,
                        suggestion: near.map { "did you mean '\($0)'?" }))
            }
        }
    }

    /// Every circle, each told once: a node belongs to the first one in which it was found.
    private static func checkCycles(_ workspace: Workspace, _ diagnostics: inout Diagnostics) {
        var graph = workspace.graph
        var ids = workspace.sorted.map(\.id)
        while let cycle = graph.cycle {
            diagnostics.add(
                Diagnostic(
                    code: "cycle", "these wait for each other: \(CycleError(nodes: cycle))",
                    at: cycle.first.flatMap { workspace.nodes[$0]?.location }, suggestion: "drop one of the needs"))
            ids.removeAll(where: cycle.contains)
            graph = Graph(sorted: ids) { workspace.edges(of: ids[$0]).lazy.map(\.need) }
        }
    }
}
