import Base
import Execution
import ManifestModel

extension StepNode: GatedNode {
    func gatedRepository(in workspace: Workspace) -> NodeID? { folder.repository(in: workspace) }

    /// manifest.md, "Inferred edges", the row of steps.
    func edges(in workspace: Workspace) -> [Edge] {
        var edges: [Edge] = []
        let repository = folder.repository(in: workspace)
        if let repository { edges.append(Edge(repository, "it runs in this repository")) }
        let where_ = repository == nil ? "outside all repositories, as the step" : "in the repository it runs in"
        for kind in ["env", "file"] {
            for id in workspace.nodes(of: kind, inRepository: repository) { edges.append(Edge(id, where_)) }
        }
        edges += serviceEdges(workspace)
        for text in declaration.inputSteps {
            if let id = NodeID(text.source) { edges.append(Edge(id, "its inputs name it")) }
        }
        let environment = declaration.environment.map(\.value) + (template?.parameters.flatMap(\.texts) ?? [])
        for id in workspace.referred(by: environment) {
            edges.append(Edge(id, "its env refers to it", isWritten: true))
        }
        var others = declaration.texts
        if !environment.isEmpty { others.removeAll(where: environment.contains) }
        for id in workspace.referred(by: others) where id.kind == "secret" || id.kind == "repo" {
            edges.append(Edge(id, "it refers to it", isWritten: true))
        }
        let place = folder.place(in: workspace)
        let read = declaration.environmentFiles + declaration.inputGlobs + [declaration.stdin].compactMap { $0 }
        for name in read.compactMap(\.literal) where name.first != "!" {
            edges += workspace.makers(ofFilesAt: place.appending(Path(name)))
        }
        edges += toolEdges
        return edges
    }

    private func serviceEdges(_ workspace: Workspace) -> [Edge] {
        var edges: [Edge] = []
        if let inside = declaration.inside, let service = inside.service.literal {
            let id = NodeID("service", service)
            if inside.start {
                edges.append(Edge(id, "it runs inside this service"))
            } else if let node = workspace.nodes[id] {
                // A container of its own: what the service waits for counts, the service itself need not run.
                edges += workspace.edges(of: node).map { Edge($0.need, "needed by \(id), beside which it runs") }
            }
        }
        if let service = declaration.dataService?.literal {
            edges.append(Edge(NodeID("service", service), "its record belongs to this service's data"))
        }
        if let service = template?.service?.literal {
            edges.append(Edge(NodeID("service", service), "its template works on this service"))
        }
        return edges
    }

    private var toolEdges: [Edge] {
        impliedTools.map { Edge(NodeID("tool", $0), "the template \(template?.name ?? "") uses it") }
    }

    func problems(in workspace: Workspace) -> [Diagnostic] {
        var problems: [Diagnostic] = []
        func check(_ text: Text?, _ key: String, needsData: Bool = false) {
            guard let text, let name = text.literal else { return }
            guard let node = workspace.node("service", name) else {
                let names = workspace.nodes(of: "service").map(\.id.name)
                let near = TextDistance.nearest(to: name, among: names)
                problems.append(
                    Diagnostic(
                        code: "unknown-service", "\(key): there is no service '\(name)'", at: text.location,
                        suggestion: near.map { "did you mean '\($0)'?" }
                            ?? (names.isEmpty ? nil : "known: \(names.joined(separator: ", "))")))
                return
            }
            guard needsData else { return }
            if (node as? any DataHolder)?.keepsData != true {
                problems.append(
                    Diagnostic(
                        code: "no-data", "\(key): the service '\(name)' keeps no data, it has no volume",
                        at: text.location))
            }
        }
        check(declaration.inside?.service, "inside")
        if case .per(let service) = declaration.once { check(service, "once.per", needsData: true) }
        // A template's `per` is the service of its parameter: that is where the manifest says it.
        if let service = template?.service, service.literal == declaration.per?.literal {
            check(service, "with.service", needsData: true)
        } else {
            check(declaration.per, "per", needsData: true)
            check(template?.service, "with.service")
        }
        for text in declaration.stops { check(text, "stops") }
        for text in declaration.restarts { check(text, "restarts") }
        for text in declaration.inputSteps {
            guard let id = NodeID(text.source), workspace.nodes[id] == nil else { continue }
            let near = TextDistance.nearest(to: id.name, among: workspace.nodes(of: "step").map(\.id.name))
            problems.append(
                Diagnostic(
                    code: "unknown-node", "inputs: there is no step '\(id.name)'", at: text.location,
                    suggestion: near.map { "did you mean 'step:\($0)'?" }))
        }
        return problems
    }
}
