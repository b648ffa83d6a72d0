import Base
import Execution
import HostInterfaces
import ManifestModel

/// A file, link or folder that devinit makes.
struct FileNode: WorkspaceNode {
    let id: NodeID
    let declaration: FileDeclaration
    /// What the template's content refers to.
    let references: [Reference]
    let location: SourceLocation

    init(name: String, declaration: FileDeclaration, references: [Reference], location: SourceLocation) {
        id = NodeID(FileKind.name, name)
        self.declaration = declaration
        self.references = references
        self.location = location
    }

    var common: CommonKeys { declaration.common }
    var place: Path? { declaration.place }
    var texts: [Text] { declaration.texts }
    var defaultSeconds: Double { 0.01 }

    func edges(in workspace: Workspace) -> [Edge] {
        var edges: [Edge] = []
        if let holder = workspace.repository(containing: declaration.place) {
            edges.append(Edge(holder, "lies in the repository"))
        }
        if let source = declaration.source?.path(in: workspace) {
            if let holder = workspace.repository(containing: source) {
                edges.append(Edge(holder, "its source lies in the repository"))
            }
            edges += workspace.nodes(at: source).map { Edge($0, "is made from the file that it makes") }
        }
        edges += secrets(in: workspace).map { Edge($0, "refers to it") }
        return edges
    }

    private func secrets(in workspace: Workspace) -> [NodeID] {
        let inside = references.map {
            Text(template: Template(segments: [.reference($0, operation: nil)]), location: location)
        }
        return workspace.referred(by: texts + inside).filter { $0.kind == SecretKind.name }
    }

    func problems(in workspace: Workspace) -> [Diagnostic] {
        workspace.nodes(at: declaration.place).first { $0 != id && $0.kind == id.kind }.map { other in
            [
                Diagnostic(
                    code: "same-path", "\(id) and \(other) would both make \(declaration.place.name)", at: location,
                    suggestion: "keep one of them")
            ]
        } ?? []
    }

    func assess(_ context: NodeContext) async -> Assessment {
        do throws(NodeFailure) {
            if let assessment = try waiting(context) { return assessment }
            switch declaration.form {
            case .folder: return try FolderForm(node: self, context: context).assess()
            case .link(let target): return try LinkForm(node: self, context: context, target: target).assess()
            case .copy, .template, .edit: return try ContentForm(node: self, context: context).assess()
            case .none: return .blocked(NodeFailure(.prerequisite, "\(id.name) does not say what it is"))
            }
        } catch {
            return .blocked(error)
        }
    }

    func run(_ assessment: Assessment, _ context: NodeContext) async throws(NodeFailure) {
        switch declaration.form {
        case .folder: try FolderForm(node: self, context: context).make()
        case .link(let target): try LinkForm(node: self, context: context, target: target).make()
        case .copy, .template, .edit: try await ContentForm(node: self, context: context).make()
        case .none: break
        }
    }

    /// What has to be there before the file can be looked at; nil when it is.
    private func waiting(_ context: NodeContext) throws(NodeFailure) -> Assessment? {
        let workspace = context.workspace
        if let holder = context.missingRepository(of: declaration.place) {
            if context.isPlanning { return .work(.create, "after \(holder)") }
            throw NodeFailure(
                .prerequisite, "\(id.name) can't be made before \(holder) is there",
                remedy: "run 'devinit up \(holder)'")
        }
        guard let stated = declaration.source else { return nil }
        let source = try stated.path(in: workspace, context.values)
        let makers = workspace.nodes(at: source).filter { context.pending.contains($0) }
        if context.host.files.isFile(source), makers.isEmpty { return nil }
        if declaration.occasion == .absent, context.host.files.exists(declaration.place) { return nil }
        if context.isPlanning, let other = makers.first ?? context.missingRepository(of: source) {
            let isThere = context.host.files.exists(declaration.place)
            return isThere ? .unknown("after \(other)") : .work(.create, "after \(other)")
        }
        let isFolder = context.host.files.isFolder(source)
        throw NodeFailure(
            .prerequisite,
            "\(context.display(source)), from which \(id.name) is made, \(isFolder ? "is a folder" : "is not there")",
            remedy: isFolder ? "name its files one by one, or link to it" : "correct it in \(stated.text.location)")
    }
}
