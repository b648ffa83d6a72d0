import Base
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Sockets, on threads of their own.
struct POSIXNetwork: Network {
    private static let bodyLimit = 16 << 20
    private static let refusalLimit = 64 << 10

    func connect(host: String, port: Int, timeLimit: Duration) async -> ConnectionResult {
        let deadline = Moment.after(timeLimit)
        return await withStop(fallback: .failed("no descriptor is left")) { stop in
            switch Connecting.connect(.tcp(host: host, port: port), deadline: deadline, stop: stop) {
            case .open(let socket):
                close(socket)
                return .open
            case .refused: return .refused
            case .timedOut: return .timedOut
            case .stopped: return .failed("cancelled")
            case .failed(let reason): return .failed(reason)
            }
        }
    }

    func isFree(port: Int, address: String, transport: PortTransport) -> Bool {
        Ports.isFree(port: port, address: address, transport: transport)
    }

    func freePort(address: String) -> Int? { Ports.freePort(address: address) }

    func exchange(_ request: HTTPRequest) async throws(NetworkError) -> HTTPResponse {
        let deadline = request.timeLimit.map(Moment.after) ?? Int.max
        let outcome: Result<HTTPResponse, NetworkError> = await withStop(fallback: .failure(Self.noDescriptor)) {
            stop in
            do throws(NetworkError) {
                let (connection, head) = try Self.open(request, deadline: deadline, stop: stop)
                var body: [UInt8] = []
                do throws(HTTPConnection.Failure) {
                    while body.count < Self.bodyLimit, let piece = try connection.piece(deadline: deadline) {
                        body += piece.prefix(Self.bodyLimit - body.count)
                    }
                } catch { throw Self.error(error, request) }
                return .success(HTTPResponse(status: head.status, headers: head.headers, body: body))
            } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    func streamBytes(
        _ request: HTTPRequest, onPiece: @escaping @Sendable ([UInt8]) async -> Bool
    ) async throws(NetworkError) {
        let limit = request.timeLimit
        let deadline: @Sendable () -> Int = { limit.map(Moment.after) ?? Int.max }
        let opened: Result<HTTPConnection, NetworkError> = await withStop(fallback: .failure(Self.noDescriptor)) {
            stop in
            do throws(NetworkError) {
                let (connection, head) = try Self.open(request, deadline: deadline(), stop: stop)
                guard (200..<300).contains(head.status) else {
                    // Why it refuses stands in the body, if at all.
                    var body: [UInt8] = []
                    while body.count < Self.refusalLimit, let piece = try? connection.piece(deadline: deadline()) {
                        body += piece
                    }
                    throw .refusedStream(
                        HTTPResponse(
                            status: head.status, headers: head.headers, body: Array(body.prefix(Self.refusalLimit))))
                }
                return .success(connection)
            } catch { return .failure(error) }
        }
        if Task.isCancelled { return }
        let connection = try opened.get()
        while !Task.isCancelled {
            let next = await withTaskCancellationHandler {
                await Blocking.run { () -> Result<[UInt8]?, HTTPConnection.Failure> in
                    do throws(HTTPConnection.Failure) {
                        return .success(try connection.piece(deadline: deadline()))
                    } catch { return .failure(error) }
                }
            } onCancel: {
                connection.requestStop()
            }
            let piece: [UInt8]?
            do { piece = try next.get() } catch {
                if case .stopped = error { return }
                throw Self.error(error, request)
            }
            guard let piece, await onPiece(piece) else { return }
        }
    }

    private static let noDescriptor = NetworkError.unreachable("no descriptor is left")

    /// Runs the body on a thread that may block, with a stop that the task's cancellation requests.
    private func withStop<Value: Sendable>(
        fallback: Value, _ body: @escaping @Sendable (StopRequest) -> Value
    ) async -> Value {
        guard let stop = try? StopRequest() else { return fallback }
        return await withTaskCancellationHandler {
            await Blocking.run { body(stop) }
        } onCancel: {
            stop.request()
        }
    }

    /// Connects, sends the request and reads the head of the answer.
    private static func open(
        _ request: HTTPRequest, deadline: Int, stop: StopRequest
    ) throws(NetworkError) -> (HTTPConnection, HTTPMessage.Head) {
        guard let bytes = HTTPMessage.encode(request) else {
            throw .badResponse("the request to \(place(request)) holds a line break or a blank")
        }
        let socket: Int32
        var tunnel: Tunnel?
        if case .program(let program) = request.endpoint {
            do throws(ProcessError) { (socket, tunnel) = try Tunnel.open(program) } catch {
                throw .unreachable("\(error)")
            }
        } else {
            socket = try connect(request, deadline: deadline, stop: stop)
        }
        let connection = HTTPConnection(socket, stop: stop, method: request.method, tunnel: tunnel)
        do throws(HTTPConnection.Failure) {
            try connection.send(bytes, deadline: deadline)
            return (connection, try connection.head(deadline: deadline))
        } catch {
            if let words = tunnel?.lastWords { throw .unreachable("\(place(request)): \(words)") }
            throw Self.error(error, request)
        }
    }

    private static func connect(
        _ request: HTTPRequest, deadline: Int, stop: StopRequest
    ) throws(NetworkError) -> Int32 {
        switch Connecting.connect(request.endpoint, deadline: deadline, stop: stop) {
        case .open(let opened): return opened
        case .refused: throw .refused(place(request))
        case .timedOut: throw .timedOut(place(request))
        case .stopped: throw .unreachable("\(place(request)): cancelled")
        case .failed(let reason): throw .unreachable(reason)
        }
    }

    private static func error(_ failure: HTTPConnection.Failure, _ request: HTTPRequest) -> NetworkError {
        switch failure {
        case .timedOut: .timedOut(place(request))
        case .stopped: .unreachable("\(place(request)): cancelled")
        case .bad(let reason): .badResponse("\(place(request)): \(reason)")
        case .broken(let reason): .unreachable("\(place(request)): \(reason)")
        }
    }

    private static func place(_ request: HTTPRequest) -> String {
        switch request.endpoint {
        case .socket(let path): path.text
        case .tcp(let host, let port): "\(host):\(port)"
        case .program(let program): program.arguments.joined(separator: " ")
        }
    }
}
