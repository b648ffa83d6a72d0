/// One declared argument as data: what the parser, the help, the completions and the manual page read.
/// It is made by `Option`, `Flag` or `Positionals`, whose typed keys look the values up.
public struct ArgumentSpec: Sendable {
    /// How it is written.
    public enum Form: Hashable, Sendable {
        /// `--name VALUE`.
        case option(repeatable: Bool)
        /// `--name`; with `--no-name` where it can be inverted, `-vv` where it counts.
        case flag(invertible: Bool, counting: Bool)
        /// A bare word; `most` is nil where any number may be given.
        case positional(least: Int, most: Int?)
    }

    /// How it is written.
    public let form: Form
    /// The long name without dashes, or the name of the positional.
    public let name: String
    /// The letter of `-x`.
    public internal(set) var short: Character?
    /// What stands for the value in help, in capitals; empty for a flag.
    public let placeholder: String
    /// What its value must look like; for a flag without meaning.
    public let kind: ValueKind
    /// The default as shown in help; nil where there is none worth showing.
    public let defaultText: String?
    /// One or more sentences.
    public let help: String
    /// Which variable stands in for it.
    public let variable: VariableRule
    /// Where completions find words for its value.
    public let completion: Completion
    /// Whether `short` means this option after the command's name, though it means a program-wide one before it:
    /// `devinit logs -f` follows, `devinit -f FILE logs` names the manifest.
    public let takesOverShort: Bool
    /// Left out of help, completions and the manual page.
    public let isHidden: Bool

    /// Whether a value follows the name.
    public var takesValue: Bool { if case .option = form { true } else { false } }
    /// Whether it is a bare word.
    public var isPositional: Bool { if case .positional = form { true } else { false } }
    /// Whether giving it twice adds up.
    public var isRepeatable: Bool {
        switch form {
        case .option(let repeatable): repeatable
        case .flag(_, let counting): counting
        case .positional(_, let most): most != 1
        }
    }
    /// Whether `--no-NAME` switches it off.
    public var isInvertible: Bool { if case .flag(true, _) = form { true } else { false } }
    /// Whether `-vv` means two.
    public var isCounting: Bool { if case .flag(_, true) = form { true } else { false } }

    /// The long names it answers to, without dashes.
    public var longNames: [String] {
        if isPositional { return [] }
        return isInvertible ? [name, "no-" + name] : [name]
    }

    /// Where its value is kept: a positional and an option may have one name.
    var key: String { isPositional ? "<\(name)>" : name }
}

/// Which environment variable stands in for an option that is not given.
public enum VariableRule: Hashable, Sendable {
    /// `DEVINIT_` and the name in capitals, dashes as underscores.
    case byRule
    /// A name of its own, where the rule's name would mean two things in two commands.
    case named(String)
    /// None: for what must be typed each time.
    case none
}

/// Where the shell finds words to complete a value with.
public enum Completion: Hashable, Sendable {
    /// From the kind: choices, files, folders, else nothing.
    case byKind
    /// Files and folders.
    case files
    /// Folders only.
    case folders
    /// What `PROGRAM __complete TOPIC -- WORDS…` prints, one word per line.
    case callback(String)
    /// Nothing at all.
    case nothing
}
