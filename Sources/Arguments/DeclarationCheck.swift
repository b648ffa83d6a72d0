/// What is wrong with a declaration. A unit test asserts that there is nothing.
public enum DeclarationCheck {
    /// One sentence for each mistake, in the order of the declaration.
    public static func problems(_ program: Program) -> [String] {
        var problems: [String] = []
        check(sentence: program.summary, of: program.name, &problems)
        check(program.globals, owner: "program-wide", &problems)
        for spec in program.globals {
            if spec.isPositional { problems.append("program-wide \(spec.name) is a positional") }
            if spec.takesOverShort { problems.append("program-wide --\(spec.name) can take no letter over") }
        }
        problems += twice(program.commands.map(\.name)).map { "two commands are called \($0)" }
        problems += twice(program.groups).map { "two groups are called \($0)" }
        problems += twice(program.hints.map(\.word)).map { "two hints answer \($0)" }
        for hint in program.hints where program.command(named: hint.word) != nil {
            problems.append("a hint answers \(hint.word), which is a command")
        }
        for group in program.groups where program.commands(in: group).isEmpty {
            problems.append("group \(group) is empty")
        }
        for command in program.commands { check(command, in: program, &problems) }
        checkVariables(program, &problems)
        return problems
    }

    private static func check(_ command: CommandSpec, in program: Program, _ problems: inout [String]) {
        let owner = command.name
        if !isName(command.name), command.group != nil { problems.append("command \(owner) is not in small letters") }
        if let group = command.group, !program.groups.contains(group) {
            problems.append("\(owner) is in group \(group), which the program does not list")
        }
        check(sentence: command.summary, of: owner, &problems)
        check(command.arguments, owner: owner, &problems)
        let globalNames = Set(program.globals.flatMap(\.longNames))
        for spec in command.options {
            for name in spec.longNames where globalNames.contains(name) {
                problems.append("\(owner): --\(name) is program-wide already")
            }
            guard let short = spec.short else { continue }
            let isGlobal = program.globals.contains { $0.short == short }
            if isGlobal && !spec.takesOverShort {
                problems.append("\(owner): -\(short) is program-wide already; takesOverShort says that this is meant")
            } else if !isGlobal && spec.takesOverShort {
                problems.append("\(owner): -\(short) takes nothing over")
            }
        }
        problems += twice(command.positionals.map(\.name)).map { "\(owner): two positionals are called \($0)" }
        for hint in command.hints {
            let own = command.options.contains { $0.short.map { "-\($0)" } == hint.word || "--\($0.name)" == hint.word }
            if own { problems.append("\(owner): a hint answers \(hint.word), which is an option of it") }
            if !hint.word.hasPrefix("-") { problems.append("\(owner): hint \(hint.word) is no option") }
        }
        if let words = command.passthroughAfterDashes { check(sentence: words.help, of: "\(owner) --", &problems) }
        for example in command.examples {
            check(sentence: example.help, of: "example \(example.line)", &problems)
            let words = example.line.split(separator: " ").map(String.init)
            if words.first != program.name {
                problems.append("\(owner): example \(example.line) does not begin with \(program.name)")
            } else if words.contains(where: { $0.contains { "'\"|&;$".contains($0) } }) {
                continue  // A shell's work is needed to read it.
            } else {
                do throws(UsageError) {
                    _ = try program.parse(words: Array(words.dropFirst()))
                } catch {
                    problems.append("\(owner): example \(example.line): \(error.message)")
                }
            }
        }
    }

    private static func check(_ specs: [ArgumentSpec], owner: String, _ problems: inout [String]) {
        let reserved = Program.builtIns.flatMap(\.longNames)
        problems += twice(specs.flatMap(\.longNames) + reserved).map { "\(owner): --\($0) is declared twice" }
        let letters = (specs + Program.builtIns).compactMap(\.short).map { String($0) }
        problems += twice(letters).map { "\(owner): -\($0) is declared twice" }
        for spec in specs {
            let name = spec.isPositional ? spec.placeholder : "--" + spec.name
            check(sentence: spec.help, of: "\(owner) \(name)", &problems)
            if !isName(spec.name) { problems.append("\(owner): \(name) is not in small letters and dashes") }
            if let short = spec.short, !(short.isASCII && short.isLetter) {
                problems.append("\(owner): -\(short) is no letter")
            }
            if spec.takesValue, spec.placeholder.isEmpty || spec.placeholder != spec.placeholder.uppercased() {
                problems.append("\(owner): \(name) needs a placeholder in capitals")
            }
            if case .choice(let words) = spec.kind, words.isEmpty {
                problems.append("\(owner): \(name) has no choices")
            }
            if case .flag(true, true) = spec.form { problems.append("\(owner): \(name) both counts and inverts") }
            if case .positional(let least, let most) = spec.form,
                least < 0 || (most.map { $0 < max(1, least) } ?? false)
            {
                problems.append("\(owner): \(name) can hold no words")
            }
        }
    }

    /// One variable must not mean two things: setting it for one command would break the other.
    private static func checkVariables(_ program: Program, _ problems: inout [String]) {
        var meanings: [String: (owner: String, meaning: String)] = [:]
        let owned =
            program.globals.map { ("every command", $0) }
            + program.commands.flatMap { command in command.options.map { (command.name, $0) } }
        for (owner, spec) in owned {
            guard let variable = program.variable(of: spec) else { continue }
            let meaning = "\(spec.form) \(spec.kind.expectation)"
            if let earlier = meanings[variable], earlier.meaning != meaning {
                problems.append("\(variable) means one thing to \(earlier.owner) and another to \(owner)")
            } else {
                meanings[variable] = (owner, meaning)
            }
        }
    }

    private static func check(sentence: String, of owner: String, _ problems: inout [String]) {
        if sentence.isEmpty {
            problems.append("\(owner) has no help")
        } else if !sentence.hasSuffix(".") || sentence.hasSuffix("..") {
            problems.append("\(owner): help does not end with one full stop")
        } else if sentence.first.map({ $0.isLowercase || $0.isWhitespace }) ?? false {
            problems.append("\(owner): help does not begin with a capital")
        }
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("-") && !name.hasSuffix("-")
            && name.utf8.allSatisfy {
                ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z")) || $0 == Word.dash
                    || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
            }
    }

    private static func twice(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        var reported: Set<String> = []
        return names.filter { !seen.insert($0).inserted && reported.insert($0).inserted }
    }
}
