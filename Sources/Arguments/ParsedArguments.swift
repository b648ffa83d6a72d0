/// Where a value comes from. The caller lays local, personal and manifest defaults under `.notGiven`.
public enum ValueSource: Hashable, Sendable {
    case commandLine
    /// The name of the variable.
    case environment(variable: String)
    /// Neither given nor in the environment: the declared default.
    case notGiven
}

/// What the words came to. Every lookup is total: what was not given has its declared default.
public struct ParsedArguments: Sendable {
    /// What is asked for.
    public enum Request: Sendable {
        case command(CommandSpec)
        /// Help for the command, or for the program.
        case help(CommandSpec?)
        case version
        /// No command was named.
        case nothing
    }

    /// What is asked for.
    public internal(set) var request: Request
    /// The words after `--`, for a command that hands them on.
    public internal(set) var passthrough: [String] = []
    var entries: [String: Entry] = [:]

    struct Entry: Sendable {
        var texts: [String] = []
        /// How often a flag was given; 0 where it was switched off.
        var count = 0
        var source: ValueSource
    }

    init(request: Request) { self.request = request }

    /// The value, or the declared default.
    public subscript<Value>(option: Option<Value>) -> Value { given(option) ?? option.fallback }

    /// Whether the flag is on, by what was given or by its default.
    public subscript(flag: Flag) -> Bool { given(flag) ?? flag.fallback }

    /// The words, as values; empty where none stand there.
    public subscript<Element>(positionals: Positionals<Element>) -> [Element] {
        entries[positionals.spec.key]?.texts.compactMap(positionals.read) ?? []
    }

    /// The value only where it was given or stands in the environment, else nil.
    public func given<Value>(_ option: Option<Value>) -> Value? {
        entries[option.spec.key].flatMap { option.read($0.texts) }
    }

    /// Whether the flag was switched on or off; nil where it was neither.
    public func given(_ flag: Flag) -> Bool? { entries[flag.spec.key].map { $0.count > 0 } }

    /// How often a counting flag was given.
    public func count(_ flag: Flag) -> Int { entries[flag.spec.key]?.count ?? 0 }

    /// Where the value of this argument comes from.
    public func source(of spec: ArgumentSpec) -> ValueSource { entries[spec.key]?.source ?? .notGiven }
}
