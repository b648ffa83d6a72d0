import Arguments
import Base
import Execution
import Git
import HostInterfaces
import Kinds
import ManifestModel
import Secrets
import State
import Trust

/// The workspace that a command is about: its manifest, its records, and what is known of it.
struct OpenedWorkspace: Sendable {
    let session: Session
    let workspace: Workspace
    let diagnostics: Diagnostics
    let stateFolder: StateFolder
    let journal: Journal
    let values: Values
    let settings: RunSettings
    let parts: RunParts

    var manifest: LoadedManifest { workspace.manifest }

    /// Finds and reads the manifest, to look only: nothing on disk is touched.
    static func open(_ session: Session) throws(CommandFailure) -> OpenedWorkspace {
        let (manifest, folder) = try located(session)
        let journal = Journal.readOnly(in: folder, host: session.host)
        return try open(session, answered(manifest, journal, session), folder, journal, writing: false)
            .guarded(writing: false)
    }

    /// The manifest without anybody's answers, and where the workspace's records are.
    static func located(
        _ session: Session
    ) throws(CommandFailure) -> (manifest: LoadedManifest, folder: StateFolder) {
        let manifest = ManifestLoader.standard(session).load(try find(session))
        return (
            manifest,
            StateFolder(
                host: session.host, workspaceRoot: manifest.root, manifest: manifest.file, instance: manifest.instance,
                repository: manifest.repository.map { (try? session.host.files.resolve($0)) ?? $0 })
        )
    }

    /// The manifest with the answers that were given before.
    static func answered(_ manifest: LoadedManifest, _ journal: Journal, _ session: Session) -> LoadedManifest {
        let answers = Answers.remembered(journal)
        return answers.isEmpty
            ? manifest : ManifestLoader.standard(session, answers: answers).load(manifest.file)
    }

    static func open(
        _ session: Session, _ manifest: LoadedManifest, _ folder: StateFolder, _ journal: Journal, writing: Bool
    ) throws(CommandFailure) -> OpenedWorkspace {
        let (workspace, diagnostics) = WorkspaceReader.read(manifest, host: session.host)
        KeptToTheEnd.keep(workspace)
        if diagnostics.hasErrors { throw CommandFailure(.invalidManifest, diagnostics, in: manifest) }
        let values = Values(mask: SecretMask())
        let settings = Self.settings(session, manifest)
        return OpenedWorkspace(
            session: session, workspace: workspace, diagnostics: diagnostics, stateFolder: folder, journal: journal,
            values: values, settings: settings,
            parts: RunParts(
                git: gitWork(session, settings), engines: ServiceEngines(host: session.host),
                hashes: FileHashes(root: workspace.root, host: session.host),
                keyedHash: try keyedHash(folder, session, writing: writing),
                receipts: OnceReceipts(in: folder, host: session.host),
                children: writing ? RunningChildren(in: folder, root: workspace.root, host: session.host) : nil,
                secrets: SecretShelf(
                    place: manifest.defaults?[DefaultsKeys.secretStore].flatMap(SecretPlace.init(rawValue:)) ?? .file)))
    }

    static func find(_ session: Session) throws(CommandFailure) -> Path {
        let finder = ManifestFinder(host: session.host, shape: Registry.shape)
        do throws(Diagnostic) {
            let (file, passed) = try finder.find(named: session.parsed[GlobalOptions.file]?.text)
            for other in passed { session.say("note: \(other) belongs to another tool and was walked past") }
            return file
        } catch {
            if session.parsed[GlobalOptions.file] == nil,
                let file = StateFolder.manifest(ofWorkspaceHolding: session.host.currentFolder, host: session.host)
            {
                return file
            }
            throw CommandFailure(.invalidManifest, Diagnostics([error]))
        }
    }

    /// The key by which values are compared without being kept.
    private static func keyedHash(
        _ folder: StateFolder, _ session: Session, writing: Bool
    ) throws(CommandFailure) -> KeyedHash? {
        guard writing else { return KeyedHash.readOnly(in: folder, host: session.host) }
        do throws(SystemError) {
            return try KeyedHash.open(in: folder, host: session.host)
        } catch {
            throw stateFailure(folder, error)
        }
    }

