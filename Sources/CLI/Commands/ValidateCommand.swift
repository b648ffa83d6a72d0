import Base
import Arguments
import HostInterfaces
import Kinds
import ManifestModel
import Reporting

/// `validate`: every problem of the manifest.
enum ValidateCommand: Command {
    static let spec = CommandSpec(
        name: "validate", summary: "Checks the manifest and reports every problem in one pass.",
        group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let file = try OpenedWorkspace.find(session)
        let manifest = ManifestLoader.standard(session).load(file)
        let (workspace, problems) = WorkspaceReader.read(manifest, host: session.host)
        KeptToTheEnd.keep(workspace)
        if session.isJSON {
            session.answer(ValidateDocument.json(problems))
        } else {
            session.show(problems, in: manifest)
            let errors = problems.sorted.filter { $0.severity == .error }.count
            let nodes = workspace.order.count
            if errors == 0 {
                session.answer(
                    "\(file.relative(to: session.host.currentFolder)): valid, \(nodes) \(nodes == 1 ? "node" : "nodes")"
                )
            } else {
                session.say("\(errors) \(errors == 1 ? "error" : "errors")")
            }
        }
        return problems.hasErrors ? .invalidManifest : .done
    }
}
