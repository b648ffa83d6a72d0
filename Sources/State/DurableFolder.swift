import Base
import HostInterfaces

/// Folders whose names, and those above them, survive a loss of power: without them no record in them would.
enum DurableFolder {
    /// For what is not there yet, or was never finished: costs a sync for each folder on the way.
    static func make(_ path: Path, on host: Host) throws(SystemError) {
        var top = path.parent
        while !host.files.isFolder(top), top.parent != top { top = top.parent }
        // What is there below the user's home may have been made by a process that was stopped before it got here.
        if top.isInside(host.machine.home) { top = host.machine.home }
        try host.files.makeFolder(path, mode: 0o700)
        var place = path
        while place != top, place.parent != place {
            place = place.parent
            try host.files.synchronizeFolder(place)
        }
    }
}
