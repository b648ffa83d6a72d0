import Base
import ManifestModel
import Secrets
import YAML

/// Where a secret comes from (manifest, section "secrets").
enum SecretSource: Sendable {
    case generate(SecretGenerator.Form, length: Int)
    /// A person gives it. Without one the default counts.
    case prompt(Text, pattern: Text?, standard: Text?)
    /// What the command prints, without one newline at its end.
    case command(CommandText)
    /// The same of a program that keeps secrets.
    case preset(PresetUse)
    /// A variable of devinit's own environment.
    case environment(String)
    /// The content of a file, without one newline at its end.
    case file(StatedPath)
    /// The manifest names none, which is reported.
    case none
}

/// An entry of `secrets`, decoded.
struct SecretDeclaration: Sendable {
    static let generate = Key<String>.choice(
        "generate", SecretGenerator.Form.allCases.map(\.rawValue), "Made once, from the system's random source.")
    static let length = Key<Int>.integer(
        "length", "Characters of what is generated; a uuid has 36.", in: 1...4096, standard: "32")
    static let prompt = Key<Text>.text("prompt", "What the person is asked, once; the answer is hidden.")
    static let pattern = Key<Text>.text("pattern", "What the whole answer must match.", format: .pattern)
    static let standard = Key<Text>.text("default", "Used when nobody answers.")
    static let command = Key<YAMLNode>.node(
        "command", .either([.command, .list(.command)]), "Prints the secret; run at each up, nothing of it is kept.")
    static let use = Key<Text>.literal(
        "use",
        "A program that keeps secrets: pass or sops (tried for real), 1password, aws, gcp, infisical or vault (written "
            + "after their documentation), or the path of a file of your own.")
    static let with = Key<YAMLNode>.node(
        "with", .map(.either([.list(.text)])), "Parameters of the preset in 'use'.")
    static let environment = Key<Text>.literal("env", "The variable that holds it.")
    static let file = Key<Text>.text("file", "The file that holds it, from the root.")
    static let hint = Key<Text>.text("hint", "Where a person finds it.")
    static let optional = Key<Bool>.flag("optional", "Whether it may be missing.")

    static let shape = ObjectShape(
        "a secret",
        keys: [
            generate.spec, length.spec, prompt.spec, pattern.spec, standard.spec, command.spec, use.spec, with.spec,
            environment.spec, file.spec, hint.spec, optional.spec,
        ] + CommonKeys.specs,
        slots: [
            [
                generate.spec.name, prompt.spec.name, command.spec.name, use.spec.name, environment.spec.name,
                file.spec.name,
            ]
        ], companions: [with.spec.name: use.spec.name])

    var source: SecretSource
    var hint: Text?
    var isOptional: Bool
    var common: CommonKeys

    /// `preset` is what `use` names, where it can be used.
    init(_ fields: Fields, _ preset: PresetUse?, _ reading: Reading) {
        source = preset.map { .preset($0) } ?? Self.source(fields, reading)
        hint = fields[Self.hint]
        isOptional = fields[Self.optional] ?? false
        common = CommonKeys(fields)
    }

    private static func source(_ fields: Fields, _ reading: Reading) -> SecretSource {
        if let form = fields[generate].flatMap(SecretGenerator.Form.init(rawValue:)) {
            return .generate(form, length: fields[length] ?? 32)
        }
        if let text = fields[prompt] { return .prompt(text, pattern: fields[pattern], standard: fields[standard]) }
        if let command = fields[command].flatMap(CommandText.init) { return .command(command) }
        if let name = fields[environment] { return .environment(name.source) }
        if let path = fields[file] { return .file(StatedPath(path, reading)) }
        return .none
    }

    /// The name under which a stored value says where it came from.
    var storedKind: String? {
        switch source {
        case .generate: "generate"
        case .prompt: "prompt"
        default: nil
        }
    }

    /// What a stored value was made by, so that a changed definition is seen. Holds no secret.
    var definition: String {
        switch source {
        case .generate(let form, let length): form == .uuid ? "uuid" : "\(form.rawValue) \(length)"
        case .prompt(let text, _, _): text.source
        default: ""
        }
    }
}
