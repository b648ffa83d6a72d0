import Base
public import Execution
public import HostInterfaces
import Secrets
import Synchronization

/// Runs a command that the manifest states, on behalf of a node: its output goes to the node's log and view,
/// secrets masked, and a failure carries the last lines.
public struct CommandRunner: Sendable {
    let context: NodeContext
    static let shownLines = 20

    public init(_ context: NodeContext) { self.context = context }

    /// Fails when the command can't start, does not end with 0, or takes too long. `what` names it in messages.
    @discardableResult
    public func run(_ request: ProcessRequest, what: String) async throws(NodeFailure) -> ProcessResult {
        let tail = OutputTail(limit: Self.shownLines)
        let reporter = context.reporter
        var request = request
        request.grace = context.settings.grace
        let result: ProcessResult
        do throws(ProcessError) {
            result = try await context.host.processes.run(request) { stream, bytes in
                reporter.output(bytes, stream == .error)
                tail.add(bytes)
            }
        } catch {
            throw NodeFailure(.prerequisite, "\(what): \(error)", remedy: remedy(for: error))
        }
        if result.succeeded { return result }
        let lines = tail.lines.map { context.values.mask.mask($0) }
        switch result.end {
        case .timedOut:
            let limit = TimeSpan.describe(seconds: request.timeLimit?.seconds ?? 0)
            throw NodeFailure(
                .timedOut, "\(what) took longer than \(limit) and was ended",
                remedy: "give it more time with 'timeout', or find out what it waits for", output: lines)
        case .cancelled: throw NodeFailure(.cancelled, "cancelled", output: lines)
        case .signalled(2) where request.output.isTerminal:
            // Ctrl-C on the terminal that it had to itself: the same that we get.
            throw NodeFailure(.cancelled, "cancelled", output: lines)
        default: throw NodeFailure(.failed, "\(what): \(result.end)", output: lines)
        }
    }

    private func remedy(for error: ProcessError) -> String? {
        switch error {
        case .programNotFound(let program): "install \(program), or list it under 'requires'"
        case .folderMissing: "check 'in', and whether the repository is cloned there"
        default: nil
        }
    }
}

/// The last lines of a stream that comes in pieces.
private final class OutputTail: Sendable {
    private struct State {
        var lines: [String] = []
        var rest: [UInt8] = []
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    func add(_ bytes: [UInt8]) {
        state.withLock { state in
            state.rest += bytes
            while let end = state.rest.firstIndex(of: 0x0A) {
                state.lines.append(String(decoding: state.rest[..<end], as: UTF8.self))
                state.rest.removeFirst(end + 1)
            }
            if state.rest.count > 8192 { state.rest.removeFirst(state.rest.count - 8192) }
            if state.lines.count > limit { state.lines.removeFirst(state.lines.count - limit) }
        }
    }

    var lines: [String] {
        state.withLock { state in
            state.rest.isEmpty ? state.lines : state.lines + [String(decoding: state.rest, as: UTF8.self)]
        }
    }
}
