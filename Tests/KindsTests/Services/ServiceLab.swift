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

/// The lab's engine (Tests/Lab/README.md) and the two generations of Compose.
enum ServiceLab {
    enum Generation: String, CaseIterable, Sendable, CustomStringConvertible {
        case plugin
        case standalone

        var description: String { self == .plugin ? "docker compose 2" : "docker-compose 1.29" }
    }

    static let hint = Comment("needs the lab's engine: Tests/Lab/install, engine start, images")

    /// Variables that point to the engine; nil when none runs.
    static let environment: [String: String]? = {
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Lab/engine").path
        guard let text = output([script, "env"]), output([script, "status"]) != nil else { return nil }
        var variables: [String: String] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("export ") {
            let parts = line.dropFirst(7).split(separator: "=", maxSplits: 1)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
        }
        return output(["docker", "image", "inspect", "devinit-lab/postgres:15"], variables) == nil ? nil : variables
    }()

    static var isThere: Bool { environment != nil }

    /// What a workspace needs in its environment to use one generation.
    static func environment(_ generation: Generation, in folder: String) -> [String: String] {
        guard var variables = environment else { return [:] }
        if generation == .standalone { variables["DOCKER_CONFIG"] = folder + "/no-plugins" }
        return variables
    }

    /// Standard output; nil when the program failed.
    @discardableResult
    static func output(_ arguments: [String], _ environment: [String: String] = [:]) -> String? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
    }

    /// Runs docker against the lab's engine.
    @discardableResult
    static func docker(_ arguments: String...) -> String {
        (output(["docker"] + arguments, environment ?? [:]) ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// A workspace with a project of its own on the lab's engine; its containers and volumes go with it.
final class ServiceFixture: Sendable {
    let workspace: WorkspaceFixture
    let project: String
    let events = Events()

    init(
        _ services: String, more: String = "", generation: ServiceLab.Generation = .plugin, engine: Bool = true,
        files: [String: String] = [:], environment: [String: String] = [:]
    ) throws {
        project = "devinit-test-\(UInt32.random(in: 0...UInt32.max))"
        let folder = FileManager.default.temporaryDirectory.path
        let engineEnvironment =
            engine ? ServiceLab.environment(generation, in: folder) : ["DOCKER_HOST": "unix:///nowhere/docker.sock"]
        let indented = services.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
        workspace = try WorkspaceFixture(
            "version: 1\nworkspace: \(project)\nservices:\n\(indented.joined(separator: "\n"))\n\(more)", files: files,
            environment: engineEnvironment.merging(environment) { $1 })
    }

    deinit {
        guard ServiceLab.isThere else { return }
        let label = "label=com.docker.compose.project=\(project)"
        let containers = ServiceLab.docker("ps", "-aq", "--filter", label).split(separator: "\n").map { String($0) }
        if !containers.isEmpty {
            ServiceLab.output(["docker", "rm", "-fv"] + containers, ServiceLab.environment ?? [:])
        }
        for kind in ["volume", "network"] {
            let names = ServiceLab.docker(kind, "ls", "-q", "--filter", label).split(separator: "\n").map { String($0) }
            if !names.isEmpty { ServiceLab.output(["docker", kind, "rm"] + names, ServiceLab.environment ?? [:]) }
        }
    }

    func container(_ service: String) -> String {
        ServiceLab.docker(
            "ps", "-aq", "--no-trunc", "--filter", "label=com.docker.compose.project=\(project)", "--filter",
            "label=com.docker.compose.service=\(service)")
    }

    /// The journal as it stands.
    var journal: Journal {
        .readOnly(in: StateFolder(host: workspace.host, workspaceRoot: workspace.root), host: workspace.host)
    }

    /// The workspace opened for a run.
    func open(writing: Bool = true, path: String? = nil, offline: Bool = false) async throws -> RunWorkspace {
        var host = workspace.host
        if let path { host.environment["PATH"] = path }
        let (read, diagnostics) = workspace.read()
        let errors = diagnostics.filter { $0.severity == .error }
        if !errors.isEmpty { throw Diagnostics(errors) }
        let folder = StateFolder(host: host, workspaceRoot: workspace.root)
        let journal =
            writing
            ? try Journal.open(in: folder, host: host).journal : .readOnly(in: folder, host: host)
        let keyed =
            writing
            ? try KeyedHash.open(in: folder, host: host)
            : KeyedHash.readOnly(in: folder, host: host)
        let values = Values(mask: SecretMask())
        try await ServicePorts.decide(read, values, host: host, journal: journal, writing: writing)
        let events = events
        var settings = RunSettings(jobs: 4)
        settings.offline = offline
        return RunWorkspace(
            host: host, workspace: read, values: values, journal: journal, settings: settings,
            parts: RunParts(
                git: GitWork(host: host, worker: nil, backend: .auto, protocolChoice: nil),
                engines: ServiceEngines(host: host),
                hashes: FileHashes(root: workspace.root, host: host), keyedHash: keyed,
                receipts: OnceReceipts(in: folder, host: host)),
            reporter: { id in
                NodeReporter(
                    progress: { events.add(id, $0) },
                    output: { bytes, _ in events.add("\(id) " + String(decoding: bytes, as: UTF8.self)) },
                    note: { events.add("\(id) \($0)\n") })
            })
    }

    /// Runs `up`; the summary's nodes are in the order in which they ended.
    @discardableResult
    func up(_ targets: String..., path: String? = nil, offline: Bool = false) async throws -> RunSummary {
        let run = try await open(path: path, offline: offline)
        var selection = Selection()
        selection.targets = targets
        let graph = try selection.graph(of: run.workspace) { ($0.defaultSeconds, false) }
        let summary = await Driver(clock: workspace.host.clock, worker: run, sink: events).run(
            graph, run: "test", limits: Schedule.Limits(processor: 4),
            interrupts: AsyncStream { _ in })
        await run.parts.engines.finish(isCancelled: false)
        return summary
    }

    func plan() async throws -> [String: Assessment] {
        let run = try await open(writing: false)
        let plan = await Planner(run).plan(try Selection().graph(of: run.workspace) { ($0.defaultSeconds, false) })
        return Dictionary(plan.entries.map { ($0.node.id.description, $0.assessment) }, uniquingKeysWith: { $1 })
    }
}

/// What a run told, with the times.
final class Events: EventSink {
    private let state = Mutex<(finished: [(id: String, at: Double)], text: String)>(([], ""))
    private let told = Mutex<[(id: String, progress: NodeProgress)]>([])

    /// What a node told of how far it was.
    func progress(of id: String) -> [NodeProgress] {
        told.withLock { $0.filter { $0.id == id }.map(\.progress) }
    }

    func add(_ id: NodeID, _ progress: NodeProgress) { told.withLock { $0.append((id.description, progress)) } }

    var finished: [(id: String, at: Double)] { state.withLock { $0.finished } }
    var text: String { state.withLock { $0.text } }

    func add(_ text: String) { state.withLock { $0.text += text } }

    func handle(_ event: RunEvent, at seconds: Double) {
        if case .finished(let id, _) = event { state.withLock { $0.finished.append((id.description, seconds)) } }
    }
}

extension RunSummary {
    subscript(_ id: String) -> NodeResult? { NodeID(id).flatMap { result(of: $0) } }

    /// Every failure in words.
    var words: String {
        failures.map {
            "\($0.id): \($0.result.reason) [\($0.result.failure?.remedy ?? "")] \($0.result.failure?.output ?? [])"
        }.joined(separator: "\n")
    }
}
