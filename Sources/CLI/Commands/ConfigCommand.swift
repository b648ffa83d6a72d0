import Arguments
import Base
import Kinds
import YAML

/// `config`: the manifest as devinit understood it.
enum ConfigCommand: Command {
    static let spec = CommandSpec(
        name: "config", summary: "Prints the merged manifest with every value filled in, secrets masked.",
        group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let opened = try OpenedWorkspace.open(session)
        try await Preparation.decidePorts(opened, writing: false)
        let tree = ResolvedTree(workspace: opened.workspace, values: opened.values).tree
        if session.isJSON {
            var members = tree.json.object ?? []
            members.insert(JSON.Member("schema", "devinit.config/1"), at: 0)
            session.answer(.object(members))
        } else {
            session.answer(YAMLWriter.write(tree))
        }
        return .done
    }
}
