import Base
import Execution
import Foundation
import Git
import HostInterfaces
import ManifestModel
import POSIXHost
import Secrets
import State
import Synchronization
import Testing

@testable import Kinds

/// A workspace in a folder of its own on the real machine: written, read, planned and run as the commands do it,
/// without the command line. The folder is removed with the last reference.
final class WorkspaceFixture: Sendable {
    /// Holds `workspace/`, `state/` and `home/`; without links in its path.
    let base: Path
    var root: Path { base / "workspace" }
    let host: HostInterfaces.Host
    /// Nodes that stand in for real ones, or beside them.
    let extra: [any WorkspaceNode]
    let recorder = Recorder()

    init(
        _ manifest: String, files: [String: String] = [:], extra: [any WorkspaceNode] = [],
        environment: [String: String] = [:], changing change: (inout HostInterfaces.Host) -> Void = { _ in }
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "devinit-kinds-\(UUID().uuidString)")
        for name in ["workspace", "state", "home"] {
            try FileManager.default.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        var host = POSIXHost.host()
        base = try host.files.resolve(Path(folder.path))
        host.environment["XDG_STATE_HOME"] = (base / "state").text
        host.environment["HOME"] = (base / "home").text
        host.environment.merge(environment) { $1 }
        host.machine.home = base / "home"
        host.currentFolder = base / "workspace"
        change(&host)
        self.host = host
        self.extra = extra
        try write("init.yaml", manifest)
        for (path, content) in files { try write(path, content) }
    }

    deinit { try? host.files.removeTree(base) }

    /// Writes a file of the workspace, folders included.
    func write(_ path: String, _ content: String) throws {
        let target = root.appending(Path(path))
        try host.files.makeFolder(target.parent, mode: 0o755)
        try Data(content.utf8).write(to: URL(filePath: target.text))
    }

    /// A file of the workspace; nil when it can't be read.
    func text(_ path: String) -> String? { host.files.text(of: root.appending(Path(path))) }

    func exists(_ path: String) -> Bool { host.files.exists(root.appending(Path(path))) }

    func remove(_ path: String) throws { try host.files.removeTree(root.appending(Path(path))) }

    // MARK: Reading

    var manifest: LoadedManifest { manifest(of: nil) }

    private func manifest(of instance: String?) -> LoadedManifest {
        ManifestLoader(host: host, shape: Registry.shape, programVersion: "1.0.0") { _ in
            WorkspaceInstance(name: instance)
        }.load(root / "init.yaml")
    }

    /// The workspace and every problem in it.
    func read(instance: String? = nil) -> (workspace: Workspace, diagnostics: [Diagnostic]) {
        let manifest = manifest(of: instance)
        let (workspace, diagnostics) = WorkspaceReader.read(manifest, host: host)
        if extra.isEmpty { return (workspace, diagnostics.sorted) }
        let replaced = Set(extra.map(\.id))
        let nodes = workspace.order.compactMap { workspace.nodes[$0] }.filter { !replaced.contains($0.id) } + extra
        let whole = Workspace(manifest: manifest, nodes: nodes, namespaces: Registry.namespaces)
        var problems = manifest.diagnostics
        for node in nodes { for problem in node.problems(in: whole) { problems.add(problem) } }
        return (whole, problems.sorted)
    }

    /// Problems as `LINE: message`.
    var problems: [String] { read().diagnostics.map { "\($0.location?.line ?? 0): \($0.message)" } }

    // MARK: Planning and running

