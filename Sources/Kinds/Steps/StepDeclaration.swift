import Base
import ManifestModel
import YAML

/// What a step does and when, decoded from the manifest, a template, or both laid over each other. A class, because a
/// step is handed from call to call, and a copy of all this would cost more than most that is done with it.
final class StepDeclaration: Sendable {
    enum Work: Hashable, Sendable {
        case run(CommandText)
        indirect case wait(WaitRule)
        /// Nothing yet: a template whose variant is known only in the folder.
        case none
    }

    /// `inside`: a service's container.
    struct Inside: Hashable, Sendable {
        var service: Text
        var start: Bool
    }

    let work: Work
    let inside: Inside?
    let inputs: [Text]
    let outputs: [Text]
    let unless: CommandText?
    let once: OnceRule
    let per: Text?
    let environment: [(name: String, value: Text)]
    let environmentFiles: [Text]
    let stdin: Text?
    let stdout: Text?
    let shell: String?
    let retry: RetryRule?
    let timeout: Duration?
    let isInteractive: Bool
    let allowsFailure: Bool
    let confirm: Text?
    let locks: [Text]
    /// Services that are stopped before it works.
    let stops: [Text]
    /// Services that are started again when it is done.
    let restarts: [Text]
    /// Every text that refers to something with `${…}`.
    let texts: [Text]

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
        stops = fields[StepKeys.stops] ?? []
        restarts = fields[StepKeys.restarts] ?? []
        var texts = [stdin, stdout, confirm, per, inside?.service].compactMap { $0 }
        for list in [inputs, outputs, environmentFiles, locks] where !list.isEmpty { texts += list }
        for (_, value) in environment { texts.append(value) }
        if case .wait(let rule) = work { texts += rule.texts }
        texts.removeAll { $0.references.isEmpty }
        self.texts = texts
    }

    /// Whether it must never be repeated, for some data or for ever.
    var isOnce: Bool { once != .never }

    /// Whether anything can make it up to date; else it runs at every `up`.
    var hasCriteria: Bool { !inputs.isEmpty || !outputs.isEmpty || unless != nil || isOnce }

    /// The service whose data its record belongs to.
    var dataService: Text? {
        if case .per(let service) = once { service } else { per }
    }

    /// Globs of `inputs`, without the ids of other steps.
    var inputGlobs: [Text] { inputs.filter { !$0.source.hasPrefix("step:") } }
    /// Ids of steps among `inputs`.
    var inputSteps: [Text] { inputs.filter { $0.source.hasPrefix("step:") } }
}
