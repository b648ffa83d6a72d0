import Arguments
import Base
import Git
import HostInterfaces
import Kinds
import ManifestModel

extension ManifestLoader {
    /// The loader with every kind of node, this program's version, and the instance that is meant.
    static func standard(_ session: Session, answers: [String: String] = [:]) -> ManifestLoader {
        let stated = session.parsed[GlobalOptions.instance]
        let files = session.host.files
        return ManifestLoader(
            host: session.host, shape: Registry.shape, programVersion: ProgramVersion.text, answers: answers
        ) { root in
            let place = (try? files.resolve(root)) ?? root
            let worktree = LinkedWorktree.holding(place, files: files)
            return WorkspaceInstance(
                name: stated ?? worktree.map { fittingName($0.name) },
                folderName: worktree.map { worktree in
                    // The workspace may be a folder within the working tree.
                    place == worktree.folder ? worktree.main.name : place.name
                }, repository: worktree?.main)
        }
    }
}
