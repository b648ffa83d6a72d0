import Base

extension Program {
    /// Words (without the program's own name) in, values out. Total: any words give values or one `UsageError`.
    ///
    /// An option that is not given takes its variable's value; an empty variable counts as unset, and one whose
    /// option is given is not read at all.
    public func parse(words: [String], environment: [String: String] = [:]) throws(UsageError) -> ParsedArguments {
        var parser = Parser(program: self, words: words)
        return try parser.parse(environment: environment)
    }
}

/// One pass over the words.
struct Parser {
    let program: Program
    let words: [String]
    var command: CommandSpec?
    var commandIndex: Int?
    var parsed = ParsedArguments(request: .nothing)
    private var index = 0
    private var bare: [String] = []
    private var wantsHelp = false
    private var wantsVersion = false

    init(program: Program, words: [String]) {
        self.program = program
        self.words = words
        commandIndex = CommandSearch(program: program).index(in: words)
        command = commandIndex.flatMap { program.command(named: words[$0]) }
        // A word that asks for help is never an option's value, so that no slip on the line keeps help away.
        let beforeDashes = words.prefix { $0 != "--" }
        wantsHelp = beforeDashes.contains("--help") || beforeDashes.contains("-h")
        wantsVersion = beforeDashes.contains("--version")
    }

    mutating func parse(environment: [String: String]) throws(UsageError) -> ParsedArguments {
        if !wantsHelp && !wantsVersion { try readWords() }
        if wantsVersion && !wantsHelp { return ParsedArguments(request: .version) }
        if let commandIndex, command == nil {
            throw Suggestions(program: program, command: nil).unknownCommand(words[commandIndex])
        }
        if wantsHelp { return ParsedArguments(request: .help(command)) }
        guard let command else { return parsed }
        try Distribution(program: program, command: command).assign(bare, to: &parsed)
        try EnvironmentReading(program: program, command: command).fill(&parsed, from: environment)
        parsed.request = .command(command)
        return parsed
    }

    private var isAfterCommand: Bool { commandIndex.map { index > $0 } ?? false }

    private mutating func readWords() throws(UsageError) {
        var optionsEnded = false
        while index < words.count {
            let word = words[index]
            defer { index += 1 }
            if index == commandIndex {
                // The rest can only be judged by a command.
                if command == nil { return }
            } else if word == "--", isAfterCommand, command?.passthroughAfterDashes != nil {
                parsed.passthrough = Array(words[(index + 1)...])
                return
            } else if optionsEnded {
                bare.append(word)
            } else if word == "--" {
                optionsEnded = true
            } else if !Word.isOption(word) {
                // It stands where a command should: left over by an option that takes no value.
                guard isAfterCommand else { throw Suggestions(program: program, command: nil).unknownCommand(word) }
                bare.append(word)
            } else if Word.isLong(word) {
                try readLong(word)
            } else {
                try readLetters(word)
            }
        }
    }

    private mutating func readLong(_ word: String) throws(UsageError) {
        let (name, value) = Word.splitLong(word)
        let token = "--" + name
        try checkHint(token)
        guard let spec = find({ $0.longNames.contains(name) }) else {
            // Without a command, another command's option may stand here; the missing command is the error then.
            if command == nil, program.commands.contains(where: { $0.options.contains { $0.name == name } }) { return }
            throw Suggestions(program: program, command: command).unknownOption(token)
        }
        if spec.takesValue {
            let text = if let value { value } else { try nextValue(of: spec, token: token) }
            try record(text, of: spec, token: token)
        } else if let value {
            throw failure(.unwantedValue(option: token, value: value))
        } else {
            try switchFlag(spec, on: name == spec.name, token: token)
        }
    }

    private mutating func readLetters(_ word: String) throws(UsageError) {
        var rest = word.dropFirst()
        while let letter = rest.popFirst() {
            let token = "-\(letter)"
            try checkHint(token)
            guard let spec = find({ $0.short == letter }) else {
                if command == nil, program.commands.contains(where: { $0.options.contains { $0.short == letter } }) {
                    return
                }
                throw Suggestions(program: program, command: command)
                    .unknownLetter(letter, in: word)
            }
            if spec.name == "help" { wantsHelp = true }
            guard spec.takesValue else {
                try switchFlag(spec, on: true, token: token)
                continue
            }
            if rest.first == "=" {
                rest.removeFirst()
            } else if rest.isEmpty {
                return try record(nextValue(of: spec, token: token), of: spec, token: token)
            }
            return try record(String(rest), of: spec, token: token)
        }
    }

    /// After the command its own options go first, before it the program's.
    private func find(_ matches: (ArgumentSpec) -> Bool) -> ArgumentSpec? {
        if let builtIn = Program.builtIns.first(where: matches) { return builtIn }
        let own = command?.options ?? []
        return isAfterCommand
            ? own.first(where: matches) ?? program.globals.first(where: matches)
            : program.globals.first(where: matches) ?? own.first(where: matches)
    }

    private func checkHint(_ token: String) throws(UsageError) {
        guard isAfterCommand, let hint = command?.hints.first(where: { $0.word == token }) else { return }
        throw failure(.hinted(token, suggestion: hint.suggestion))
    }

    private mutating func nextValue(of spec: ArgumentSpec, token: String) throws(UsageError) -> String {
        let next = index + 1 < words.count && index + 1 != commandIndex ? words[index + 1] : nil
        guard let next, next != "--", !Word.isOption(next) else {
            throw failure(
                .missingValue(option: token, placeholder: spec.placeholder, next: next == "--" ? nil : next))
        }
        index += 1
        return next
    }

    private mutating func record(_ text: String, of spec: ArgumentSpec, token: String) throws(UsageError) {
        guard spec.kind.accepts(text) else {
            throw failure(
                .badValue(
                    .option(token), value: text, expected: spec.kind.expectation,
                    suggestion: TextDistance.nearest(to: text, among: spec.kind.choices)))
        }
        var entry = parsed.entries[spec.key] ?? .init(source: .commandLine)
        if !spec.isRepeatable, let first = entry.texts.first, first != text {
            throw failure(.conflict(first: "--\(spec.name) \(first)", second: "--\(spec.name) \(text)"))
        }
        entry.texts.append(text)
        parsed.entries[spec.key] = entry
    }

    private mutating func switchFlag(_ spec: ArgumentSpec, on: Bool, token: String) throws(UsageError) {
        if let earlier = parsed.entries[spec.key], (earlier.count > 0) != on {
            throw failure(.conflict(first: on ? "--no-\(spec.name)" : "--\(spec.name)", second: token))
        }
        let earlier = parsed.entries[spec.key]?.count ?? 0
        parsed.entries[spec.key] = .init(count: on ? earlier + 1 : 0, source: .commandLine)
    }

    private func failure(_ kind: UsageError.Kind) -> UsageError {
        UsageError(program: program.name, command: command?.name, kind: kind)
    }
}
