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
    let livesOn: EngineName? = nil
    /// Where it comes from a template: what that gives to it.
    let template: NativeTemplateUse?
    let page: Text?
    /// Files of the workspace whose change restarts it, from the root.
    let inputs: [Text]

    var id: NodeID { NodeID("service", name) }
    var internalHost: String { "host.docker.internal" }
    var pool: Pool { .waiting }
    var defaultSeconds: Double { 3 }

    init(
        _ declaration: ServiceDeclaration, native: NativeDeclaration, ports: [ServicePort],
        exports: [(name: String, text: Template)], health: HealthDeclaration?, template: NativeTemplateUse?,
        page: Text?
    ) {
        name = declaration.name
        common = declaration.common
        location = declaration.location
        hostAddress = declaration.hostAddress
        self.native = native
        self.ports = ports
        self.exports = exports
        self.health = health
        self.template = template
        self.page = page
        inputs = declaration.inputs
    }

    var texts: [Text] {
        var texts = native.environment.map(\.value) + native.environmentFiles + inputs
        if let folder = native.folder { texts.append(folder) }
        texts += [hostAddress, page].compactMap { $0 }
        if case .http(_, let path) = health?.check { texts.append(path) }
        if let template {
            texts += template.variables.flatMap(\.texts) + template.secrets.map(\.text)
            texts += exports.map { Text(template: $0.text, location: location) }
        }
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
        // What a template runs reads none of the workspace's files.
        for kind in template == nil ? ["env", "file"] : [] {
            edges += workspace.nodes(of: kind, inRepository: repository).map {
                Edge($0, repository == nil ? "files outside all repositories" : "files inside the repository")
            }
        }
        for name in native.environmentFiles.compactMap(\.literal) + native.inputs.compactMap(\.literal)
        where name.first != "!" {
            edges += workspace.makers(ofFilesAt: folder.appending(Path(name)))
        }
        for name in inputs.compactMap(\.literal) where name.first != "!" {
            edges += workspace.makers(ofFilesAt: workspace.root.appending(Path(name)))
        }
        edges += workspace.secrets(behind: texts).map { Edge($0, "its environment uses the secret") }
        let environment = native.environment.map(\.value) + (template?.variables.flatMap(\.texts) ?? [])
        edges += workspace.referred(by: environment).filter { $0.kind == "service" && $0 != id }
            .map { Edge($0, "its environment refers to the running service", isWritten: true) }
        return edges
    }

    func executables(in workspace: Workspace) -> [ExecutableItem] {
        guard let run = native.run else { return [] }
        if let template { return template.executables(of: id) }
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

extension NativeTemplateUse {
    /// As for a step's template: its name and what it is told; the whole text where it is a team's own.
    func executables(of id: NodeID) -> [ExecutableItem] {
        func item(_ what: String, _ text: String) -> ExecutableItem {
            ExecutableItem(node: id.description, location: "here", what: what, text: text)
        }
        var items = [item("native", "the template \(name)")]
        if let source { items.append(item("template", String(decoding: source.bytes, as: UTF8.self))) }
        for (name, texts) in variables {
            items.append(item(name, texts.map(\.source).joined(separator: "\n")))
        }
        return items
    }
}
