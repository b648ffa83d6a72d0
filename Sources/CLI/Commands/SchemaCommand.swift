import Arguments
import Kinds
import ManifestModel

/// `schema`: what editors need to help with a manifest.
enum SchemaCommand: Command {
    static let spec = CommandSpec(
        name: "schema", summary: "Prints the JSON Schema of the manifest, for editors.",
        examples: [Example("devinit schema", help: "Point your editor's YAML plugin at its output.")],
        group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        session.answer(JSONSchema.document(Registry.shape))
        return .done
    }
}
