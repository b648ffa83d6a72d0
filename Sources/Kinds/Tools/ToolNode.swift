import Base
import Execution
public import HostInterfaces
import ManifestModel
import State
import Trust
import Versions

/// A tool that must be there, or a check that must pass.
struct ToolNode: WorkspaceNode {
    let id: NodeID
    let declaration: ToolDeclaration
    let location: SourceLocation
    let detection: ToolDetection

    init(_ declaration: ToolDeclaration, location: SourceLocation, detection: ToolDetection) {
        id = NodeID(ToolKind.name, declaration.name)
        self.declaration = declaration
        self.location = location
        self.detection = detection
    }

    var common: CommonKeys { declaration.common }
    var texts: [Text] { [declaration.version, declaration.hint].compactMap { $0 } }
    var defaultSeconds: Double { 0.1 }

    func edges(in workspace: Workspace) -> [Edge] {
        repository.map { [Edge($0, "it counts in that repository")] } ?? []
    }

    func problems(in workspace: Workspace) -> [Diagnostic] {
        guard let name = declaration.repository, let repository, workspace.nodes[repository] == nil else { return [] }
        let near = TextDistance.nearest(to: name.source, among: workspace.nodes(of: "repo").map(\.id.name))
        return [
            Diagnostic(
                code: "unknown-node", "there is no repository '\(name.source)'", at: name.location,
                suggestion: near.map { "did you mean '\($0)'?" })
        ]
    }

    func executables(in workspace: Workspace) -> [ExecutableItem] {
        let place = repository.map { "in \($0.name)" } ?? "here"
        return [("check", declaration.check), ("fix", declaration.fix)].compactMap { what, command in
            command.map { ExecutableItem(node: id.description, location: place, what: what, text: $0.approvalText) }
        }
    }

    /// The repository in which alone it counts.
    var repository: NodeID? { declaration.repository.map { NodeID("repo", $0.source) } }

    /// Where its probe and its check run: managers of versions look at the folder.
    func folder(_ context: NodeContext) -> Path {
        guard let repository, let place = context.workspace.nodes[repository]?.place,
            context.host.files.isFolder(place)
        else { return context.workspace.root }
        return place
    }
}

extension ToolNode: GatingTool {
    func gates(_ repository: NodeID?) -> Bool {
        declaration.isGate && !declaration.isOptional && (self.repository == nil || self.repository == repository)
    }
}

extension ToolNode: VersionedTool {
    func version(_ context: NodeContext) async -> String? {
        if case .version(let version, _) = await find(context) { version } else { nil }
    }

    func find(_ context: NodeContext) async -> ToolFinding {
        await detection.find(
            declaration.tool?.source ?? declaration.name, recipe: declaration.recipeName,
            path: context.values.searchPath(context.host), folder: folder(context), context)
    }
}

extension Values {
    private static let pathKey = "tools.path"

    /// The PATH of this run: what was installed during it comes first.
    public func searchPath(_ host: Host) -> String {
        let path = host.environment["PATH"] ?? ""
        return text(Self.pathKey).map { $0 + ":" + path } ?? path
    }

    /// Adds a folder in which something was just installed.
    func addToSearchPath(_ folder: Path) {
        let known = text(Self.pathKey)
        if known?.split(separator: ":").contains(Substring(folder.text)) == true { return }
        setText(Self.pathKey, to: known.map { folder.text + ":" + $0 } ?? folder.text)
    }
}
