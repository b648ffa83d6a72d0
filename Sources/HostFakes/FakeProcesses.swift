public import Base
public import HostInterfaces
import Synchronization

/// Programs that exist only as a script. Running one that no script covers throws, and is kept in `unscripted`.
public final class FakeProcesses: ProcessLauncher {
    /// What a program does: the result, or nil when this script does not know the request.
    public typealias Script = @Sendable (ProcessRequest) async throws(ProcessError) -> ProcessResult?

    private struct State {
        var scripts: [Script] = []
        var programs: [String: Path] = [:]
        var requests: [ProcessRequest] = []
        var unscripted: [[String]] = []
        var detached: Set<String> = []
        var running: [ProcessIdentity: ProcessRequest] = [:]
        var nextID: Int32 = 1000
    }

    private let state = Mutex(State())

    public init() {}

    // MARK: What tests arrange and look at

    /// Adds a script; later ones are asked first.
    public func script(_ script: @escaping Script) { state.withLock { $0.scripts.insert(script, at: 0) } }

    /// Exactly these arguments give these results one after the other, the last one for ever.
    public func on(_ arguments: [String], _ results: ProcessResult...) {
        let left = Queue(results)
        script { request throws(ProcessError) in request.arguments == arguments ? left.next() : nil }
    }

    /// Any arguments that begin with these.
    public func on(prefix: [String], _ results: ProcessResult...) {
        let left = Queue(results)
        script { request throws(ProcessError) in request.arguments.starts(with: prefix) ? left.next() : nil }
    }

    /// Exactly these arguments print this and exit so.
    public func on(_ arguments: [String], output: String, error: String = "", status: Int32 = 0) {
        on(arguments, .fake(output: output, error: error, status: status))
    }

    /// Makes `find` find it, by name and by path.
    public func install(_ program: String, at path: Path? = nil) {
        state.withLock { $0.programs[program] = path ?? Path("/usr/bin") / program }
    }

    /// Allows `startDetached` for a program (the first argument).
    public func allowDetached(_ program: String) { state.withLock { _ = $0.detached.insert(program) } }

    /// A detached process ends by itself.
    public func finish(_ process: ProcessIdentity) { state.withLock { _ = $0.running.removeValue(forKey: process) } }

    /// Every request so far, unscripted and detached ones too.
    public var requests: [ProcessRequest] { state.withLock { $0.requests } }
    /// The arguments of every request.
    public var commands: [[String]] { requests.map(\.arguments) }
    /// What was run without a script. A test expects it to be empty.
    public var unscripted: [[String]] { state.withLock { $0.unscripted } }
    /// The detached processes that run now.
    public var running: [ProcessIdentity: ProcessRequest] { state.withLock { $0.running } }

    // MARK: ProcessLauncher

    public func run(
        _ request: ProcessRequest, onOutput: (@Sendable (ProcessStream, [UInt8]) -> Void)?
    ) async throws(ProcessError) -> ProcessResult {
        if Task.isCancelled { return ProcessResult(end: .cancelled) }
        let scripts = state.withLock { state in
            state.requests.append(request)
            return state.scripts
        }
        for script in scripts {
            guard var result = try await script(request) else { continue }
            if Task.isCancelled { result.end = .cancelled }
            if !result.output.isEmpty { onOutput?(.output, result.output) }
            if !result.errorOutput.isEmpty { onOutput?(.error, result.errorOutput) }
            return result
        }
        throw refuse(request)
    }

    public func startDetached(_ request: ProcessRequest, log: Path) throws(ProcessError) -> ProcessIdentity {
        let identity = state.withLock { state -> ProcessIdentity? in
            state.requests.append(request)
            guard state.detached.contains(request.arguments.first ?? "") else { return nil }
            state.nextID += 1
            let identity = ProcessIdentity(id: state.nextID, startTime: Int(state.nextID) * 10)
            state.running[identity] = request
            return identity
        }
        guard let identity else { throw refuse(request) }
        return identity
    }

    /// Nothing is found: what a test starts is known to it.
    public func search(words: [String]) -> [(process: ProcessIdentity, leadsGroup: Bool)] { [] }

    public func isRunning(_ process: ProcessIdentity) -> Bool { state.withLock { $0.running[process] != nil } }

    public func end(_ process: ProcessIdentity, grace: Duration) async { finish(process) }

    public func find(_ program: String, path: String, folder: Path) -> Path? {
        state.withLock { state in
            if program.contains("/") {
                let place = folder.appending(Path(program))
                return state.programs.values.contains(place) ? place : nil
            }
            return state.programs[program]
        }
    }

    private func refuse(_ request: ProcessRequest) -> ProcessError {
        state.withLock { $0.unscripted.append(request.arguments) }
        let command = request.arguments.joined(separator: " ")
        return .failed(
            SystemError(
                call: "FakeProcesses", subject: command, code: FakeCode.notSupported,
                reason: "this test has no script for it"))
    }
}

private final class Queue: Sendable {
    private let left: Mutex<[ProcessResult]>

    init(_ results: [ProcessResult]) { left = Mutex(results) }

    func next() -> ProcessResult? {
        left.withLock { left in left.count > 1 ? left.removeFirst() : left.first }
    }
}

extension ProcessResult {
    /// An exit with this status and text.
    public static func fake(output: String = "", error: String = "", status: Int32 = 0) -> ProcessResult {
        ProcessResult(end: .exited(status), output: Array(output.utf8), errorOutput: Array(error.utf8), seconds: 0.001)
    }
}
