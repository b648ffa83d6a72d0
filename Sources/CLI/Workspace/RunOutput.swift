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
    let sink: FanOut
    private let session: Session
    private let mask: SecretMask
    private let recorder: RunRecorder
    private let signals = SignalMemory()

    init(_ opened: OpenedWorkspace, _ session: Session) throws(CommandFailure) {
        self.session = session
        mask = opened.values.mask
        identifier = RunIdentifier.make(session.host)
        let folder = WorkspaceFolder(root: opened.workspace.root)
        do throws(SystemError) {
            try folder.prepare(on: session.host)
            recorder = try RunRecorder(host: session.host, runs: folder.runs, identifier: identifier)
        } catch {
            throw CommandFailure(
                .failed, code: "workspace-folder", "devinit can't write below \(folder.path): \(error)",
                suggestion: "free some space, or make the folder writable")
        }
        view = Self.view(session)
        sink = FanOut([tails, recorder, signals, view])
    }

    /// The signal that stopped the run.
    var signal: Int32? { signals.signal }

    /// What a node tells: masked, into its log and to the sinks.
    func reporter(_ id: NodeID) -> NodeReporter {
        let clock = session.host.clock
        let sink = sink
        let log = recorder.log(of: id)
        let maskers = Mutex((output: LineMasker(mask), error: LineMasker(mask)))
        let mask = mask
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
                for line in lines.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
                    sink.handle(
                        .output(id, line: String(decoding: line, as: UTF8.self), isError: isError),
                        at: clock.monotonicSeconds)
                }
            },
            note: { text in
                let text = mask.mask(text)
                log.append(Array((text + "\n").utf8))
                sink.handle(.output(id, line: text, isError: false), at: clock.monotonicSeconds)
            },
            finish: {
                for (rest, isError) in maskers.withLock({ [($0.output.finish(), false), ($0.error.finish(), true)] })
                where !rest.isEmpty {
                    log.append(rest + [0x0A])
                    sink.handle(
                        .output(id, line: String(decoding: rest, as: UTF8.self), isError: isError),
                        at: clock.monotonicSeconds)
                }
            })
    }

    /// The path of a node's log, once something was written to it.
    func log(of id: NodeID) -> String? { recorder.log(of: id).writtenPath?.text }

    private static func view(_ session: Session) -> any RunView {
        let terminal = session.host.terminal
        let settings = session.reporting
        switch settings.progress {
        case .tty: return LiveView(host: session.host, style: settings.error, isVerbose: settings.isVerbose)
        case .json: return JSONLinesView(terminal: terminal)
        case .quiet: return QuietView(terminal: terminal, style: settings.error)
        case .plain, .auto:
            return PlainView(
                terminal: terminal, style: settings.error, isVerbose: settings.isVerbose, isGitHub: settings.isGitHub)
        }
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
