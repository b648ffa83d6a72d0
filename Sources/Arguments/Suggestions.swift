import Base

/// What an unknown word was probably meant to be.
struct Suggestions {
    let program: Program
    let command: CommandSpec?

    func unknownCommand(_ word: String) -> UsageError {
        let visible = program.commands.filter { $0.group != nil }.map(\.name)
        let hint = program.hints.first { $0.word == word }?.suggestion
        return failure(
            .unknownCommand(word, suggestion: hint ?? TextDistance.nearest(to: word, among: visible)))
    }

    func unknownOption(_ token: String) -> UsageError {
        let name = String(token.dropFirst(2))
        let nearest = TextDistance.nearest(to: name, among: longNames)
        return failure(
            .unknownOption(token, suggestion: nearest.map { "--" + $0 }, commands: commands { $0.name == name }))
    }

    /// `-dry-run` is meant to be `--dry-run`, `-c` may be `-C`.
    func unknownLetter(_ letter: Character, in word: String) -> UsageError {
        let body = Word.splitLong("-" + word).name
        if body.count > 1, longNames.contains(body) {
            return failure(.unknownOption("-" + body, suggestion: "--" + body, commands: []))
        }
        let letters = scope.compactMap(\.short)
        let other = letters.first { String($0).lowercased() == String(letter).lowercased() }
        return failure(
            .unknownOption(
                "-\(letter)", suggestion: other.map { "-\($0)" }, commands: commands { $0.short == letter }))
    }

    private var scope: [ArgumentSpec] {
        let own = command.map(\.options) ?? program.commands.filter { $0.group != nil }.flatMap(\.options)
        return (own + program.globals(under: command) + Program.builtIns).filter { !$0.isHidden }
    }

    private var longNames: [String] { scope.flatMap(\.longNames) }

    private func commands(where matches: (ArgumentSpec) -> Bool) -> [String] {
        program.commands.filter { $0.group != nil && $0.options.contains(where: matches) }.map(\.name)
    }

    private func failure(_ kind: UsageError.Kind) -> UsageError {
        UsageError(program: program.name, command: command?.name, kind: kind)
    }
}
