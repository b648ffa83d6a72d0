import Base
import HostInterfaces
import Kinds
import ManifestModel
import Trust

/// Before it is approved, a workspace could bring a `git` or a `docker` of its own for a look to start, where PATH leads
/// into it (an activated environment, direnv, a relative entry).
enum SearchPathGuard {
    /// PATH without what leads into one of the folders, links resolved; nil where nothing does.
    static func path(outside folders: [Path], on host: Host) -> String? {
        guard let path = host.environment["PATH"] else { return nil }
        let entries = path.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let outside = entries.filter { entry in
            guard entry.hasPrefix("/") else { return false }
            let place = Path(entry).normalized
            let end = (try? host.files.resolve(place)) ?? place
            return !folders.contains { place.isInside($0) || end.isInside($0) }
        }
        return outside.count == entries.count ? nil : outside.joined(separator: ":")
    }
}

extension OpenedWorkspace {
    /// Folders whose content came with the manifest, as they are written and with links resolved: the checkout around
    /// it, whatever it says where its root is, the root, and the repositories.
    var broughtAlong: [Path] {
        let files = session.host.files
        var checkout = manifest.file.parent
        while !files.exists(checkout / ".git"), checkout.text != "/" { checkout = checkout.parent }
        var folders = [manifest.file.parent, workspace.root] + workspace.nodes(of: "repo").compactMap(\.place)
        if checkout.text != "/" { folders.append(checkout) }
        return folders + folders.compactMap { try? files.resolve($0) }
    }

    /// The same workspace once its commands are approved, which may ask. A manifest without commands was approved by
    /// nobody, so its own programs stay out.
    func approved() async throws(CommandFailure) -> OpenedWorkspace {
        let gate = TrustGate(self)
        try await gate.pass()
        return gate.content.isEmpty ? try guarded(writing: true) : self
    }

    /// The same workspace with a PATH that leads out of it only, unless somebody approved it.
    func guarded(writing: Bool) throws(CommandFailure) -> OpenedWorkspace {
        guard let path = SearchPathGuard.path(outside: broughtAlong, on: session.host),
            TrustGate(self).voucher == nil
        else { return self }
        var session = session
        session.host.environment["PATH"] = path
        return try Self.open(session, manifest, stateFolder, journal, writing: writing)
    }
}
