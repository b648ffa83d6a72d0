import Base
import Execution
import ManifestModel
import YAML

/// The keys of an entry in `requires`.
enum ToolKeys {
    static let version = Key<Text>.text("version", "The versions that will do, as node-semver ranges.", format: .range)
    static let tool = Key<Text>.literal("tool", "The tool's name in the catalog, where the entry has another one.")
    static let check = Key(
        KeySpec("check", .either([.list(.command), .command]), "A command; exit status 0 says that it is there.")
    ) { CommandText($0) }
    static let hint = Key<Text>.text("hint", "What to do where it is missing, in words.")
    static let fix = Key(
        KeySpec("fix", .either([.list(.command), .command]), "A command that mends it; run only with consent.")
    ) { CommandText($0) }
    static let install = Key<Fields>.object(
        "install", ObjectShape("an installation", keys: PackageManager.allCases.map(\.key.spec)),
        "Packages that bring it, by package manager; they come before those of the catalog.")
    static let optional = Key<Bool>.flag("optional", "Whether only what needs it fails without it.")
    static let gate = Key<Bool>.flag("gate", "Whether every step and service waits for it.", standard: true)
    static let repository = Key<Text>.literal("in", "The repository in which alone it counts.")

    static let shape = ObjectShape(
        "a required tool",
        keys: [
            version.spec, tool.spec, check.spec, hint.spec, fix.spec, install.spec, optional.spec, gate.spec,
            repository.spec,
        ] + CommonKeys.specs, expand: ObjectShape.scalar(into: "version"))
}

/// An entry of `requires`, read.
struct ToolDeclaration: Sendable {
    var name: String
    var version: Text?
    var tool: Text?
    var check: CommandText?
    var hint: Text?
    var fix: CommandText?
    /// Packages by manager, in place of the catalog's.
    var packages: [PackageManager: [String]] = [:]
    var isOptional = false
    var isGate = true
    var repository: Text?
    var common: CommonKeys
    /// The node whose template implies it, where nobody listed it.
    var impliedBy: NodeID?
    /// Its file in the catalog; nil where the catalog does not know it.
    let recipeName: String?

    init(name: String, _ node: YAMLNode) {
        let fields = Fields(node)
        self.name = name
        version = fields[ToolKeys.version]
        tool = fields[ToolKeys.tool]
        check = fields[ToolKeys.check]
        hint = fields[ToolKeys.hint]
        fix = fields[ToolKeys.fix]
        isOptional = fields[ToolKeys.optional] ?? false
        isGate = fields[ToolKeys.gate] ?? true
        repository = fields[ToolKeys.repository]
        common = CommonKeys(fields)
        let install = fields[ToolKeys.install]
        for manager in PackageManager.allCases {
            packages[manager] = install?[manager.key]?.compactMap(\.literal)
        }
        recipeName = ToolCatalog.fileName(of: tool?.source ?? name)
    }

    init(impliedBy node: NodeID, _ name: String) {
        self.name = name
        common = CommonKeys()
        isGate = false
        impliedBy = node
        recipeName = ToolCatalog.fileName(of: name)
    }
}
