import Base
import YAML

/// The whole manifest as one shape: the sections that the kinds of nodes own, and the keys around them.
public struct ManifestShape: Sendable {
    public let object: ObjectShape
    /// The same for `config.yaml` of a person.
    public let personal: ObjectShape
    /// Names under which a dotted reference may begin.
    public let namespaces: Set<String>

    /// `sections` are the kinds' keys; `repositoryDefaults` may stand in `defaults.repo`.
    public init(sections: [KeySpec], repositoryDefaults: ObjectShape, namespaces: Set<String>) {
        let defaults = Self.defaults(repositoryDefaults)
        object = ObjectShape("the manifest", keys: Self.head + sections + [defaults] + Self.tail)
        personal = ObjectShape(
            "the personal configuration",
            keys: [
                defaults, Self.notify.spec,
                KeySpec("trust", .object(Self.trust), "Whose commands are approved."),
            ])
        self.namespaces = namespaces
    }

    /// The keys by which a file is known to be ours.
    public var sectionNames: Set<String> {
        Set(object.keys.map(\.name)).subtracting(["workspace", "root", "include", "defaults", "message", "devinit"])
    }

    static let version = Key<Int>.integer("version", "The version of this language.", in: 1...Int.max, standard: "1")
    static let workspace = Key<Text>.text("workspace", "The workspace's name; also names the Compose project.")
    static let devinit = Key<Text>.text("devinit", "The versions of devinit that may read this.", format: .range)
    static let root = Key<Text>.text("root", "The workspace's folder, seen from the manifest.", standard: ".")
    static let include = Key<[Text]>.texts("include", "Files merged in order before this one.")
    static let message = Key<Text>.text("message", "Shown after a successful up.")
    static let variables = Key<YAMLNode>.node(
        "vars", .map(.either([.object(question), .text]), names: .variable), "Values and questions.")
    static let profiles = Key<YAMLNode>.node(
        "profiles", .map(.names, names: .node), "Names for sets of labels; 'default' is used without --profile.")
    static let notify = Key<YAMLNode>.node(
        "notify", .anything(composed: false), "Where to tell how a run ended.", availability: .later)

    static let question = ObjectShape(
        "a question",
        keys: [
            KeySpec("prompt", .text, "What the person is asked."),
            KeySpec("choices", .list(.text), "The answers that are allowed."),
            KeySpec("pattern", .text(.pattern), "What the whole answer must match."),
            KeySpec("default", .text, "Used when nobody answers."),
        ])

    /// `trust` of a configuration: git remotes whose manifests are approved, whatever they bring.
    public static let remotes = Key<[Text]>.names(
        "remotes", "Git remotes: host/group/name, where * stands for one name and a last ** for all below.")
    private static let trust = ObjectShape("the approvals", keys: [remotes.spec])

    private static let head = [
        version.spec, workspace.spec, devinit.spec, root.spec, include.spec, variables.spec,
    ]
    private static let tail = [profiles.spec, notify.spec, message.spec]

    private static func defaults(_ repository: ObjectShape) -> KeySpec {
        KeySpec("defaults", .object(DefaultsKeys.shape(repository: repository)), "Settings for the whole workspace.")
    }
}

/// The keys of `defaults`, in a manifest and in a person's own configuration.
public enum DefaultsKeys {
    public static let jobs = Key<Int>.integer("jobs", "How many nodes work at once.", in: 1...1024)
    public static let timeout = Key<Duration>.duration("timeout", "Time limit for commands that state none.")
    public static let shell = Key<String>.choice(
        "shell", ["sh", "bash"], "The shell of text commands.", standard: "sh")
    public static let cloneProtocol = Key<String>.choice(
        "protocol", ["ssh", "https"], "How short repository addresses are reached.")
    public static let engine = Key<Text>.text("engine", "auto, docker, podman, or a Docker context.", standard: "auto")
    public static let grace = Key<Duration>.duration("grace", "Time between TERM and KILL.", standard: "10s")
    public static let backend = Key<String>.choice(
        "backend", ["auto", "libgit2", "system"], "What clones.", standard: "auto")
    public static let dialects = Key<[Text]>.names("dialects", "Who reads the env files.")
    public static let secretStore = Key<String>.choice(
        "secret_store", ["file", "keychain"],
        "Where secrets are kept: a file for the user alone, or the keychain of the system (secret-tool on Linux; "
            + "security on macOS, which our tests do not run).", standard: "file")
    public static let retry = Key<Fields>.object(
        "retry", RetryKeys.shape, "How failures that may pass are tried again.")
    public static let git = Key<Fields>.object(
        "git", ObjectShape("git's defaults", keys: [backend.spec]), "How git works.")
    public static let environmentFiles = Key<Fields>.object(
        "env_files", ObjectShape("the env files' defaults", keys: [dialects.spec]), "For all env files.")

    static func shape(repository: ObjectShape) -> ObjectShape {
        ObjectShape(
            "the defaults",
            keys: [
                jobs.spec, timeout.spec, retry.spec, shell.spec, cloneProtocol.spec,
                KeySpec("repo", .object(repository), "For all repositories."), git.spec, engine.spec,
                secretStore.spec, environmentFiles.spec, grace.spec,
            ])
    }
}

/// The keys of `retry`.
public enum RetryKeys {
    public static let attempts = Key<Int>.integer(
        "attempts", "How often it is tried in all.", in: 1...100, standard: "3")
    public static let delay = Key<Duration>.duration("delay", "The first pause.", standard: "1s")
    public static let factor = Key<Double>.number("factor", "By how much each pause grows.", standard: "2")
    public static let maximum = Key<Duration>.duration("max_delay", "The longest pause.", standard: "30s")
    public static let jitter = Key<Bool>.flag(
        "jitter", "Whether pauses are drawn at random below their length.", standard: true)

    public static let shape = ObjectShape(
        "a retry rule", keys: [attempts.spec, delay.spec, factor.spec, maximum.spec, jitter.spec],
        expand: ObjectShape.scalar(into: "attempts"))
}
