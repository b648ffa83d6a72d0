import Base
import Execution
import HostInterfaces
import ManifestModel
import State
import Trust

/// A service that is a process of this machine: detached, logged, ended by `down`.
struct NativeService: ServiceNode {
    let name: String
    let common: CommonKeys
    let location: SourceLocation
    let native: NativeDeclaration
    let ports: [ServicePort]
    let exports: [(name: String, text: Template)]
    let health: HealthDeclaration?
    let hostAddress: Text?

    var id: NodeID { NodeID("service", name) }
    var internalHost: String { "host.docker.internal" }
    var pool: Pool { .waiting }
    var defaultSeconds: Double { 3 }

    init(_ declaration: ServiceDeclaration, _ native: NativeDeclaration, _ reading: inout Reading) {
        name = declaration.name
        common = declaration.common
        location = declaration.location
        self.native = native
        ports = ServicePort.all(of: declaration, template: nil, &reading)
        exports = NativeService.standardExports(for: ports, service: declaration.name)
        health = declaration.health
        hostAddress = declaration.hostAddress
        for (text, key) in [(declaration.volume, "volume")] {
            if let text {
                reading.report("conflicting-keys", "a native service has no '\(key)'", at: text.location)
            }
        }
    }

    var texts: [Text] {
        var texts = native.environment.map(\.value) + native.environmentFiles
        if let folder = native.folder { texts.append(folder) }
        if let hostAddress { texts.append(hostAddress) }
        if case .http(_, let path) = health?.check { texts.append(path) }
        return texts
    }

    /// The folder it runs in: that of a repository of this name, else a path from the root.
    func folder(in workspace: Workspace) -> Path {
        guard let text = native.folder?.literal, !text.isEmpty else { return workspace.root }
        if !text.hasPrefix("./"), let place = workspace.node("repo", text)?.place { return place }
        return workspace.root.appending(Path(text)).normalized
    }

    func edges(in workspace: Workspace) -> [Edge] {
        let folder = folder(in: workspace)
        var edges: [Edge] = []
        let repository = workspace.repository(containing: folder)
        if let repository { edges.append(Edge(repository, "runs in the repository")) }
        for kind in ["env", "file"] {
            edges += workspace.nodes(of: kind, inRepository: repository).map {
                Edge($0, repository == nil ? "files outside all repositories" : "files inside the repository")
            }
        }
        for name in native.environmentFiles.compactMap(\.literal) + native.inputs.compactMap(\.literal)
        where name.first != "!" {
            edges += workspace.makers(ofFilesAt: folder.appending(Path(name)))
        }
        edges += workspace.secrets(behind: texts).map { Edge($0, "its environment uses the secret") }
        let environment = native.environment.map(\.value)
        edges += workspace.referred(by: environment).filter { $0.kind == "service" && $0 != id }
            .map { Edge($0, "its environment refers to the running service", isWritten: true) }
        return edges
    }

    func executables(in workspace: Workspace) -> [ExecutableItem] {
        guard let run = native.run else { return [] }
        let folder = folder(in: workspace)
        let place = folder == workspace.root ? "here" : "in \(folder.relative(to: workspace.root))"
        var items = [
            ExecutableItem(node: id.description, location: place, what: "native", text: run.approvalText)
        ]
        for (name, value) in native.environment {
            items.append(
                ExecutableItem(node: id.description, location: place, what: "env \(name)", text: value.source))
        }
        if case .command(let command) = health?.check {
            items.append(
                ExecutableItem(node: id.description, location: place, what: "health", text: command.approvalText))
        }
        return items
    }
}
