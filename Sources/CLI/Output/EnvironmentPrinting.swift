import Arguments
import Base
import Execution
import Kinds

/// What `env print` shows.
enum EnvironmentPrinting {
    static func show(
        _ files: [NodeID], _ parsed: ParsedArguments, _ run: RunWorkspace, _ session: Session
    ) throws(CommandFailure) -> ExitStatus {
        var contents: [EnvironmentFileContents] = []
        for file in files {
            do throws(NodeFailure) {
                contents.append(
                    try EnvironmentFiles.contents(file, revealing: parsed[EnvironmentCommand.reveal], in: run))
            } catch {
                throw CommandFailure(.of([error]), code: "env-file", error.message, suggestion: error.remedy)
            }
        }
        let covered = contents.reduce(0) { $0 + $1.coveredCount }
        if covered > 0 {
            session.say("note: \(covered == 1 ? "1 value is" : "\(covered) values are") covered; --reveal shows them")
        }
        guard !session.isJSON, let format = EnvironmentFileContents.Format(rawValue: parsed[EnvironmentCommand.format])
        else {
            session.answer(json(contents))
            return .done
        }
        for content in contents {
            do throws(NodeFailure) {
                let (text, notes) = try content.text(format)
                for note in notes { session.say("note: \(note)") }
                // Not for shells: in an eval without quotes a comment would swallow all that follows.
                if contents.count > 1, format == .dotenv {
                    session.answer("# \(content.file.filter { !$0.isNewline })")
                }
                if !text.isEmpty { session.answer(text) }
            } catch {
                throw CommandFailure(.of([error]), code: "env-file", error.message, suggestion: error.remedy)
            }
        }
        return .done
    }

    private static func json(_ contents: [EnvironmentFileContents]) -> JSON {
        [
            "schema": "devinit.env/1",
            "files": .object(
                contents.map { content in
                    JSON.Member(
                        content.file, .object(content.values.map { JSON.Member($0.key, .string($0.value)) }))
                }),
        ]
    }
}
