import Base
import ManifestModel

/// What a waiting step waits for.
struct WaitRule: Hashable, Sendable {
    enum Target: Hashable, Sendable {
        case http(Text)
        case tcp(Text)
        case command(CommandText)
        /// A regular expression for a line of a service's log.
        case log(String)
    }

    /// `wait` gives up after 60 s when nothing is said.
    static let standardLimit = Duration.seconds(60)

    var target: Target
    var timeout: Duration?

    init?(_ fields: Fields) {
        if let address = fields[StepKeys.http] {
            target = .http(address)
        } else if let address = fields[StepKeys.tcp] {
            target = .tcp(address)
        } else if let command = fields[StepKeys.waitCommand] {
            target = .command(command)
        } else if let pattern = fields[StepKeys.log] {
            target = .log(pattern.source)
        } else {
            return nil
        }
        timeout = fields[StepKeys.timeout]
    }

    /// What it waits for, as a person would say it.
    var words: String {
        switch target {
        case .http(let text): "an answer from \(text.source)"
        case .tcp(let text): "a connection to \(text.source)"
        case .command(let command): command.description
        case .log(let pattern): "a line in the log that matches \(pattern)"
        }
    }

    var texts: [Text] {
        switch target {
        case .http(let text), .tcp(let text): [text]
        case .command, .log: []
        }
    }
}
