import Arguments
import Kinds
import Base
import HostInterfaces
import ManifestModel
import State

/// Answers to the questions of `vars`, remembered per workspace.
enum Answers {
    private static let names = "answers"

    static func remembered(_ journal: Journal) -> [String: String] {
        var answers: [String: String] = [:]
        for member in journal.fact(names)?.object ?? [] { answers[member.key] = member.value.string }
        return answers
    }

    /// Asks what nobody answered yet. Without a person what has no default is an error that lists all of them. A
    /// default that nobody chose is no answer, so it follows the manifest.
    static func ask(
        _ questions: [Question], known: [String: String], _ session: Session
    ) async throws(CommandFailure) -> [String: String] {
        var answers = known
        var missing = Diagnostics()
        for question in questions {
            if let answer = known[question.name], question.problem(with: answer) == nil { continue }
            if session.mayAsk, !session.parsed[GlobalOptions.yes] || question.standard == nil {
                answers[question.name] = try await ask(question, session)
            } else if question.standard == nil {
                missing.add(
                    Diagnostic(
                        code: "unanswered", "the question '\(question.prompt)' (\(question.name)) has no answer",
                        at: question.location, suggestion: "run devinit up in a terminal, or give it a default"))
            }
        }
        if !missing.isEmpty { throw CommandFailure(.prerequisites, missing) }
        return answers
    }

    private static func ask(_ question: Question, _ session: Session) async throws(CommandFailure) -> String {
        let choices = question.choices.isEmpty ? "" : " (\(question.choices.joined(separator: ", ")))"
        let standard = question.standard.map { " [\($0)]" } ?? ""
        for _ in 0..<5 {
            guard
                let typed = await session.host.terminal.ask("\(question.prompt)\(choices)\(standard): ", hidden: false)
            else { break }
            let answer = typed.isEmpty ? question.standard ?? "" : typed
            guard let problem = question.problem(with: answer) else { return answer }
            session.say("  \(problem)")
        }
        throw CommandFailure(
            .prerequisites, code: "unanswered", "'\(question.prompt)' was not answered",
            suggestion: "run devinit up again")
    }

    static func remember(_ answers: [String: String], _ journal: Journal) throws(SystemError) {
        try journal.append(.fact(names, .sorted(answers.mapValues { .string($0) })))
    }
}
