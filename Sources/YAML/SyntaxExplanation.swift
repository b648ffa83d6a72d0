import Base

/// A syntax error in plain words, at the place to mend.
struct SyntaxExplanation {
    let text: SourceText
    let problem: SyntaxProblem
    let previous: ParserEvent?
    let openFlows: [Int]

    var diagnostic: Diagnostic {
        Diagnostic(code: "yaml-syntax", problem.problem, at: text.location(ofCharacter: problem.position))
    }
}
