import Base
import Dotenv
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State

extension NativeService {
    private static let probePause = Duration.milliseconds(100)
    private static let shownLines = 20

    func log(in workspace: Workspace) -> Path {
        workspace.serviceFolder / "logs" / "\(name).log"
    }

    /// The process, when it still runs.
    func running(_ context: NodeContext) -> NativeRecord? {
        guard let record = NativeRecord(context.journal.fact(NativeRecord.fact(name))),
            record.isRunning(on: context.host)
        else { return nil }
        return record
    }

    func isRunning(_ context: NodeContext) async -> Bool? { running(context) != nil }

    func assess(_ context: NodeContext) async -> Assessment {
        do throws(NodeFailure) { try NativeData(self, context)?.check() } catch { return .blocked(error) }
        guard let record = running(context) else { return .work(.run, "not running") }
        if context.isPlanning,
            let before = edges(in: context.workspace).map(\.need).first(where: context.pending.contains)
        {
            return .unknown("known after \(before)")
        }
        let wanted: String
        do throws(NodeFailure) {
            wanted = try definition(context)
        } catch { return context.isPlanning ? .unknown(error.message) : .blocked(error) }
        if record.definition != wanted { return .work(.update, "its definition, environment or env files changed") }
        guard let check = health?.check else { return .upToDate("running") }
        if context.isPlanning, case .command = check { return .upToDate("running") }
        return await passes(check, context) ? .upToDate("running, healthy") : .work(.run, "running, not healthy")
    }

    func run(_ assessment: Assessment, _ context: NodeContext) async throws(NodeFailure) {
        let start = context.host.clock.monotonicSeconds
        let data = NativeData(self, context)
        try data?.check()
        let definition = try definition(context)
        var record = running(context)
        if let old = record, old.definition != definition {
            context.reporter.progress(NodeProgress("ending the old process"))
            await context.host.processes.end(old.process, grace: context.settings.grace)
            record = nil
        }
        let process: ProcessIdentity
        if let record { process = record.process } else { process = try await launch(definition, context) }
        try await waitUntilHealthy(process, context)
        do throws(SystemError) {
            try data?.record()
            try context.journal.append(
                .done(
                    node: id.description, fingerprint: .string(definition),
                    seconds: context.host.clock.monotonicSeconds - start))
        } catch { throw NodeFailure(.failed, "the record of '\(name)' can't be written: \(error)") }
    }

    /// Ends the process and forgets it. False when none ran.
    @discardableResult
    func stop(_ context: NodeContext) async -> Bool {
        guard let record = running(context) else { return false }
        await context.host.processes.end(record.process, grace: context.settings.grace)
        try? context.journal.append(.fact(NativeRecord.fact(name), .null))
        return true
    }

    private func launch(_ definition: String, _ context: NodeContext) async throws(NodeFailure) -> ProcessIdentity {
        let problems = await PortCheck(host: context.host, engine: nil).problems(of: self, context, except: [])
        if let problem = problems.first { throw problem }
        guard let run = native.run else { throw NodeFailure(.failed, "'\(name)' has no command") }
        let log = log(in: context.workspace)
        do throws(SystemError) {
            try WorkspaceFolder(root: context.workspace.root).prepare(on: context.host)
            try context.host.files.makeFolder(log.parent, mode: 0o755)
            // The log of this process alone: lines of an earlier one would be taken for its own.
            try context.host.files.replace(log, with: [], mode: 0o600)
            try NativeData(self, context)?.prepare()
        } catch { throw NodeFailure(.failed, "\(error)") }
        try writeSecrets(context)
        let request = ProcessRequest(
            run.arguments(shell: shell(context)), environment: try environment(context).values,
            folder: folder(in: context.workspace))
        do throws(ProcessError) {
            let process = try context.host.processes.startDetached(request, log: log)
            let record = NativeRecord(
                process: process, definition: definition, boot: NativeRecord.boot(of: context.host))
            try? context.journal.append(.fact(NativeRecord.fact(name), record.json))
            return process
        } catch {
            throw NodeFailure(.prerequisite, "'\(name)' can't be started: \(error)")
        }
    }

