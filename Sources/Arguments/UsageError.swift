/// Words that make no sense, as data; `message` makes the prose.
public struct UsageError: Error, Hashable, Sendable {
    /// What is wrong, with the offending words.
    public enum Kind: Hashable, Sendable {
        /// `commands`: those that do have it.
        case unknownOption(String, suggestion: String?, commands: [String])
        case unknownCommand(String, suggestion: String?)
        /// `next` is the option that stood where the value should.
        case missingValue(option: String, placeholder: String, next: String?)
        case unwantedValue(option: String, value: String)
        case badValue(Origin, value: String, expected: String, suggestion: String?)
        /// A single-valued option with two values, or a flag and its inverse.
        case conflict(first: String, second: String)
        case missingArgument(String)
        /// `passthrough` is what belongs after `--`, where the command hands such words on.
        case unexpectedArgument(String, passthrough: String?)
        /// A word that the table of hints answers.
        case hinted(String, suggestion: String)
    }

    /// What a wrong value was for.
    public enum Origin: Hashable, Sendable {
        case option(String)
        case argument(String)
        case variable(String)
    }

    /// The program that was called.
    public let program: String
    /// The command that was recognised.
    public let command: String?
    /// What is wrong, with the offending words.
    public let kind: Kind

    /// An error under a command, or under the program where `command` is nil.
    public init(program: String, command: String?, kind: Kind) {
        self.program = program
        self.command = command
        self.kind = kind
    }

    /// One line without a newline: `devinit up: unknown option --dri-run; did you mean --dry-run?`
    public var message: String { "\(invocation): \(sentence)" }

    /// Where to read on: `See devinit up --help`.
    public var advice: String { "See \(invocation) --help" }

    private var invocation: String { command.map { "\(program) \($0)" } ?? program }

    private var sentence: String {
        switch kind {
        case .unknownOption(let token, let suggestion, let commands):
            if let suggestion { return "unknown option \(Prose.shown(token)); did you mean \(suggestion)?" }
            if commands.isEmpty { return "unknown option \(Prose.shown(token))" }
            let names = Prose.alternatives(commands.map { "\(program) \($0)" })
            return "unknown option \(Prose.shown(token)); it is an option of \(names)"
        case .unknownCommand(let word, let suggestion):
            return "unknown command \(Prose.shown(word))" + offer(suggestion.map { "\(program) \($0)" })
        case .missingValue(let option, let placeholder, let next):
            guard let next else { return "\(option) needs a value: \(option) \(placeholder)" }
            let joined = option.hasPrefix("--") ? "\(option)=" : option
            return "\(option) needs a value, but \(Prose.shown(next)) follows; "
                + "if that is the value, write \(joined)\(Prose.shown(next))"
        case .unwantedValue(let option, let value):
            return "\(option) takes no value, but got \(Prose.shown(value))"
        case .badValue(let origin, let value, let expected, let suggestion):
            let name =
                switch origin {
                case .option(let name), .argument(let name): name
                case .variable(let name): "environment variable \(name)"
                }
            return "\(name): \(Prose.shown(value)) is not \(expected)" + offer(suggestion)
        case .conflict(let first, let second):
            return "\(Prose.shown(first)) and \(Prose.shown(second)) contradict each other"
        case .missingArgument(let name): return "\(name) is missing"
        case .unexpectedArgument(let word, let passthrough):
            guard let passthrough else { return "unexpected argument \(Prose.shown(word))" }
            return "unexpected argument \(Prose.shown(word)); \(passthrough) goes after --"
        case .hinted(let token, let suggestion):
            return "\(Prose.shown(token)) is not used here; did you mean \(suggestion)?"
        }
    }

    private func offer(_ suggestion: String?) -> String { suggestion.map { "; did you mean \($0)?" } ?? "" }
}
