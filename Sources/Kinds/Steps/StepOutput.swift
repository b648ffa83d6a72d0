import Base
import Execution
import HostInterfaces

/// The file that a step's `stdout` names. It is replaced only when the command went well: a dump that failed must not
/// take the place of a good one.
struct StepOutput {
    /// What the command writes to.
    let partial: Path
    private let target: Path
    private static let mark = ".devinit-part"

    /// Fails where the path leads out of the workspace, or is a folder; makes the folder around it.
    init(_ path: Path, of step: StepNode, in place: Path, _ context: NodeContext) throws(NodeFailure) {
        guard path.isInside(context.workspace.root) || step.folder.repository != nil else {
            throw NodeFailure(.prerequisite, "stdout: \(path) is outside the workspace")
        }
        let files = context.host.files
        target = (try? files.resolve(path)) ?? path
        partial = Path("\(target)\(Self.mark)")
        let places = [context.workspace.root, place].compactMap { try? files.resolve($0) }
        guard !files.exists(path) || places.contains(where: target.isInside), !files.isFolder(target) else {
            let what = files.isFolder(target) ? "is a folder" : "leads out of the workspace, to \(target)"
            throw NodeFailure(.prerequisite, "stdout: \(context.display(path)) \(what)")
        }
        do throws(SystemError) { try files.makeFolder(target.parent, mode: 0o755) } catch {
            throw NodeFailure(.failed, "stdout: \(error)")
        }
    }

    func move(on host: Host) throws(NodeFailure) {
        do throws(SystemError) { try host.files.rename(partial, to: target) } catch {
            throw NodeFailure(.failed, "stdout: \(error)")
        }
    }

    /// The words to start, so that the file is in its place when they have ended well, whoever still sees it.
    func moving(_ arguments: [String]) -> [String] {
        ["/bin/sh", "-c", "\"$@\" || exit; exec mv -f \"$0\" \"${0%\(Self.mark)}\"", partial.text] + arguments
    }
}
