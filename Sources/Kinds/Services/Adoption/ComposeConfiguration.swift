import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State
import YAML

/// Compose's own word on existing files: what its `config` prints, asked before something starts and only where the
/// files, their variables or Compose itself are others than at the last time.
///
/// The graph is made of what devinit reads (`ComposeProjectReader`), because `config` is a program's time and fails
/// while an env file is missing. So the two are compared here, and for an instance the file is made of it.
struct ComposeConfiguration {
    let adopted: AdoptedProject
    let engine: FoundEngine
    let context: NodeContext

    /// The journal's name for what was asked last and came out as devinit had read it.
    private static let fact = "services/configuration"

    /// Makes sure that Compose means the same by those services as devinit, and that an instance has its file.
    func settle(for names: [String]) async throws(NodeFailure) {
        let profiles = profiles(for: names)
        let wanted = mark(profiles)
        if let wanted, context.journal.fact(Self.fact)?.string == wanted, isFileThere { return }
        let tree = try await ask(profiles)
        let differences = ConfigurationComparison(own: adopted.current, theirs: tree)
            .differences(of: adopted.initial.closure(of: names))
        for difference in differences {
            context.reporter.note(
                "\(difference). Compose's word counts for the container; what devinit wrote of it elsewhere may be wrong"
            )
        }
        try writeFile(of: tree)
        guard differences.isEmpty, let wanted, context.journal.fact(Self.fact)?.string != wanted else { return }
        do throws(SystemError) { try context.journal.append(.fact(Self.fact, .string(wanted))) } catch {
            throw NodeFailure(.failed, "what Compose said can't be recorded: \(error)")
        }
    }

    /// For a call of Compose that a person or a step makes: an instance's file as it stands, made where it is missing.
    static func ensureFile(
        of adopted: AdoptedProject, _ engine: FoundEngine, _ context: NodeContext
    ) async throws(NodeFailure) {
        guard let file = adopted.instance?.file, !context.host.files.isFile(file) else { return }
        try await ComposeConfiguration(adopted: adopted, engine: engine, context: context).settle(for: [])
    }

    /// The profiles of the services that start, and all whose services have the env files that Compose wants to read:
    /// so the file of an instance is the same whichever of them starts.
    private func profiles(for names: [String]) -> [String] {
        let project = adopted.current
        var profiles = adopted.profiles(holding: project.closure(of: names))
        for profile in adopted.profiles(holding: project.services.keys.map { $0 }) where !profiles.contains(profile) {
            let held = project.services.filter { $0.value.composeProfiles.contains(profile) }.map(\.key)
            let files = project.environmentFiles(of: project.closure(of: held))
            if files.allSatisfy(context.host.files.isFile) { profiles.append(profile) }
        }
        return profiles.sorted()
    }

    /// A keyed hash of all on which the answer depends: it may hold secrets. Nil where no key can be made.
    private func mark(_ profiles: [String]) -> String? {
        guard let key = context.parts.keyedHash else { return nil }
        let project = adopted.current
        let files = context.host.files
        var parts = [adopted.name, adopted.instance?.name ?? "", profiles.joined(separator: ",")]
        for path in project.sources.keys + project.variableFiles.keys
            + project.environmentFiles(of: project.services.keys)
        {
            parts.append("\(path) \(context.parts.hashes.hash(of: path) ?? "missing")")
        }
        // Variables of the process decide too.
        for (name, service) in project.services { parts.append("\(name) \(YAMLWriter.write(service))") }
        for word in engine.compose?.words ?? [] {
            let status = try? files.status(of: Path(word), followingLinks: true)
            parts.append("\(word) \(status.map { "\($0.size) \($0.modified)" } ?? "")")
        }
        if adopted.instance != nil { parts.append(InstanceRewriting.words(of: chosenPorts)) }
        let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
        return String(key.hash(context.host.digests.sha256(Array(text.utf8)), name: Self.fact).prefix(32))
    }

    private func ask(_ profiles: [String]) async throws(NodeFailure) -> YAMLNode {
        let words =
            try adopted.arguments(engine.wholeProgram().callWords, asStated: true)
            + profiles.flatMap { ["--profile", $0] } + ["config"]
        let request = ProcessRequest(
            words, environment: engine.environment(context.host, of: adopted), folder: adopted.request.folder,
            output: .captured(limit: 16 << 20), timeLimit: CallLimit.engine, grace: context.settings.grace)
        let result = try await ComposeCall.end(of: request, context)
        guard result.succeeded else {
            let text = context.values.mask.mask(result.errorText)
            throw ComposeErrors.failure(
                text, services: [context.id.name], engine: engine, host: context.host, context)
        }
        guard let root = YAMLReader.examine(result.output, file: "docker compose config", tags: .compose).root else {
            throw NodeFailure(.failed, "what 'config' of Compose printed can't be read")
        }
        return root
    }

    // MARK: The file of an instance

    private var isFileThere: Bool { adopted.instance.map { context.host.files.isFile($0.file) } ?? true }

    private func writeFile(of tree: YAMLNode) throws(NodeFailure) {
        guard let instance = adopted.instance else { return }
        let rewriting = InstanceRewriting(instance: instance, project: adopted.name, ports: chosenPorts)
        let text = """
            # Made by devinit from \(adopted.request.files.map { context.display($0) }.joined(separator: ", ")) for \
            the instance '\(instance.name)'; made anew when those change.

            """ + YAMLWriter.write(rewriting.file(from: tree))
        // It holds what env files hold.
        try context.make(instance.file, of: text, mode: 0o600)
    }

    private var chosenPorts: [String: [InstanceRewriting.Port: Int]] {
        var chosen: [String: [InstanceRewriting.Port: Int]] = [:]
        for service in context.workspace.adoptedServices {
            for port in service.ports where port.isChosen(in: context.workspace) {
                guard let inside = port.container, let number = context.values.port(service.name, port.name) else {
                    continue
                }
                let key = InstanceRewriting.Port(target: String(inside), transport: port.transport.rawValue)
                chosen[service.name, default: [:]][key] = number
            }
        }
        return chosen
    }
}
