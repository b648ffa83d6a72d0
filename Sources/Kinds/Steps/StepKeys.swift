import Base
import ManifestModel
import YAML

/// The keys of a step, as the manifest and template files have them.
enum StepKeys {
    static let run = command("run", "A text for the shell, or an argument vector. Never interpolated.")
    static let use = Key<Text>.text("use", "A step template: a name, or the path of a file.")
    static let with = Key<YAMLNode>.node(
        "with", .map(.anything(composed: false), names: .node), "Parameters of the template.")
    static let folder = Key<Text>.text("in", "A repository's name, else a path from the root.", standard: ".")
    static let inside = Key<Fields>.object("inside", insideShape, "A service in whose container it runs.")
    static let wait = Key<Fields>.object("wait", waitShape, "What the step waits for; it does nothing else.")
    static let inputs = Key<[Text]>.texts("inputs", "Globs and step ids: what makes it run again.")
    static let outputs = Key<[Text]>.texts("outputs", "Globs of what it makes; each must be there afterwards.")
    static let unless = command("unless", "A command; exit 0 means up to date.")
    static let once = Key<OnceRule>(
        KeySpec(
            "once", .either([.boolean, .object(onceShape)]), "Once ever, or once for the data of a service.",
            standard: "false")
    ) { OnceRule($0) }
    static let per = Key<Text>.text("per", "A service: the record belongs to that service's data.")
    static let environment = Key<OrderedMap<String, Text>>.textMap("env", "Its environment.", names: .variable)
    static let environmentFiles = Key<[Text]>.texts(
        "env_file", "Files with more of its environment; PATH and what changes the shell or the loader is left out.")
    static let stdin = Key<Text>.text("stdin", "A file that it reads as its input.")
    static let stdout = Key<Text>.text("stdout", "A file that gets its output.")
    static let shell = Key<String>.choice("shell", ["sh", "bash"], "The shell of a text.", standard: "sh")
    static let retry = Key<Fields>.object("retry", RetryKeys.shape, "How a failure is tried again.")
    static let timeout = Key<Duration>.duration("timeout", "How long it may take.")
    static let interactive = Key<Bool>.flag("interactive", "It gets the terminal for itself.")
    static let allowFailure = Key<Bool>.flag("allow_failure", "A failure is told and does not count.")
    static let confirm = Key<Text>.text("confirm", "What the person must say yes to.")
    static let locks = Key<[Text]>.texts("lock", "Steps with the same lock never overlap.")
    static let restarts = Key<[Text]>.names("restarts", "Services to restart afterwards; done when they serve again.")
    static let stops = Key<[Text]>.names("stops", "Services to stop before.")
    static let manual = Key<Bool>.flag("manual", "It runs only when it is named.")

    /// What a template's variant may decide as well as the template itself.
    static let work = [
        run.spec, inside.spec, wait.spec, inputs.spec, outputs.spec, unless.spec, once.spec, per.spec,
        environment.spec, environmentFiles.spec, stdin.spec, stdout.spec, shell.spec, retry.spec, timeout.spec,
        interactive.spec, allowFailure.spec, confirm.spec, locks.spec, restarts.spec, stops.spec,
    ]

    static let shape = ObjectShape(
        "a step",
        keys: [run.spec, use.spec, with.spec, folder.spec] + work.dropFirst() + [manual.spec] + CommonKeys.specs,
        slots: [["run", "use", "wait"]], companions: ["with": "use"])

    // MARK: What stands inside others

    static let service = Key<Text>.text("service", "The service.", required: true)
    static let start = Key<Bool>.flag(
        "start", "False: in a container of its own, the service need not run.", standard: true)
    static let insideShape = ObjectShape(
        "'inside'", keys: [service.spec, start.spec], expand: ObjectShape.scalar(into: "service"))

    static let oncePer = Key<Text>.text("per", "The service.", required: true)
    static let onceShape = ObjectShape("'once'", keys: [oncePer.spec])

    static let http = Key<Text>.text("http", "An address that must answer with a status below 400.")
    static let tcp = Key<Text>.text("tcp", "HOST:PORT, or a port, that must accept connections.")
    static let waitCommand = command("command", "A command that must end with 0.")
    static let log = Key<Text>.literal(
        "log", "What a line of the log of the service in 'inside' must match.", format: .pattern)
    static let waitShape = ObjectShape(
        "'wait'", keys: [http.spec, tcp.spec, waitCommand.spec, log.spec, timeout.spec],
        slots: [["http", "tcp", "command", "log"]])

    /// A text for a shell or a list of words; taken as it is written.
    static func command(_ name: String, _ help: String) -> Key<CommandText> {
        Key(KeySpec(name, .either([.list(.command)]), help)) { CommandText($0) }
    }
}

/// `once`: ever, or once for the data of a service.
enum OnceRule: Hashable, Sendable {
    case never
    case ever
    case per(Text)

    init?(_ node: YAMLNode) {
        if let flag = node.bool {
            self = flag ? .ever : .never
        } else if node.entries != nil {
            // A template whose parameter was not given: once ever is nearer to it than every time.
            self = Fields(node)[StepKeys.oncePer].map { .per($0) } ?? .ever
        } else {
            return nil
        }
    }
}
