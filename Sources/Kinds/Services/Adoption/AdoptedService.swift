import Base
import Execution
import ManifestModel
import Trust
import YAML

/// What a service of an existing Compose file waits for, and what of it has to be approved.
extension ContainerService {
    func edges(in workspace: Workspace, _ adopted: AdoptedProject) -> [Edge] {
        var edges: [Edge] = []
        if definition["build"] == nil, let image = definition["image"]?.text,
            let builder = adopted.builder(of: image), workspace.node("service", builder) != nil,
            // One that the builder itself waits for is started first, as Compose would.
            !adopted.initial.closure(of: [builder]).contains(name)
        {
            edges.append(Edge(NodeID("service", builder), "it builds the image"))
        }
        for dependency in definition.composeDependencies where workspace.node("service", dependency.name) != nil {
            edges.append(
                Edge(NodeID("service", dependency.name), "depends_on", isWritten: dependency.isRequired))
        }
        // Compose reads them all before it starts one service, and starts none while one is missing.
        let project = adopted.initial
        let read = project.variableFiles.keys + project.environmentFiles(of: project.closure(of: adopted.names))
        for path in read {
            for id in workspace.nodes(at: path) where ["env", "file"].contains(id.kind) {
                edges.append(Edge(id, "Compose reads the file"))
            }
        }
        for path in project.sources.keys + read {
            if let repository = workspace.repository(containing: path) {
                edges.append(Edge(repository, "Compose reads files of the repository"))
            }
        }
        return edges + readers(of: paths(in: workspace), in: workspace)
    }

    /// Whether one of its Compose profiles is on already. Labels that the manifest gives it are the manifest's matter.
    func isSwitchedOn(isAsked: Bool) -> Bool {
        guard let adopted else { return false }
        let on = adopted.standardProfiles(isAsked: isAsked)
        if on.isEmpty { return false }
        let own = definition.composeProfiles
        return own == common.labels.map(\.source) && (on.contains("*") || own.contains(where: on.contains))
    }

    /// The Compose files as they stand, with the first of their services.
    func executables(_ adopted: AdoptedProject, in workspace: Workspace) -> [ExecutableItem] {
        guard adopted.names.first == name else { return [] }
        return adopted.initial.sources.map { path, bytes in
            ExecutableItem(
                node: "compose", location: "in a container", what: "file \(path.relative(to: workspace.root))",
                text: String(decoding: bytes, as: UTF8.self))
        }
    }

    /// The number of a port that a variable decides, as the files have it now.
    func portOfFiles(_ name: String) -> Int? {
        guard let project = adopted?.current, let definition = project.services[self.name] else { return nil }
        for item in definition["ports"]?.items ?? [] {
            for port in ComposePort(item)?.each ?? [] where AdoptedPorts.name(of: port) == name {
                return port.published.flatMap { Int($0) }
            }
        }
        return nil
    }

    /// Whether the file itself asks for none (`scale: 0`).
    var hasNoContainer: Bool {
        (definition["scale"] ?? definition["deploy"]?["replicas"])?.text == "0"
    }
}

extension Workspace {
    /// Variables by which a step's own call of Compose gets the files and the project: the generated ones where the
    /// standard engine has any, else the existing ones; none where there is neither.
    var composeVariables: [String: String] {
        if !containerServices(on: .standard).isEmpty {
            return ["COMPOSE_FILE": composeFile(.standard).text, "COMPOSE_PROJECT_NAME": project]
        }
        guard let adopted = adoptedProject else { return [:] }
        return [
            "COMPOSE_FILE": adopted.callFiles.map(\.text).joined(separator: ":"),
            "COMPOSE_PROJECT_NAME": adopted.name,
        ]
    }

    /// What writes the variables that decide a port of an existing Compose file: whoever refers to it waits for them.
    func makersOfPorts(of id: NodeID) -> [Edge] {
        guard let service = nodes[id] as? ContainerService, let adopted = service.adopted,
            service.ports.contains(where: { $0.host == .fromFiles })
        else { return [] }
        return adopted.initial.variableFiles.keys.flatMap { nodes(at: $0) }
            .map { Edge($0, "it decides the port of \(id)") }
    }
}
