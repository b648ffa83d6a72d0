import Base
import Execution
import HostInterfaces
import ManifestModel
import State

/// An env file that devinit writes and keeps in step with the manifest.
struct EnvironmentFileNode: WorkspaceNode, ContestedNode {
    let id: NodeID
    let declaration: EnvironmentFileDeclaration
    let location: SourceLocation

    init(name: String, declaration: EnvironmentFileDeclaration, location: SourceLocation) {
        id = NodeID(EnvironmentFileKind.name, name)
        self.declaration = declaration
        self.location = location
    }

    var common: CommonKeys { declaration.common }
    var place: Path? { declaration.place }
    var texts: [Text] { declaration.texts }
    var defaultSeconds: Double { 0.01 }

    /// The name of the journal's fact that keeps what was written last.
    var factName: String { "env-file/\(id.name)" }

    /// The name of the fact that keeps what people decided about single keys.
    var choicesName: String { "env-take/\(id.name)" }

    /// A port or an address is decided before anything runs, so a reference to one waits for nothing.
    func edges(in workspace: Workspace) -> [Edge] {
        var edges: [Edge] = []
        if let holder = workspace.repository(containing: declaration.place) {
            edges.append(Edge(holder, "lies in the repository"))
        }
        if let source = declaration.from?.path(in: workspace) {
            if let holder = workspace.repository(containing: source) {
                edges.append(Edge(holder, "its source lies in the repository"))
            }
            edges += workspace.nodes(at: source).map { Edge($0, "follows the file that it makes") }
        }
        edges += workspace.referred(by: texts).filter { $0.kind == SecretKind.name }.map { Edge($0, "refers to it") }
        return edges
    }

    func problems(in workspace: Workspace) -> [Diagnostic] {
        workspace.nodes(at: declaration.place).first { $0 != id }.map { other in
            [
                Diagnostic(
                    code: "same-path", "\(id) and \(other) would both write \(declaration.place.name)", at: location,
                    suggestion: "keep one of them")
            ]
        } ?? []
    }

    func assess(_ context: NodeContext) async -> Assessment {
        do throws(NodeFailure) {
            if let assessment = try waiting(context) { return assessment }
            let reading = try EnvironmentFileReading(self, context)
            let assessment: Assessment
            let kept: [String]
            if let unchanged = reading.unchanged() {
                (assessment, kept) = (unchanged.assessment, unchanged.kept)
            } else {
                let look = try reading.look()
                (assessment, kept) = (look.assessment, look.result.kept)
            }
            // Nothing is written then, so it is said here.
            if case .upToDate = assessment, !kept.isEmpty { context.reporter.note(EnvironmentFileLook.note(kept)) }
            return assessment
        } catch {
            return .blocked(error)
        }
    }

    /// Every key with its change, without the limit that a reason has.
    func explanation(_ context: NodeContext) async -> [String] {
        do throws(NodeFailure) {
            guard try waiting(context) == nil else { return [] }
            return try EnvironmentFileReading(self, context).look().explanation
        } catch { return [error.message] }
    }

    func contest(_ context: NodeContext) async -> String? {
        do throws(NodeFailure) {
            guard try waiting(context) == nil else { return nil }
            let reading = try EnvironmentFileReading(self, context)
            return reading.unchanged() == nil ? try reading.look().conflict?.message : nil
        } catch { return nil }
    }

    /// What has to be there before the file can be looked at; nil when it is.
    func waiting(_ context: NodeContext) throws(NodeFailure) -> Assessment? {
        let workspace = context.workspace
        if let holder = context.missingRepository(of: declaration.place) {
            if context.isPlanning { return .work(.create, "after \(holder)") }
            throw NodeFailure(
                .prerequisite, "\(id.name) can't be written before \(holder) is there",
                remedy: "run 'devinit up \(holder)'")
        }
        guard let from = declaration.from else { return nil }
        let source = try from.path(in: workspace, context.values)
        let makers = workspace.nodes(at: source).filter { context.pending.contains($0) }
        if context.host.files.isFile(source), makers.isEmpty { return nil }
        if context.isPlanning, let other = makers.first ?? context.missingRepository(of: source) {
            let isThere = context.host.files.exists(declaration.place)
            return isThere ? .unknown("after \(other)") : .work(.create, "after \(other)")
        }
        throw NodeFailure(
            .prerequisite, "\(context.display(source)), which \(id.name) follows, is not there",
            remedy: "correct 'from' in \(from.text.location)")
    }
}
