import Base
import Execution
import HostInterfaces

/// Whether git would take a file along: one with secrets is written only where it would not. Git's own rules decide,
/// nested, global and `info/exclude` included.
enum GitExposure {
    /// Fails when the path lies in a checkout and git does not ignore it. The path has no links in it.
    static func check(_ path: Path, _ context: NodeContext) async throws(NodeFailure) {
        let files = context.host.files
        var folder = path.parent
        while !files.exists(folder), folder.text != "/" { folder = folder.parent }
        guard isInCheckout(folder, files) else { return }
        let ignored = try await git(["check-ignore", "-q", "--", path.text], in: folder, path, context)
        switch ignored.end {
        case .exited(0): return
        case .exited(1):
            let tracked = try await git(["ls-files", "--error-unmatch", "--", path.text], in: folder, path, context)
            let name = context.display(path)
            throw tracked.succeeded
                ? NodeFailure(
                    .failed, "\(name) holds a secret and is tracked by git, so it is not written",
                    remedy: "take it out with 'git rm --cached' and add it to .gitignore")
                : NodeFailure(
                    .failed, "\(name) holds a secret and git does not ignore it, so it is not written",
                    remedy: "add /\(path.name) to \(context.display(path.parent / ".gitignore"))")
        default:
            let words = String(decoding: ignored.errorOutput, as: UTF8.self).split(separator: "\n").first ?? ""
            throw NodeFailure(
                .failed,
                "\(context.display(path)) holds a secret, and git does not say whether it ignores it: \(words)",
                remedy: "see what 'git check-ignore' says there")
        }
    }

    private static func isInCheckout(_ folder: Path, _ files: any FileSystem) -> Bool {
        var folder = folder
        while true {
            if files.exists(folder / ".git") { return true }
            if folder.text == "/" { return false }
            folder = folder.parent
        }
    }

    private static func git(
        _ words: [String], in folder: Path, _ path: Path, _ context: NodeContext
    ) async throws(NodeFailure) -> ProcessResult {
        // A hook or an outer git may have pointed these at another repository.
        let environment = context.host.environment.filter {
            !["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR"].contains($0.key)
        }
        do throws(ProcessError) {
            return try await context.host.processes.run(
                ProcessRequest(["git"] + words, environment: environment, folder: folder, timeLimit: .seconds(30)),
                onOutput: nil)
        } catch {
            throw NodeFailure(
                .prerequisite,
                "\(context.display(path)) holds a secret, and without git it can't be told whether git ignores it: \(error)",
                remedy: "install git")
        }
    }
}
