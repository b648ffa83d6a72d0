import Base
import Execution
import HostInterfaces
import ManifestModel
import State

/// A link: relative, so that the workspace may be moved.
struct LinkForm {
    let node: FileNode
    let context: NodeContext
    let target: StatedPath

    private enum Finding {
        case right, missing
        /// Another link, which devinit made.
        case ours(String)
        case foreign(String)
    }

    func assess() throws(NodeFailure) -> Assessment {
        switch try look().finding {
        case .right:
            let path = try target.path(in: context.workspace, context.values)
            let leads = context.host.files.exists(path)
            return .upToDate(leads ? "is there" : "is there, but \(context.display(path)) is not")
        case .missing: return .work(.create, "is not there yet")
        case .ours(let old): return .work(.update, "leads to \(old)")
        case .foreign(let what):
            if node.declaration.occasion == .absent { return .upToDate("something is there") }
            return .blocked(
                NodeFailure(
                    .failed, "\(node.id.name) is \(what), which devinit did not make",
                    remedy: "move it away, or write 'if: absent' to leave it"))
        }
    }

    func make() throws(NodeFailure) {
        let start = context.host.clock.monotonicSeconds
        let (finding, place, text) = try look()
        if case .foreign(let what) = finding { throw NodeFailure(.failed, "\(node.id.name) is \(what)") }
        let folder = try place.folder(context)
        do throws(SystemError) {
            try folder.replaceLink(place.path.name, to: text)
            if case .missing = finding {
                try context.journal.append(
                    .created(
                        LedgerEntry(kind: .link, name: context.display(node.declaration.place), node: "\(node.id)")))
            }
            try context.journal.append(
                .done(
                    node: "\(node.id)", fingerprint: ["link": .string(text)],
                    seconds: context.host.clock.monotonicSeconds - start))
        } catch {
            throw NodeFailure(.failed, "the link \(node.id.name) can't be made: \(error)")
        }
    }

    private func look() throws(NodeFailure) -> (finding: Finding, place: WritablePlace, text: String) {
        let files = context.host.files
        let place = try WritablePlace.entry(node.declaration.place, context)
        let text = try linkText(from: place.path.parent)
        guard let status = place.status else { return (.missing, place, text) }
        guard status.kind == .link, let now = try? files.linkTarget(of: place.path) else {
            return (.foreign(status.kind == .folder ? "a folder" : "a file"), place, text)
        }
        let folder = place.path.parent
        if now == text || folder.appending(Path(now)).normalized == folder.appending(Path(text)).normalized {
            return (.right, place, text)
        }
        let isOurs = context.journal.lastDone("\(node.id)")?.fingerprint["link"]?.string == now
        return (isOurs ? .ours(now) : .foreign("a link to \(now)"), place, text)
    }

    /// The way from the link's folder; links on the way there are resolved, or `..` would lead astray.
    private func linkText(from folder: Path) throws(NodeFailure) -> String {
        let path = try target.path(in: context.workspace, context.values)
        guard !Path(target.text.source).isAbsolute else { return path.text }
        let files = context.host.files
        let real = (try? files.resolve(path.parent)).map { $0 / path.name } ?? realRoot(path)
        return real.relative(to: folder).text
    }

    /// A path whose folder is not there yet, seen from the root without links.
    private func realRoot(_ path: Path) -> Path {
        let root = context.workspace.root
        guard path.isInside(root), let real = try? context.host.files.resolve(root) else { return path }
        return real.appending(path.relative(to: root)).normalized
    }
}
