public import HostInterfaces
import Synchronization

/// A network of scripts: ports that are open, and answers to requests. What no script covers is unreachable.
public final class FakeNetwork: Network {
    /// The answer to a request; nil when this script does not know it.
    public typealias Script = @Sendable (HTTPRequest) async throws(NetworkError) -> HTTPResponse?

    private struct State {
        var open: Set<Int> = []
        var silent: Set<Int> = []
        var nextPort = 40_000
        var scripts: [Script] = []
        var requests: [HTTPRequest] = []
        var unscripted: [String] = []
    }

    private let state = Mutex(State())

    public init() {}

    // MARK: What tests arrange and look at

    /// A server listens there (and the port is not free).
    public func open(_ port: Int) { state.withLock { _ = $0.open.insert(port) } }
    public func close(_ port: Int) { state.withLock { _ = $0.open.remove(port) } }
    /// Connecting there gets no answer.
    public func silence(_ port: Int) { state.withLock { _ = $0.silent.insert(port) } }

    /// Adds a script; later ones are asked first.
    public func script(_ script: @escaping Script) { state.withLock { $0.scripts.insert(script, at: 0) } }

    /// This method and target give this answer, wherever they are sent. A stream gives the body's lines.
    public func on(_ method: String, _ target: String, status: Int = 200, body: String = "") {
        let response = HTTPResponse(status: status, body: Array(body.utf8))
        script { request throws(NetworkError) in
            request.method == method && request.target == target ? response : nil
        }
    }

    public var requests: [HTTPRequest] { state.withLock { $0.requests } }
    /// What was asked without a script, as `METHOD target`.
    public var unscripted: [String] { state.withLock { $0.unscripted } }

    // MARK: Network

    public func connect(host: String, port: Int, timeLimit: Duration) async -> ConnectionResult {
        state.withLock { state in
            if state.silent.contains(port) { return .timedOut }
            return state.open.contains(port) ? .open : .refused
        }
    }

    public func isFree(port: Int, address: String, transport: PortTransport) -> Bool {
        (1...65535).contains(port) && state.withLock { !$0.open.contains(port) }
    }

    public func freePort(address: String) -> Int? {
        state.withLock { state in
            repeat { state.nextPort += 1 } while state.open.contains(state.nextPort)
            return state.nextPort
        }
    }

    public func exchange(_ request: HTTPRequest) async throws(NetworkError) -> HTTPResponse {
        let scripts = state.withLock { state in
            state.requests.append(request)
            return state.scripts
        }
        for script in scripts {
            if let response = try await script(request) { return response }
        }
        let words = "\(request.method) \(request.target)"
        state.withLock { $0.unscripted.append(words) }
        throw .unreachable("\(words): this test has no script for it")
    }

    public func streamBytes(
        _ request: HTTPRequest, onPiece: @escaping @Sendable ([UInt8]) async -> Bool
    ) async throws(NetworkError) {
        let response = try await exchange(request)
        guard (200..<300).contains(response.status) else { throw .refusedStream(response) }
        if !Task.isCancelled { _ = await onPiece(response.body) }
    }
}
