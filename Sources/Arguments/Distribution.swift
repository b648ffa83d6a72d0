import Base

/// Which bare word belongs to which positional.
struct Distribution {
    let program: Program
    let command: CommandSpec

    func assign(_ words: [String], to parsed: inout ParsedArguments) throws(UsageError) {
        var rest = words[...]
        var neededLater = command.positionals.reduce(0) { $0 + least($1) }
        for spec in command.positionals {
            neededLater -= least(spec)
            let most: Int? = if case .positional(_, let most) = spec.form { most } else { 0 }
            let taken = rest.prefix(min(most ?? .max, max(least(spec), rest.count - neededLater)))
            if taken.count < least(spec) { throw failure(.missingArgument(spec.placeholder)) }
            for word in taken where !spec.kind.accepts(word) {
                throw failure(
                    .badValue(
                        .argument(spec.placeholder), value: word, expected: spec.kind.expectation,
                        suggestion: TextDistance.nearest(to: word, among: spec.kind.choices)))
            }
            rest = rest.dropFirst(taken.count)
            if !taken.isEmpty { parsed.entries[spec.key] = .init(texts: Array(taken), source: .commandLine) }
        }
        let passthrough = command.passthroughAfterDashes
        if let word = rest.first {
            throw failure(.unexpectedArgument(word, passthrough: passthrough?.placeholder))
        }
        if let passthrough, passthrough.isRequired, parsed.passthrough.isEmpty {
            throw failure(.missingArgument("-- \(passthrough.placeholder)"))
        }
    }

    private func least(_ spec: ArgumentSpec) -> Int {
        if case .positional(let least, _) = spec.form { least } else { 0 }
    }

    private func failure(_ kind: UsageError.Kind) -> UsageError {
        UsageError(program: program.name, command: command.name, kind: kind)
    }
}
