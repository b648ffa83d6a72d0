import Base
import State

extension Workspace {
    /// `.devinit`, or the part of it that belongs to the instance alone: what is generated for its services, their logs.
    var serviceFolder: Path {
        let folder = WorkspaceFolder(root: root).path
        return instance.map { folder / "instances" / $0 } ?? folder
    }

}
