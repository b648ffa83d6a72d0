import Base
import Execution
import HostInterfaces
import Kinds
import Reporting
import Secrets
import State
import Synchronization

/// Where everything that a run tells goes: the view, the record on disk, the tails for the summary.
final class RunOutput: Sendable {
    let identifier: String
    let view: any RunView
    let tails = OutputTails()
    let metrics: MetricsCollector
    let sink: FanOut
    private let session: Session
    private let shown: Set<NodeID>
    private let mask: SecretMask
    private let folder: RunFolder
    private let recorder: RunRecorder
    private let signals = SignalMemory()
    private let logs = Mutex<[NodeID: NodeLog]>([:])

    /// The output of nodes in `shown` goes to our own streams as well, secrets masked.
    init(_ opened: OpenedWorkspace, _ session: Session, shown: Set<NodeID> = []) throws(CommandFailure) {
        self.session = session
        self.shown = session.isJSON || session.reporting.isVerbose ? [] : shown
        mask = opened.values.mask
        identifier = RunIdentifier.make(session.host)
        let workspaceFolder = WorkspaceFolder(root: opened.workspace.root)
        do throws(SystemError) { try workspaceFolder.prepare(on: session.host) } catch {
            throw CommandFailure(
                .failed, code: "workspace-folder", "devinit can't write below \(workspaceFolder.path): \(error)",
                suggestion: "free some space, or make the folder writable")
        }
        folder = RunFolder(runs: workspaceFolder.runs, run: identifier)
        metrics = MetricsCollector { [hashes = opened.parts.hashes] in hashes.counts }
        recorder = RunRecorder(
            files: session.host.files, clock: session.host.clock, folder: folder, metrics: metrics)
        view = session.reporting.view(terminal: session.host.terminal, clock: session.host.clock)
        sink = FanOut([tails, metrics, recorder, signals, view])
    }

    /// Takes old records away and says what could not be written.
    func finish(_ opened: OpenedWorkspace) {
        guard recorder.isBegun else { return }
        let runs = WorkspaceFolder(root: opened.workspace.root).runs
        RunHistory(files: session.host.files, runs: runs).prune(
            current: folder, wallSeconds: session.host.clock.wallSeconds)
        if let problem = recorder.problem { session.say("note: the record of this run is not whole: \(problem)") }
    }

    private func nodeLog(_ id: NodeID) -> NodeLog {
        logs.withLock { logs in
            if let log = logs[id] { return log }
            let log = NodeLog(files: session.host.files, path: folder.log(of: id))
            logs[id] = log
            return log
        }
    }

    /// The signal that stopped the run.
    var signal: Int32? { signals.signal }

    /// What a node tells: masked, into its log and to the sinks.
    func reporter(_ id: NodeID) -> NodeReporter {
        let clock = session.host.clock
        let sink = sink
        let log = nodeLog(id)
        let maskers = Mutex((output: LineMasker(mask), error: LineMasker(mask)))
        let mask = mask
        let echo: (@Sendable ([UInt8], Bool) -> Void)?
        if shown.contains(id) {
            let terminal = session.host.terminal
            echo = { terminal.write(String(decoding: $0, as: UTF8.self), to: $1 ? .error : .output) }
        } else {
            echo = nil
        }
        return NodeReporter(
            progress: { progress in
                var progress = progress
                progress.words = mask.mask(progress.words)
                sink.handle(.progress(id, progress), at: clock.monotonicSeconds)
            },
            output: { bytes, isError in
                let lines = maskers.withLock { isError ? $0.error.feed(bytes) : $0.output.feed(bytes) }
                guard !lines.isEmpty else { return }
                log.append(lines)
                echo?(lines, isError)
                for line in lines.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
                    sink.handle(
                        .output(id, line: String(decoding: line, as: UTF8.self), isError: isError),
                        at: clock.monotonicSeconds)
                }
            },
            note: { text in
                let text = mask.mask(text)
                log.append(Array((text + "\n").utf8))
                sink.handle(.note(id, text), at: clock.monotonicSeconds)
            },
            terminal: { sink.handle(.terminal(id, isTaken: $0), at: clock.monotonicSeconds) },
            finish: {
                for (rest, isError) in maskers.withLock({ [($0.output.finish(), false), ($0.error.finish(), true)] })
                where !rest.isEmpty {
                    log.append(rest + [0x0A])
                    echo?(rest + [0x0A], isError)
                    sink.handle(
                        .output(id, line: String(decoding: rest, as: UTF8.self), isError: isError),
                        at: clock.monotonicSeconds)
                }
            })
    }

    /// The path of a node's log, once something was written to it.
    func log(of id: NodeID) -> String? {
        let log = logs.withLock { $0[id] }
        return log.flatMap { $0.isWritten ? $0.path.text : nil }
    }
}

/// Remembers which signal stopped the run: it decides the exit status.
private final class SignalMemory: EventSink {
    private let stored = Mutex<Int32?>(nil)

    var signal: Int32? { stored.withLock { $0 } }

    func handle(_ event: RunEvent, at seconds: Double) {
        if case .interrupted(let signal) = event { stored.withLock { $0 = signal } }
    }
}
