import Arguments
import Base
import Execution
import HostInterfaces
import Kinds
import Reporting
import Secrets
import State
import Synchronization

/// `logs`: what a node wrote.
enum LogsCommand: Command {
    static let node = Positionals(
        "node",
        help: "Services, or any node of an earlier run; with --follow all running services where none is named.",
        completion: .callback("nodes"))
    static let follow = Flag("follow", short: "f", help: "Go on as it grows.", variable: .none, takesOverShort: true)
    static let lines = Option<Int?>(
        "lines", value: "N", type: .integer(1...1_000_000), help: "Only the last lines.", variable: .none)

    static let spec = CommandSpec(
        name: "logs", summary: "Shows the log of a service, or what a node wrote in its last run.",
        arguments: [node.spec, follow.spec, lines.spec],
        examples: [
            Example("devinit logs -f postgres", help: "Follows the service postgres."),
            Example("devinit logs -f", help: "Follows all running services, each line with its name."),
        ],
        group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        if session.isJSON, parsed[follow] {
            throw CommandFailure(
                .usage, code: "usage", "--json is one document, and --follow never ends", suggestion: "drop one of them"
            )
        }
        let opened = try OpenedWorkspace.open(session)
        let names = parsed[node]
        if names.isEmpty, !parsed[follow] { return try list(opened) }
        if names.count != 1 { return try await ServiceLogs(opened, parsed).show(names) }
        let id = try opened.node(named: names[0])
        if id.kind == "service" { return try await service(id, parsed, opened) }
        return try last(id, parsed, opened)
    }

    /// The engine's or the process's own log.
    private static func service(
        _ id: NodeID, _ parsed: ParsedArguments, _ opened: OpenedWorkspace
    ) async throws(CommandFailure) -> ExitStatus {
        try await Preparation.settle(opened, writing: false)
        let terminal = opened.session.host.terminal
        do throws(NodeFailure) {
            var request = try await opened.services.logs(id.name, follow: parsed[follow], lines: parsed[lines])
            request.output = .captured(limit: 1 << 16)
            request.timeLimit = nil
            let session = opened.session
            if session.isJSON { request.output = .captured(limit: 64 << 20) }
            let result: ProcessResult
            do throws(ProcessError) {
                let maskers = Mutex((output: LineMasker(opened.values.mask), error: LineMasker(opened.values.mask)))
                @Sendable func show(_ bytes: [UInt8], _ stream: ProcessStream) {
                    // Compose 2.26 begins with "erase the line" also where no terminal reads it.
                    let text = String(decoding: bytes, as: UTF8.self).replacing("\u{1B}[2K", with: "")
                    if !text.isEmpty { terminal.write(text, to: stream == .output ? .output : .error) }
                }
                result = try await opened.session.host.processes.run(request) { stream, bytes in
                    if session.isJSON { return }
                    show(
                        maskers.withLock { stream == .output ? $0.output.feed(bytes) : $0.error.feed(bytes) }, stream)
                }
                show(maskers.withLock { $0.output.finish() }, .output)
                show(maskers.withLock { $0.error.finish() }, .error)
            } catch {
                throw NodeFailure(.failed, error.description)
            }
            if session.isJSON {
                let text = opened.values.mask.mask(result.text)
                tell(id, text.split(whereSeparator: \.isNewline).map(String.init), session)
            }
            return result.succeeded ? .done : .failed
        } catch {
            throw CommandFailure(.of([error]), code: "logs", error.message, suggestion: error.remedy)
        }
    }

    private static func tell(_ id: NodeID, _ lines: [String], _ session: Session) {
        if session.isJSON {
            session.answer([
                "schema": "devinit.logs/1", "node": .string(id.description), "lines": .array(lines.map { .string($0) }),
            ])
        } else {
            session.answer(lines.joined(separator: "\n"))
        }
    }

    /// What a node wrote in the newest run in which it wrote anything.
    private static func last(
        _ id: NodeID, _ parsed: ParsedArguments, _ opened: OpenedWorkspace
    ) throws(CommandFailure) -> ExitStatus {
        let files = opened.session.host.files
        let runs = WorkspaceFolder(root: opened.workspace.root).runs
        for entry in ((try? files.entries(of: runs)) ?? []).reversed() where entry.kind == .folder {
            let log = RunFolder(runs: runs, run: entry.name).log(of: id)
            guard let content = try? files.read(log, limit: 1 << 30) else { continue }
            var lines = String(decoding: content, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false)
            if lines.last == "" { lines.removeLast() }
            if let count = parsed[Self.lines] { lines = lines.suffix(count) }
            opened.session.say("run \(entry.name)")
            tell(id, lines.map(String.init), opened.session)
            return .done
        }
        throw CommandFailure(
            .failed, code: "no-log", "\(id) has no log", suggestion: "it wrote nothing, or its run was pruned")
    }

    /// Which nodes of the newest run have a log.
    private static func list(_ opened: OpenedWorkspace) throws(CommandFailure) -> ExitStatus {
        let files = opened.session.host.files
        let runs = WorkspaceFolder(root: opened.workspace.root).runs
        guard let newest = ((try? files.entries(of: runs)) ?? []).last(where: { $0.kind == .folder }) else {
            throw CommandFailure(.failed, code: "no-log", "there is no run yet", suggestion: "devinit up")
        }
        opened.session.say("run \(newest.name); devinit logs NODE shows one of them")
        let nodes = ((try? files.entries(of: runs / newest.name)) ?? []).map(\.name).filter { $0.hasSuffix(".log") }
            .map { String($0.dropLast(4)) }
        if opened.session.isJSON {
            opened.session.answer([
                "schema": "devinit.logs/1", "run": .string(newest.name), "nodes": .array(nodes.map { .string($0) }),
            ])
        } else {
            for node in nodes { opened.session.answer(node) }
        }
        return .done
    }
}
