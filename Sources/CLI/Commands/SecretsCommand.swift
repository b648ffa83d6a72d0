import Arguments
import Base
import Execution
import HostInterfaces
import Kinds
import Reporting
import State

/// `secrets`: which there are, and giving them other values.
enum SecretsCommand: Command {
    enum Action: String, CaseIterable { case list, set, rotate, forget }

    static let action = Positionals(
        "action", type: .choice(Action.allCases.map(\.rawValue)), most: 1,
        help: "What to do; list where nothing is said.")
    static let names = Positionals("name", help: "The secrets.", completion: .callback("secrets"))
    static let despiteData = Flag(
        "despite-data", help: "Also where a service has data that was made with the old value.", variable: .none)

    static let spec = CommandSpec(
        name: "secrets", summary: "Lists secrets, and sets, rotates or forgets them.",
        discussion: """
            A value is never shown and never an argument: 'set' asks for it, or reads standard input. After a change the \
            env files that hold the secret are written anew, and what still has the old value is named.
            """,
        arguments: [action.spec, names.spec, despiteData.spec],
        examples: [
            Example("devinit secrets", help: "Lists them, with who uses each."),
            Example("devinit secrets set stripe_key", help: "Asks for a value."),
            Example("devinit secrets set stripe_key < file", help: "Takes the value from standard input."),
            Example("devinit secrets rotate session_key", help: "Makes a generated one anew."),
        ],
        group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let action = parsed[action].first.flatMap(Action.init(rawValue:)) ?? .list
        let names = parsed[names].reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        switch action {
        case .list:
            guard names.isEmpty else { throw usage("'secrets list' takes no names", "devinit secrets list") }
            return try list(session)
        case .set where names.count != 1: throw usage("'secrets set' takes one name", "devinit secrets set NAME")
        default:
            if names.isEmpty {
                throw usage("'secrets \(action)' needs a name", "devinit secrets \(action) NAME…")
            }
        }
        let (opened, lock) = try await OpenedWorkspace.locked(
            session, words: (["secrets", action.rawValue] + names).joined(separator: " "))
        defer { lock.release() }
        let change = SecretChange(opened, names: names, despiteData: parsed[despiteData])
        return switch action {
        case .forget: try await change.forget()
        case .rotate: try await change.rotate()
        default: try await change.set()
        }
    }

    private static func usage(_ message: String, _ suggestion: String) -> CommandFailure {
        CommandFailure(.usage, code: "usage", message, suggestion: suggestion)
    }

    private static func list(_ session: Session) throws(CommandFailure) -> ExitStatus {
        let opened = try OpenedWorkspace.open(session)
        let list = SecretList(secrets: opened.secretCare.overview)
        if session.isJSON {
            session.answer(list.json)
        } else if list.secrets.isEmpty {
            session.say("this manifest has no secrets")
        } else {
            session.answer(list.lines(style: session.reporting.output, width: session.outputColumns))
        }
        return .done
    }
}

extension OpenedWorkspace {
    /// What commands do with secrets by hand.
    var secretCare: SecretCare {
        SecretCare(workspace: workspace, host: session.host, values: values, parts: parts)
    }
}
