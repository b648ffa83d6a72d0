import Base
import Execution
import HostInterfaces
import ManifestModel
import YAML

/// Where a step runs: `in` is a repository's exact name, else a path from the root, and `./x` is always a path.
struct StepFolder: Hashable, Sendable {
    /// The repository that `in` names.
    var repository: NodeID?
    /// The folder that a path means, absolute; nil where a repository is named.
    var path: Path?
    /// The folder before anything is looked up: for checks of what leads out of it.
    var declared: Path?
    var text: Text?
    var problem: Diagnostic?

    init(_ text: Text?, in reading: Reading) {
        self.text = text
        let name = text?.source ?? "."
        let root = reading.manifest.root
        let repositories = reading.manifest.section("repos")
        if let repository = repositories?.entry(name) {
            self.repository = NodeID("repo", name)
            let stated = repository.value["path"]?.text ?? name
            declared = stated.contains("$") ? nil : reading.path(stated)
            return
        }
        guard text?.literal != nil || text == nil else {
            problem = Diagnostic(code: "bad-value", "'in' must be known before anything runs", at: text?.location)
            path = root
            return
        }
        let path = reading.path(name)
        self.path = path
        declared = path
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
