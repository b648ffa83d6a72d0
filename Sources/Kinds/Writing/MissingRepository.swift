import Base
import Execution
import HostInterfaces

extension NodeContext {
    /// The repository that holds the path, when its folder is not there yet.
    func missingRepository(of path: Path) -> NodeID? {
        guard let holder = workspace.repository(containing: path), let folder = workspace.nodes[holder]?.place,
            !host.files.isFolder(folder)
        else { return nil }
        return holder
    }
}
