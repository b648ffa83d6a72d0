import Base
import Execution
import HostInterfaces

/// A path that may be written, and what stands there: inside the workspace, or inside a repository that the developer
/// keeps elsewhere, with every link on the way resolved (manifest, "Relative paths", "env_files").
struct WritablePlace: Sendable {
    /// Without any link in it.
    let path: Path
    /// What stands there; nil when nothing does.
    let status: FileStatus?

    /// Fails when the path leaves the workspace, or is taken by something that is no file.
    static func file(_ path: Path, _ context: NodeContext) throws(NodeFailure) -> WritablePlace {
        let place = try WritablePlace(path, context, followingLast: true)
        if let status = place.status, status.kind != .file {
            let what = status.kind == .folder ? "a folder" : "no ordinary file"
            throw NodeFailure(
                .failed, "\(context.display(path)) is \(what), so it can't be written",
                remedy: "move it away, or give another path in the manifest")
        }
        return place
    }

    /// The same for a link or a folder, which is not looked through.
    static func entry(_ path: Path, _ context: NodeContext) throws(NodeFailure) -> WritablePlace {
        try WritablePlace(path, context, followingLast: false)
    }

    private init(_ path: Path, _ context: NodeContext, followingLast: Bool) throws(NodeFailure) {
        let files = context.host.files
        var found = try Self.resolvedParent(of: path, context) / path.name
        do {
            var status = try files.status(of: found, followingLinks: false)
            if followingLast, status?.kind == .link {
                let target = try files.linkTarget(of: found)
                guard try files.status(of: found, followingLinks: true) != nil else {
                    throw Self.refused(path, context, "is a link to \(target), which is not there")
                }
                found = try files.resolve(found)
                status = try files.status(of: found, followingLinks: false)
            }
            self.path = found
            self.status = status
        } catch let error as NodeFailure {
            throw error
        } catch let error as SystemError {
            throw NodeFailure(.failed, "\(context.display(path)) can't be looked at: \(error)")
        } catch {
            throw NodeFailure(.failed, "\(context.display(path)) can't be looked at")
        }
        try Self.check(found, path, context)
    }

    /// The folder around it, made where it is missing, and held: a link that is put in its way after the check leads
    /// nowhere.
    func folder(_ context: NodeContext) throws(NodeFailure) -> any HeldFolder {
        do throws(SystemError) {
            return try context.host.files.hold(path.parent, making: 0o755)
        } catch {
            throw NodeFailure(
                .failed, "the folder of \(context.display(path)) can't be made or reached: \(error)",
                remedy: "if something else works there, run this again when it has ended")
        }
    }

    /// The folder, links resolved as far down as something stands there.
    private static func resolvedParent(of path: Path, _ context: NodeContext) throws(NodeFailure) -> Path {
        let files = context.host.files
        var standing = path.parent
        var missing: [String] = []
        while !files.exists(standing), standing.text != "/" {
            missing.append(standing.name)
            standing = standing.parent
        }
        do {
            let resolved = try files.resolve(standing)
            guard try files.status(of: resolved, followingLinks: false)?.kind == .folder else {
                throw NodeFailure(
                    .failed, "\(context.display(standing)) is no folder, so nothing can stand below it",
                    remedy: "move it away, or give another path in the manifest")
            }
            return missing.reversed().reduce(resolved) { $0 / $1 }
        } catch let error as NodeFailure {
            throw error
        } catch {
            throw refused(path, context, "can't be reached: \(error)")
        }
    }

    private static func check(_ found: Path, _ path: Path, _ context: NodeContext) throws(NodeFailure) {
        for root in roots(for: path, context) {
            let real = (try? context.host.files.resolve(root)) ?? root
            guard found.isInside(real), found != real else { continue }
            guard let name = ProtectedPlace.name(in: found, below: real) else { return }
            throw refused(path, context, "lies in \(name)")
        }
        throw refused(path, context, "leads out of the workspace, to \(found)")
    }

    /// The workspace, and the repository that holds the path when it was adopted from elsewhere.
    private static func roots(for path: Path, _ context: NodeContext) -> [Path] {
        let workspace = context.workspace
        let repository = workspace.repository(containing: path).flatMap { workspace.nodes[$0]?.place }
        return [workspace.root] + [repository].compactMap(\.self).filter { !$0.isInside(workspace.root) }
    }

    private static func refused(_ path: Path, _ context: NodeContext, _ why: String) -> NodeFailure {
        NodeFailure(
            .failed, "\(context.display(path)) \(why), so it is not written",
            remedy: "remove the link, or give another path in the manifest")
    }
}
