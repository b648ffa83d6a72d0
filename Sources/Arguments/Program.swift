/// A command as data.
public struct CommandSpec: Sendable {
    /// As it is typed.
    public let name: String
    /// One sentence, shown in the list of commands.
    public let summary: String
    /// Paragraphs separated by an empty line; may be empty.
    public let discussion: String
    /// Its options and positionals, the latter in their order on the line.
    public let arguments: [ArgumentSpec]
    /// Lines worth copying; `DeclarationCheck` parses them.
    public let examples: [Example]
    /// The title of the group under which the program's help lists it, one of `Program.groups`.
    /// Nil hides the command.
    public let group: String?
    /// What the words after `--` are; nil where they are positionals like any others.
    public let passthroughAfterDashes: Passthrough?
    /// Answers to words that people bring from other tools. An option here is refused even where it would be a
    /// program-wide one: `down -v` must not mean "verbose" to whoever wants volumes removed.
    public let hints: [Hint]

    /// Nothing is judged here: `DeclarationCheck` does.
    public init(
        name: String, summary: String, discussion: String = "", arguments: [ArgumentSpec] = [],
        examples: [Example] = [], group: String?, passthroughAfterDashes: Passthrough? = nil, hints: [Hint] = []
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.arguments = arguments
        self.examples = examples
        self.group = group
        self.passthroughAfterDashes = passthroughAfterDashes
        self.hints = hints
    }

    var positionals: [ArgumentSpec] { arguments.filter(\.isPositional) }
    var options: [ArgumentSpec] { arguments.filter { !$0.isPositional } }
}

/// A command line worth copying, and what it does.
public struct Example: Hashable, Sendable {
    /// As typed, with the program's name.
    public let line: String
    /// One sentence.
    public let help: String

    /// `help` is one sentence.
    public init(_ line: String, help: String) {
        self.line = line
        self.help = help
    }
}

/// The words after `--`, handed on as they are.
public struct Passthrough: Hashable, Sendable {
    /// What stands for them in help, in capitals.
    public let placeholder: String
    /// One sentence.
    public let help: String
    /// Whether the command makes no sense without them.
    public let isRequired: Bool

    /// `placeholder` is in capitals.
    public init(_ placeholder: String, required: Bool = false, help: String) {
        self.placeholder = placeholder
        self.help = help
        self.isRequired = required
    }
}

/// What is meant by a word that is not offered.
public struct Hint: Hashable, Sendable {
    /// `-v` or `--long` in a command's table; a bare word in the program's.
    public let word: String
    /// What to offer instead.
    public let suggestion: String

    /// Offers `suggestion` where `word` stands.
    public init(_ word: String, suggestion: String) {
        self.word = word
        self.suggestion = suggestion
    }
}

/// The whole declared surface.
public struct Program: Sendable {
    /// As it is typed; in capitals the beginning of its variables.
    public let name: String
    /// One sentence.
    public let summary: String
    /// Paragraphs separated by an empty line; may be empty.
    public let discussion: String
    /// The options that every command takes, before or after its name.
    public let globals: [ArgumentSpec]
    public let commands: [CommandSpec]
    /// The titles of the groups in the order of the help.
    public let groups: [String]
    /// What is meant by words that are no commands: `start` by `up`, say.
    public let hints: [Hint]

    /// Nothing is judged here: `DeclarationCheck` does.
    public init(
        name: String, summary: String, discussion: String = "", globals: [ArgumentSpec], commands: [CommandSpec],
        groups: [String], hints: [Hint] = []
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.globals = globals
        self.commands = commands
        self.groups = groups
        self.hints = hints
    }

    /// The command of that exact name; nil where there is none.
    public func command(named name: String) -> CommandSpec? { commands.first { $0.name == name } }

    /// The variable that stands in for an option; nil where none does.
    public func variable(of spec: ArgumentSpec) -> String? {
        if spec.isPositional { return nil }
        switch spec.variable {
        case .byRule: return Self.variableForm(name) + "_" + Self.variableForm(spec.name)
        case .named(let name): return name
        case .none: return nil
        }
    }

    /// The program-wide options as they stand after the command's name: without the letters it takes over.
    func globals(under command: CommandSpec?) -> [ArgumentSpec] {
        guard let taken = command?.arguments.filter(\.takesOverShort).compactMap(\.short), !taken.isEmpty else {
            return globals
        }
        return globals.map { spec in
            var spec = spec
            if let short = spec.short, taken.contains(short) { spec.short = nil }
            return spec
        }
    }

    /// The commands of a group, in the order of their declaration.
    func commands(in group: String) -> [CommandSpec] { commands.filter { $0.group == group } }

    private static func variableForm(_ name: String) -> String {
        String(name.uppercased().map { $0 == "-" ? "_" : $0 })
    }

    /// Answered anywhere before `--`; no command may declare them.
    static let builtIns = [
        Flag("help", short: "h", help: "Show this help and stop.", variable: .none).spec,
        Flag("version", help: "Show the version and stop.", variable: .none).spec,
    ]
}
