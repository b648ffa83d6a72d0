import Base
import ManifestModel
import YAML

/// `health`: what shows that a service serves.
struct HealthDeclaration: Sendable {
    enum Check: Sendable {
        /// An answer below 400 from this path; the first port when no name is given.
        case http(port: String?, path: Text)
        /// A connection to the port of that name, or of that number; the first port when it is empty.
        case tcp(port: String)
        /// Exit status 0; inside the container, for native services on this machine.
        case command(CommandText)
        /// A line of output that holds the pattern.
        case log(String)

        var command: CommandText? { if case .command(let command) = self { command } else { nil } }
    }

    private static let page = ObjectShape(
        "an http check",
        keys: [
            KeySpec("port", .literal(.plain), "The port's name.", standard: "the first"),
            KeySpec("path", .text, "The page that must answer.", standard: "/"),
        ])
    private static let http = Key<YAMLNode>.node(
        "http", .either([.object(page), .text]), "A page that must answer with a status below 400.")
    private static let tcp = Key<Text>.literal("tcp", "A port, by name or number, that must take connections.")
    private static let command = Key<CommandText>(
        KeySpec(
            "command", .either([.list(.command), .command]),
            "A command that must end with 0, run inside the container.")
    ) { CommandText($0) }
    private static let log = Key<Text>.literal(
        "log", "A regular expression that a line of its output must hold.", format: .pattern)
    private static let timeout = Key<Duration>.duration(
        "timeout", "How long it may take to get healthy.", standard: "2m")

    static let shape = ObjectShape(
        "a health check", keys: [http.spec, tcp.spec, command.spec, log.spec, timeout.spec],
        slots: [["http", "tcp", "command", "log"]])

    let check: Check?
    let timeout: Duration?
    let location: SourceLocation

    private init(check: Check?, timeout: Duration?, location: SourceLocation) {
        self.check = check
        self.timeout = timeout
        self.location = location
    }

    /// The same check with another limit; nil leaves it as it is.
    func with(timeout: Duration?) -> HealthDeclaration {
        HealthDeclaration(check: check, timeout: timeout ?? self.timeout, location: location)
    }

    init(_ fields: Fields) {
        location = fields.location
        timeout = fields[Self.timeout]
        if let node = fields[Self.http] {
            let path = node.entries == nil ? node : node["path"]
            check = .http(
                port: node["port"]?.text, path: path?.interpolated ?? Text(literal: "/", location: node.location))
        } else if let port = fields[Self.tcp] {
            check = .tcp(port: port.source)
        } else if let command = fields[Self.command] {
            check = .command(command)
        } else if let pattern = fields[Self.log] {
            check = .log(pattern.source)
        } else {
            check = nil
        }
    }
}