    private func waitUntilHealthy(_ process: ProcessIdentity, _ context: NodeContext) async throws(NodeFailure) {
        let clock = context.host.clock
        let limit = health?.timeout ?? ContainerService.defaultTimeout
        let deadline = clock.monotonicSeconds + limit.seconds
        // Without a check it must at least survive its start.
        let settled = clock.monotonicSeconds + 0.3
        context.reporter.progress(NodeProgress("waiting until it serves"))
        while true {
            guard context.host.processes.isRunning(process) else {
                throw NodeFailure(
                    .failed, "'\(name)' ended right after its start", remedy: "its last lines say why",
                    output: lines(context))
            }
            if let check = health?.check {
                if await passes(check, context) { return }
            } else if clock.monotonicSeconds >= settled {
                return
            }
            if Task.isCancelled {
                // It was just started and is not known to serve: nothing that is half done stays.
                await context.host.processes.end(process, grace: context.settings.grace)
                throw NodeFailure(.cancelled, "cancelled")
            }
            if clock.monotonicSeconds >= deadline {
                throw NodeFailure(
                    .timedOut, "'\(name)' did not get healthy within \(TimeSpan.describe(seconds: limit.seconds))",
                    remedy: "give it more time with 'health: {timeout: …}', or see devinit logs \(name)",
                    output: lines(context))
            }
            try? await clock.sleep(for: Self.probePause)
        }
    }

    private func lines(_ context: NodeContext) -> [String] {
        let text = context.host.files.text(of: log(in: context.workspace)) ?? ""
        return text.split(separator: "\n").suffix(Self.shownLines).map { context.values.mask.mask(String($0)) }
    }

    private func passes(_ check: HealthDeclaration.Check, _ context: NodeContext) async -> Bool {
        switch check {
        case .http, .tcp: return await HealthProbe(service: self, context: context, engine: nil).passes(check)
        case .log(let pattern):
            guard let expression = try? Regex(pattern),
                let text = context.host.files.text(of: log(in: context.workspace))
            else { return false }
            return text.split(separator: "\n").contains { (try? expression.firstMatch(in: $0)) != nil }
        case .command(let command):
            guard let environment = try? environment(context).values else { return false }
            let request = ProcessRequest(
                command.arguments(shell: shell(context)),
                environment: environment, folder: folder(in: context.workspace), timeLimit: .seconds(5))
            return (try? await context.host.processes.run(request, onOutput: nil))?.succeeded ?? false
        }
    }

    /// The process's own variables over the user's, and those of them that the manifest and its files state.
    func environment(_ context: NodeContext) throws(NodeFailure) -> (
        values: [String: String], stated: [String: String]
    ) {
        var stated: [String: String] = [:]
        let folder = folder(in: context.workspace)
        for text in native.environmentFiles {
            let path = folder.appending(Path(try context.resolve(text).text)).normalized
            guard let bytes = try? context.host.files.read(path, limit: 1 << 20) else {
                throw NodeFailure(
                    .prerequisite, "\(text.location): the env file \(context.display(path)) can't be read",
                    remedy: "declare it under 'env_files', or drop it from 'env_file'")
            }
            let document = DotenvDocument(parsing: bytes)
            for key in document.keys where !ShellVariables.change(key) { stated[key] = document.value(of: key) }
        }
        for (key, text) in native.environment { stated[key] = try comparable(text, context) }
        if let template { try stated.merge(variables(template, context)) { $1 } }
        for port in ports {
            let scope = context.workspace.scope(context.values)
            guard case .value(let number) = value(of: ["ports", port.name], in: context.values, scope: scope) else {
                continue
            }
            stated["PORT_\(variable(port.name))"] = number
            if port == ports.first { stated["PORT"] = number }
        }
        return (context.host.environment.merging(stated) { $1 }, stated)
    }

    private func variable(_ name: String) -> String {
        String(name.uppercased().map { $0 == "-" ? "_" : $0 })
    }

    /// What the process is made of. Values may be secret, so only a keyed hash of them is kept.
    private func definition(_ context: NodeContext) throws(NodeFailure) -> String {
        var stated = try environment(context).stated.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        for (name, text) in template?.secrets ?? [] { stated.append("\(name)=\(try comparable(text, context) ?? "")") }
        let parts =
            [native.run?.description ?? "", folder(in: context.workspace).text, native.shell ?? ""] + stated
            + hashes(native.inputs, in: folder(in: context.workspace), context)
            + hashes(inputs, in: context.workspace.root, context)
        let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
        guard let key = context.parts.keyedHash else { return "" }
        return String(key.hash(text, name: id.description).prefix(32))
    }

    private func hashes(_ inputs: [Text], in folder: Path, _ context: NodeContext) -> [String] {
        if inputs.isEmpty { return [] }
        return InputFiles(inputs, folder: folder).hashes(
            context.workspace, context.values, context.host, context.parts.hashes)
    }
}

extension NativeService: LogHolder {
    func recentLog(_ context: NodeContext) async throws(NodeFailure) -> String {
        context.host.files.text(of: log(in: context.workspace)) ?? ""
    }
}
