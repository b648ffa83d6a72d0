/// Finds which word is the command, before it is known which options apply.
struct CommandSearch {
    let program: Program

    /// The index of the command's word; nil where no word is left for one. Wrong options are passed over here:
    /// the parser names them once the command is known.
    func index(in words: [String]) -> Int? {
        var index = 0
        while index < words.count {
            let word = words[index]
            if word == "--" { return index + 1 < words.count ? index + 1 : nil }
            guard Word.isOption(word) else { return index }
            let next = index + 1 < words.count ? words[index + 1] : nil
            index += eatsNext(word, next: next) ? 2 : 1
        }
        return nil
    }

    private func eatsNext(_ word: String, next: String?) -> Bool {
        guard let next, !Word.isOption(next), next != "--" else { return false }
        if Word.isLong(word) {
            let (name, value) = Word.splitLong(word)
            return value == nil && takesValue(next: next) { $0.longNames.contains(name) }
        }
        let letters = Array(word.dropFirst())
        for (offset, letter) in letters.enumerated() where takesValue(next: next, { $0.short == letter }) {
            return offset == letters.count - 1
        }
        return false
    }

    /// Program-wide options go first. Where commands disagree, the word that follows decides: a command's name
    /// is the command.
    private func takesValue(next: String, _ matches: (ArgumentSpec) -> Bool) -> Bool {
        if let global = program.globals.first(where: matches) { return global.takesValue }
        let found = program.commands.flatMap(\.options).filter(matches)
        guard found.contains(where: \.takesValue) else { return false }
        return found.allSatisfy(\.takesValue) || program.command(named: next) == nil
    }
}
