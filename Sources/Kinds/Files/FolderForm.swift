import Base
import Execution
import HostInterfaces
import State

/// A folder that has to be there.
struct FolderForm {
    let node: FileNode
    let context: NodeContext

    func assess() throws(NodeFailure) -> Assessment {
        let files = context.host.files
        guard let status = try place().status else { return .work(.create, "is not there yet") }
        if status.kind == .link ? !files.isFolder(node.declaration.place) : status.kind != .folder {
            throw NodeFailure(.failed, "\(node.id.name) is no folder", remedy: "move away what is there")
        }
        if status.kind == .folder, let mode = node.declaration.mode, status.mode != mode {
            return .work(.update, "its mode is not as stated")
        }
        return .upToDate("is there")
    }

    func make() throws(NodeFailure) {
        let start = context.host.clock.monotonicSeconds
        let place = try place()
        let folder = try place.folder(context)
        do throws(SystemError) {
            try folder.makeFolder(place.path.name, mode: node.declaration.mode ?? 0o755)
            if let mode = node.declaration.mode { try folder.setMode(of: place.path.name, to: mode) }
            if place.status == nil {
                try context.journal.append(
                    .created(
                        LedgerEntry(kind: .folder, name: context.display(node.declaration.place), node: "\(node.id)")))
            }
            try context.journal.append(
                .done(
                    node: "\(node.id)", fingerprint: "folder",
                    seconds: context.host.clock.monotonicSeconds - start))
        } catch {
            throw NodeFailure(.failed, "the folder \(node.id.name) can't be made: \(error)")
        }
    }

    private func place() throws(NodeFailure) -> WritablePlace {
        try WritablePlace.entry(node.declaration.place, context)
    }
}
