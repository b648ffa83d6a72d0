import Base
import Execution
import Git
import HostInterfaces
import ManifestModel
import State

extension RepositoryNode {
    /// A few small reads and no process. What stands there already is judged, never touched.
    func assess(_ context: NodeContext) async -> Assessment {
        let path = checkoutPlace.path
        let files = context.host.files
        if let failure = leavingWorkspace(context) { return .blocked(failure) }
        let status: FileStatus?
        do throws(SystemError) {
            status = try files.status(of: path, followingLinks: true)
        } catch {
            return .blocked(NodeFailure(.failed, "\(context.display(path)) can't be looked at: \(error.reason)"))
        }
        guard let status else {
            if files.exists(path) {
                return .blocked(
                    inTheWay(context, "is a link that leads nowhere"))
            }
            return missing(context)
        }
        guard status.kind == .folder else { return .blocked(inTheWay(context, "is not a folder")) }
        if let checkout = Checkout.read(at: path, files: files) { return judge(checkout, context) }
        do throws(SystemError) {
            if try files.entries(of: path).isEmpty { return missing(context) }
        } catch {
            return .blocked(NodeFailure(.failed, "\(context.display(path)) can't be listed: \(error.reason)"))
        }
        return .blocked(inTheWay(context, "holds files but is no git checkout"))
    }

    private func missing(_ context: NodeContext) -> Assessment {
        guard checkoutPlace.isAdopted else { return .work(.create, "clone \(shownAddress)") }
        let file = RepositoryPlace.localName(of: context.workspace.manifest.file)
        return .blocked(
            NodeFailure(
                .failed,
                "there is no checkout at \(checkoutPlace.path), where \(file) says it is",
                remedy: "clone it there, or drop the 'path' from \(file)"))
    }

    private func inTheWay(_ context: NodeContext, _ what: String) -> NodeFailure {
        NodeFailure(
            .failed,
            "\(context.display(checkoutPlace.path)) \(what), so \(shownAddress) is not cloned there",
            remedy: "move it away, or set another 'path', then run devinit up again")
    }

    /// Links below the root may lead out of it; only then are they followed.
    func leavingWorkspace(_ context: NodeContext) -> NodeFailure? {
        guard !checkoutPlace.isAdopted else { return nil }
        let files = context.host.files
        var step = root
        var existing = root
        var hasLink = false
        for segment in checkoutPlace.path.relative(to: root).segments where segment != "." {
            step = step / String(segment)
            guard let status = try? files.status(of: step, followingLinks: false) else { break }
            if status.kind == .link { hasLink = true }
            existing = step
        }
        guard hasLink, let real = try? files.resolve(existing), let realRoot = try? files.resolve(root) else {
            return nil
        }
        if real.isInside(realRoot) { return nil }
        let file = RepositoryPlace.localName(of: context.workspace.manifest.file)
        return NodeFailure(
            .failed,
            "\(context.display(existing)) is a link that leads out of the workspace, to \(real)",
            remedy: "to use that checkout on this machine write its path into \(file): "
                + "repos: { \(entry.name): { path: \(real) } }")
    }

    /// Whether the checkout is the one that the manifest means.
    private func judge(_ checkout: Checkout, _ context: NodeContext) -> Assessment {
        if let wanted = knownAddress(context), !checkout.hasRemote(wanted), !checkoutPlace.isAdopted {
            let shown = context.display(checkoutPlace.path)
            guard let origin = checkout.remotes["origin"] else {
                return .blocked(
                    NodeFailure(
                        .failed,
                        "\(shown) is a checkout without the remote \(shownAddress)",
                        remedy: "if it is this repository: git -C \(shown) remote add origin \(shownAddress); "
                            + "else move it away"))
            }
            return .blocked(
                NodeFailure(
                    .failed,
                    "\(shown) is a checkout of \(RepositoryAddress.masked(origin)), not of \(shownAddress)",
                    remedy: "if the repository moved: git -C \(shown) remote set-url origin \(shownAddress); "
                        + "else move the folder away and run devinit up again"))
        }
        return .upToDate(words(for: checkout, context))
    }

    private func words(for checkout: Checkout, _ context: NodeContext) -> String {
        var words = checkoutPlace.isAdopted ? "adopted, " : "cloned, "
        words += position(of: checkout, context)
        if checkoutPlace.isAdopted, let wanted = knownAddress(context), !checkout.hasRemote(wanted) {
            words += "; it is a checkout of \(RepositoryAddress.masked(checkout.remotes["origin"] ?? "no remote"))"
        }
        let unset = entry.remotes.map(\.key).filter { checkout.remotes[$0] == nil }
        if !unset.isEmpty { words += "; no remote \(unset.joined(separator: ", "))" }
        return words
    }

    /// Where the checkout stands, and where the manifest would have put it.
    private func position(of checkout: Checkout, _ context: NodeContext) -> String {
        let short = checkout.commit.map { String($0.prefix(9)) } ?? "no commit"
        let found = checkout.branch.map { "on \($0)" } ?? "at \(short)"
        guard let ref = entry.ref.flatMap({ try? context.resolve($0).text }), !ref.isEmpty, checkout.branch != ref
        else { return found }
        guard let commit = checkout.commit else { return found }
        if ref.utf8.count >= 7, commit.hasPrefix(ref.lowercased()) { return found }
        // A tag's commit is known from the clone.
        let record = context.journal.lastDone(id.description)?.fingerprint
        if record?["ref"]?.string == ref, record?["commit"]?.string == commit, checkout.branch == nil {
            return "at \(ref)"
        }
        return "\(found), manifest says \(ref)"
    }
}

extension Checkout {
    /// Whether one of its remotes is that repository: people call a fork origin and the team's one upstream.
    func hasRemote(_ url: String) -> Bool {
        remotes.values.contains { RepositoryAddress.sameRepository($0, url) }
    }
}
