import Base
import ManifestModel
import YAML

/// `native`: a local process with a step's keys.
struct NativeDeclaration: Sendable {
    private static let run = Key<CommandText>(
        KeySpec("run", .either([.list(.command), .command]), "The command that stays.", required: true)
    ) { CommandText($0) }
    private static let folder = Key<Text>.text("in", "The folder: a repository's name, or a path.", standard: ".")
    private static let shell = Key<String>.choice("shell", ["sh", "bash"], "What runs a text command.", standard: "sh")
    private static let environment = Key<OrderedMap<String, Text>>.textMap(
        "env", "Variables for the process.", names: .variable)
    private static let environmentFiles = Key<[Text]>.texts(
        "env_file",
        "Files with variables, from its folder; PATH and what changes the shell or the loader is left out.")
    private static let inputs = Key<[Text]>.texts(
        "inputs", "Files whose change restarts it: globs, from its folder.")

    static let shape = ObjectShape(
        "a native service",
        keys: [run.spec, folder.spec, shell.spec, environment.spec, environmentFiles.spec, inputs.spec],
        expand: ObjectShape.scalar(into: "run"))

    let run: CommandText?
    let folder: Text?
    let shell: String?
    let environment: OrderedMap<String, Text>
    let environmentFiles: [Text]
    let inputs: [Text]
    let location: SourceLocation

    init(_ fields: Fields) {
        run = fields[Self.run]
        folder = fields[Self.folder]
        shell = fields[Self.shell]
        environment = fields[Self.environment] ?? OrderedMap()
        environmentFiles = fields[Self.environmentFiles] ?? []
        inputs = fields[Self.inputs] ?? []
        location = fields.location
    }

    /// The command of a template, where the manifest writes none.
    init(run: CommandText, shell: String?, at location: SourceLocation) {
        self.run = run
        self.shell = shell
        self.location = location
        folder = nil
        environment = OrderedMap()
        environmentFiles = []
        inputs = []
    }
}
