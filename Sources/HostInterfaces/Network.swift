public import Base
import Synchronization

/// Probes and plain HTTP on the local machine: what readiness checks and the engine's socket need.
public protocol Network: Sendable {
    /// Tries to open a TCP connection within the limit.
    func connect(host: String, port: Int, timeLimit: Duration) async -> ConnectionResult
    /// Whether a server could listen there now.
    func isFree(port: Int, address: String, transport: PortTransport) -> Bool
    /// A port that is free now, chosen by the system.
    func freePort(address: String) -> Int?
    /// One HTTP/1.1 exchange without TLS. The body is kept up to 16 MiB.
    func exchange(_ request: HTTPRequest) async throws(NetworkError) -> HTTPResponse
    /// The same, the body handed over in pieces as they come, until it ends or the consumer returns false.
    func streamBytes(
        _ request: HTTPRequest, onPiece: @escaping @Sendable ([UInt8]) async -> Bool
    ) async throws(NetworkError)
}

extension Network {
    /// The same for TCP.
    public func isFree(port: Int, address: String) -> Bool { isFree(port: port, address: address, transport: .tcp) }

    /// The same as `streamBytes`, line by line. A line may have 16 MiB.
    public func stream(
        _ request: HTTPRequest, onLine: @escaping @Sendable (String) async -> Bool
    ) async throws(NetworkError) {
        let state = Mutex((splitter: LineSplitter(limit: 16 << 20), end: StreamEnd.ofBody))
        @Sendable func stop(_ end: StreamEnd) -> Bool {
            state.withLock { $0.end = end }
            return false
        }
        try await streamBytes(request) { piece in
            guard let lines = state.withLock({ $0.splitter.add(piece) }) else { return stop(.lineTooLong) }
            for line in lines where await !onLine(line) { return stop(.enough) }
            return true
        }
        let (end, last) = state.withLock { ($0.end, $0.splitter.finish()) }
        if end == .lineTooLong { throw .badResponse("a line is too long") }
        if end == .ofBody, !Task.isCancelled, let last { _ = await onLine(last) }
    }
}

/// Why no more lines of a body are read.
private enum StreamEnd {
    case ofBody
    case enough
    case lineTooLong
}

/// What a port belongs to: each has 65535 of its own.
public enum PortTransport: String, Hashable, Sendable {
    case tcp
    case udp
}

/// What became of an attempt to connect.
public enum ConnectionResult: Hashable, Sendable {
    case open
    case refused
    case timedOut
    case failed(String)
}

/// A plain HTTP/1.1 request; for TLS there is none.
public struct HTTPRequest: Sendable {
    /// Where the server listens.
    public enum Endpoint: Sendable, Hashable {
        case tcp(host: String, port: Int)
        /// A Unix domain socket.
        case socket(Path)
        /// A program whose standard input and output are the stream; it runs as long as the exchange.
        case program(Program)
    }

    /// A program that reaches a server: through ssh, with TLS.
    public struct Program: Sendable, Hashable {
        public var arguments: [String]
        /// The whole environment.
        public var environment: [String: String]
        public var folder: Path

        public init(_ arguments: [String], environment: [String: String], folder: Path) {
            self.arguments = arguments
            self.environment = environment
            self.folder = folder
        }
    }

    public var endpoint: Endpoint
    public var method: String
    /// Path and query, beginning with `/`.
    public var target: String
    public var headers: [String: String]
    public var body: [UInt8]
    /// For the whole exchange; for a stream, for the time without a byte. Nil: no limit.
    public var timeLimit: Duration?

    public init(
        _ endpoint: Endpoint, method: String = "GET", target: String, headers: [String: String] = [:],
        body: [UInt8] = [], timeLimit: Duration? = .seconds(5)
    ) {
        self.endpoint = endpoint
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.timeLimit = timeLimit
    }
}

/// The answer of a server.
public struct HTTPResponse: Sendable, Hashable {
    public var status: Int
    /// Names in lower case.
    public var headers: [String: String]
    public var body: [UInt8]

    public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why there is no answer, each with words for people.
public enum NetworkError: Error, Hashable, Sendable {
    case refused(String)
    case timedOut(String)
    case unreachable(String)
    case badResponse(String)
    /// A stream that the server refused: its status is no 2xx. The body is kept up to 64 KiB.
    case refusedStream(HTTPResponse)
}

extension NetworkError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused(let place): "\(place): connection refused"
        case .timedOut(let place): "\(place): no answer in time"
        case .unreachable(let reason): reason
        case .badResponse(let reason): "not an HTTP answer: \(reason)"
        case .refusedStream(let response): "refused with status \(response.status)"
        }
    }
}
