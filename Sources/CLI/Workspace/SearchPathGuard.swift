import Base
import HostInterfaces
import Kinds
import ManifestModel

/// Before its commands are approved, a workspace could bring a `git` or a `docker` of its own for a look to start, where
/// PATH leads into it (an activated environment, direnv, a relative entry).
enum SearchPathGuard {
    /// PATH without what leads into the workspace; nil where nothing does.
    static func path(outside root: Path, on host: Host) -> String? {
        guard let path = host.environment["PATH"] else { return nil }
        let real = (try? host.files.resolve(root)) ?? root
        let entries = path.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let outside = entries.filter { entry in
            guard entry.hasPrefix("/") else { return false }
            let place = Path(entry).normalized
            let end = (try? host.files.resolve(place)) ?? place
            return !place.isInside(root) && !end.isInside(real)
        }
        return outside.count == entries.count ? nil : outside.joined(separator: ":")
    }
}

extension OpenedWorkspace {
    /// The same, on a PATH that leads out of the workspace only, unless its commands are approved.
    func guarded(writing: Bool) throws(CommandFailure) -> OpenedWorkspace {
        guard let path = SearchPathGuard.path(outside: workspace.root, on: session.host), !TrustGate(self).isApproved
        else { return self }
        var session = session
        session.host.environment["PATH"] = path
        return try Self.open(session, manifest, stateFolder, journal, writing: writing)
    }
}
