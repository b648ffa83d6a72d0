import Base
import ManifestModel
import YAML

/// What a step does and when, decoded from the manifest, a template, or both laid over each other.
struct StepDeclaration: Sendable {
    enum Work: Hashable, Sendable {
        case run(CommandText)
        case wait(WaitRule)
        /// Nothing yet: a template whose variant is known only in the folder.
        case none
    }

    /// `inside`: a service's container.
    struct Inside: Hashable, Sendable {
        var service: Text
        var start: Bool
    }

    var work: Work
    var inside: Inside?
    var inputs: [Text]
    var outputs: [Text]
    var unless: CommandText?
    var once: OnceRule
    var per: Text?
    var environment: [(name: String, value: Text)]
    var environmentFiles: [Text]
    var stdin: Text?
    var stdout: Text?
    var shell: String?
    var retry: RetryRule?
    var timeout: Duration?
    var isInteractive: Bool
    var allowsFailure: Bool
    var confirm: Text?
    var locks: [Text]

    init(_ fields: Fields) {
        if let command = fields[StepKeys.run] {
            work = .run(command)
        } else if let wait = fields[StepKeys.wait].flatMap({ WaitRule($0) }) {
            work = .wait(wait)
        } else {
            work = .none
        }
        inside = fields[StepKeys.inside].flatMap { inside in
            inside[StepKeys.service].map { Inside(service: $0, start: inside[StepKeys.start] ?? true) }
        }
        inputs = fields[StepKeys.inputs] ?? []
        outputs = fields[StepKeys.outputs] ?? []
        unless = fields[StepKeys.unless]
        once = fields[StepKeys.once] ?? .never
        per = fields[StepKeys.per]
        environment = fields[StepKeys.environment]?.map { ($0.key, $0.value) } ?? []
        environmentFiles = fields[StepKeys.environmentFiles] ?? []
        stdin = fields[StepKeys.stdin]
        stdout = fields[StepKeys.stdout]
        shell = fields[StepKeys.shell]
        retry = fields[StepKeys.retry].map { RetryRule($0) }
        timeout = fields[StepKeys.timeout]
        isInteractive = fields[StepKeys.interactive] ?? false
        allowsFailure = fields[StepKeys.allowFailure] ?? false
        confirm = fields[StepKeys.confirm]
        locks = fields[StepKeys.locks] ?? []
    }

    /// Whether anything can make it up to date; else it runs at every `up`.
    var hasCriteria: Bool { !inputs.isEmpty || !outputs.isEmpty || unless != nil || once != .never }

    /// The service whose data its record belongs to.
    var dataService: Text? {
        if case .per(let service) = once { service } else { per }
    }

    /// Globs of `inputs`, without the ids of other steps.
    var inputGlobs: [Text] { inputs.filter { !$0.source.hasPrefix("step:") } }
    /// Ids of steps among `inputs`.
    var inputSteps: [Text] { inputs.filter { $0.source.hasPrefix("step:") } }

    /// Every text that may hold `${…}`.
    var texts: [Text] {
        var texts = inputs + outputs + environment.map(\.value) + environmentFiles + locks
        texts += [stdin, stdout, confirm, per, inside?.service].compactMap { $0 }
        if case .wait(let rule) = work { texts += rule.texts }
        return texts
    }
}
