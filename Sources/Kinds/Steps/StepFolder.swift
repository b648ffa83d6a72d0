import Base
import Execution
import HostInterfaces
import ManifestModel
import YAML

/// Where a step runs: `in` is a repository's exact name, else a path from the root, and `./x` is always a path. Shared by
/// all steps that say the same.
final class StepFolder: Sendable {
    /// The repository that `in` names.
    let repository: NodeID?
    /// The folder that a path means, absolute; nil where a repository is named.
    let path: Path?
    /// The folder before anything is looked up: for checks of what leads out of it.
    let declared: Path?
    let text: Text?
    let problem: Diagnostic?

    private init(_ text: Text?, repository: NodeID? = nil, path: Path? = nil, declared: Path?, problem: Diagnostic?) {
        self.repository = repository
        self.path = path
        self.declared = declared
        self.text = text
        self.problem = problem
    }

    convenience init(_ text: Text?, in reading: Reading) {
        let name = text?.source ?? "."
        let root = reading.manifest.root
        let repositories = reading.manifest.section("repos")
        if let repository = repositories?.entry(name) {
            let stated = repository.value["path"]?.text ?? name
            self.init(
                text, repository: NodeID("repo", name), declared: stated.contains("$") ? nil : reading.path(stated),
                problem: nil)
            return
        }
        guard text?.literal != nil || text == nil else {
            self.init(
                text, path: root, declared: nil,
                problem: Diagnostic(code: "bad-value", "'in' must be known before anything runs", at: text?.location))
            return
        }
        let path = reading.path(name)
        var problem: Diagnostic?
        if !reading.isInWorkspace(path) {
            problem = Diagnostic(
                code: "outside-workspace", "'in: \(name)' leads out of the workspace", at: text?.location,
                suggestion: "step folders are inside \(root)")
        } else if path.isInside(root), path != root, let resolved = try? reading.host.files.resolve(path),
            let realRoot = try? reading.host.files.resolve(root), !resolved.isInside(realRoot)
        {
            problem = Diagnostic(
                code: "outside-workspace", "'in: \(name)' leads out of the workspace through a link, to \(resolved)",
                at: text?.location)
        }
        self.init(text, path: path, declared: path, problem: problem)
    }

    /// The folder itself, absolute.
    func place(in workspace: Workspace) -> Path {
        if let repository { return workspace.nodes[repository]?.place ?? declared ?? workspace.root }
        return path ?? workspace.root
    }

    /// The repository that holds the folder; nil outside all of them.
    func repository(in workspace: Workspace) -> NodeID? {
        repository ?? workspace.repository(containing: place(in: workspace))
    }
}