    /// The workspace opened as a command would; `writing` opens the records for a run.
    func runWorkspace(_ settings: RunSettings, writing: Bool) throws -> RunWorkspace {
        let (workspace, diagnostics) = read()
        let errors = diagnostics.filter { $0.severity == .error }
        try #require(errors.isEmpty, "the manifest has problems: \(errors.map(\.message))")
        let folder = StateFolder(host: host, workspaceRoot: root)
        let journal = try writing ? Journal.open(in: folder, host: host).journal : .readOnly(in: folder, host: host)
        let keyed: KeyedHash? =
            try writing ? KeyedHash.open(in: folder, host: host) : KeyedHash.readOnly(in: folder, host: host)
        let values = Values(mask: SecretMask())
        let recorder = recorder
        return RunWorkspace(
            host: host, workspace: workspace, values: values, journal: journal, settings: settings,
            parts: RunParts(
                git: GitWork(host: host, worker: Self.gitWorker, backend: .auto, protocolChoice: nil),
                engines: ServiceEngines(host: host), hashes: FileHashes(root: root, host: host), keyedHash: keyed,
                receipts: OnceReceipts(in: folder, host: host)),
            reporter: { id in
                NodeReporter(
                    progress: { recorder.add(id, $0) },
                    output: { bytes, _ in recorder.add(id, values.mask.mask(String(decoding: bytes, as: UTF8.self))) },
                    note: { recorder.add(id, $0 + "\n") })
            })
    }

    private func graph(_ workspace: Workspace, _ targets: [String]) throws -> ExecutionGraph {
        var selection = Selection()
        selection.targets = targets
        return try selection.graph(of: workspace) { ($0.defaultSeconds, false) }
    }

    /// What `up` would do: each node's assessment.
    func plan(_ targets: String..., settings: RunSettings = RunSettings(jobs: 4)) async throws -> [String: Assessment] {
        let run = try runWorkspace(settings, writing: false)
        let plan = await Planner(run).plan(try graph(run.workspace, targets))
        return Dictionary(plan.entries.map { ($0.node.id.description, $0.assessment) }, uniquingKeysWith: { $1 })
    }

    /// What `up` does: each node's result.
    @discardableResult
    func up(_ targets: String..., settings: RunSettings = RunSettings(jobs: 4)) async throws -> [String: NodeResult] {
        let run = try runWorkspace(settings, writing: true)
        let graph = try graph(run.workspace, targets)
        let summary = await Driver(clock: host.clock, worker: run, sink: Silence()).run(
            graph, run: "test", limits: Schedule.Limits(processor: settings.jobs),
            interrupts: AsyncStream { _ in })
        run.parts.hashes.save()
        return Dictionary(
            summary.nodes.map { ($0.id.description, $0.result) }, uniquingKeysWith: { $1 })
    }

    /// What nodes wrote, all runs together.
    func output(of id: String) -> String { recorder.text(of: id) }

    /// Edges of a node, as `need: reason`.
    func edges(of id: String) -> [String] {
        let workspace = read().workspace
        guard let node = NodeID(id).flatMap({ workspace.nodes[$0] }) else { return [] }
        return workspace.edges(of: node).map { "\($0.need): \($0.reason)" }
    }

    /// Everything in the state folder and in `.devinit`, as one text: where no secret may be found.
    var records: String {
        var text = ""
        for folder in [base / "state", root / ".devinit"] {
            let files = FileManager.default.enumerator(atPath: folder.text)
            while let name = files?.nextObject() as? String {
                text += host.files.text(of: folder.appending(Path(name))) ?? ""
            }
        }
        return text
    }

    /// The program `devinit-worker` beside the tests.
    static let gitWorker: Path? = {
        var folder = Path(Bundle.main.executablePath ?? CommandLine.arguments[0]).parent
        while folder.text != "/" {
            let worker = folder / "devinit-worker"
            if FileManager.default.isExecutableFile(atPath: worker.text) { return worker }
            folder = folder.parent
        }
        return nil
    }()

    private struct Silence: EventSink {
        func handle(_ event: RunEvent, at seconds: Double) {}
    }
}

/// Keeps what nodes write.
final class Recorder: Sendable {
    private let texts = Mutex<[String: String]>([:])
    private let steps = Mutex<[String: [NodeProgress]]>([:])

    func add(_ id: NodeID, _ text: String) { texts.withLock { $0[id.description, default: ""] += text } }

    func add(_ id: NodeID, _ step: NodeProgress) { steps.withLock { $0[id.description, default: []].append(step) } }

    func progress(of id: String) -> [NodeProgress] { steps.withLock { $0[id] ?? [] } }

    func text(of id: String) -> String { texts.withLock { $0[id] ?? "" } }
}
