import Base

/// Values for the options that were not given, from the environment.
struct EnvironmentReading {
    let program: Program
    let command: CommandSpec

    func fill(_ parsed: inout ParsedArguments, from environment: [String: String]) throws(UsageError) {
        for spec in command.options + program.globals where parsed.entries[spec.key] == nil {
            guard let variable = program.variable(of: spec), let text = environment[variable], !text.isEmpty else {
                continue
            }
            let source = ValueSource.environment(variable: variable)
            guard spec.takesValue else {
                guard let count = count(text, of: spec) else {
                    let expected = spec.isCounting ? "a whole number, true or false" : "1, 0, true or false"
                    throw failure(variable, value: text, expected: expected, suggestion: nil)
                }
                parsed.entries[spec.key] = .init(count: count, source: source)
                continue
            }
            let texts = spec.isRepeatable ? pieces(text) : [text]
            for text in texts where !spec.kind.accepts(text) {
                throw failure(
                    variable, value: text, expected: spec.kind.expectation,
                    suggestion: TextDistance.nearest(to: text, among: spec.kind.choices))
            }
            if !texts.isEmpty { parsed.entries[spec.key] = .init(texts: texts, source: source) }
        }
    }

    /// Nil where the text says neither on nor off. A counting flag may also say how often.
    private func count(_ text: String, of spec: ArgumentSpec) -> Int? {
        switch text {
        case "1", "true": 1
        case "0", "false": 0
        default: spec.isCounting ? Int(text).flatMap { $0 >= 0 ? $0 : nil } : nil
        }
    }

    private func pieces(_ text: String) -> [String] {
        text.split(separator: ",").map { piece in
            let fromFirst = piece.drop(while: \.isWhitespace)
            return String(fromFirst.reversed().drop(while: \.isWhitespace).reversed())
        }.filter { !$0.isEmpty }
    }

    private func failure(_ variable: String, value: String, expected: String, suggestion: String?) -> UsageError {
        UsageError(
            program: program.name, command: command.name,
            kind: .badValue(.variable(variable), value: value, expected: expected, suggestion: suggestion))
    }
}