    static func stateFailure(_ folder: StateFolder, _ error: SystemError) -> CommandFailure {
        CommandFailure(
            .failed, code: "state", "devinit can't keep its records: \(error)",
            suggestion: "free some space or make \(folder.path) writable, or point XDG_STATE_HOME at a folder that is")
    }

    private static func gitWork(_ session: Session, _ settings: RunSettings) -> GitWork {
        GitWork(
            host: session.host, worker: GitWork.findWorker(program: session.programPath, files: session.host.files),
            backend: GitBackend(rawValue: settings.backend) ?? .auto,
            protocolChoice: settings.cloneProtocol.flatMap(GitProtocol.init(rawValue:)))
    }

    /// Flags over variables over the manifest's defaults.
    private static func settings(_ session: Session, _ manifest: LoadedManifest) -> RunSettings {
        let parsed = session.parsed
        let defaults = manifest.defaults
        var settings = RunSettings(
            jobs: parsed[GlobalOptions.jobs] ?? defaults?[DefaultsKeys.jobs] ?? max(2, session.host.machine.cores))
        settings.offline = parsed[GlobalOptions.offline]
        settings.assumeYes = parsed[GlobalOptions.yes]
        settings.mayAsk = session.mayAsk
        settings.grace = parsed[GlobalOptions.grace] ?? defaults?[DefaultsKeys.grace] ?? .seconds(10)
        settings.timeLimit = defaults?[DefaultsKeys.timeout]
        settings.shell = defaults?[DefaultsKeys.shell] ?? "sh"
        settings.cloneProtocol = defaults?[DefaultsKeys.cloneProtocol]
        settings.backend = defaults?[DefaultsKeys.git]?[DefaultsKeys.backend] ?? "auto"
        settings.engine = defaults?[DefaultsKeys.engine]?.source ?? "auto"
        settings.retry = defaults?[DefaultsKeys.retry].map { RetryRule($0) }
        return settings
    }

    /// The nodes that the words choose, with their edges.
    func graph(_ selection: Selection) throws(CommandFailure) -> ExecutionGraph {
        do throws(Diagnostics) {
            return try selection.graph(of: workspace) { RunWorkspace.history(of: $0, journal) }
        } catch {
            throw CommandFailure(.usage, error, in: manifest)
        }
    }

    /// The nodes that words name, all of each name.
    func nodes(named words: [String]) throws(CommandFailure) -> Set<NodeID> {
        var nodes: Set<NodeID> = []
        for name in words {
            switch workspace.targets(named: name) {
            case .success(let ids): nodes.formUnion(ids)
            case .failure(let error):
                throw CommandFailure(.usage, code: "unknown-node", error.message, suggestion: error.suggestion)
            }
        }
        return nodes
    }

    /// The nodes with all they get, for a look or, with an output, for a run.
    func run(_ settings: RunSettings, output: RunOutput? = nil) -> RunWorkspace {
        RunWorkspace(
            host: session.host, workspace: workspace, values: values, journal: journal, settings: settings,
            parts: parts, reporter: { output?.reporter($0) ?? .silent }, logPath: { output?.log(of: $0) })
    }

    /// What commands beside `up` do with services.
    var services: ServiceOperations {
        ServiceOperations(
            workspace: workspace, host: session.host, values: values, journal: journal, settings: settings,
            parts: parts)
    }

    /// Everything that the manifest may have executed.
    var executables: [ExecutableItem] {
        workspace.order.compactMap { workspace.nodes[$0] }.flatMap { $0.executables(in: workspace) }
    }

    /// A generated file that somebody has changed.
    func sayEdits() {
        for file in GeneratedFile.edited(in: workspace, on: session.host) {
            session.say("note: \(file.relative(to: workspace.root)) was changed by hand; \(GeneratedFile.remedy)")
        }
    }

    /// Warnings of the manifest, said once per command.
    func sayWarnings() {
        let warnings = diagnostics.all.filter { $0.severity != .error }
        if !warnings.isEmpty { session.show(Diagnostics(warnings), in: manifest) }
    }
}
