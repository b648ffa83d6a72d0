import Base
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Opens a stream to the first address that answers; all are tried at the same time, so that one that
/// swallows packets does not use up the limit.
enum Connecting {
    enum Outcome: Sendable {
        /// A non-blocking socket, the receiver's to close.
        case open(Int32)
        case refused
        case timedOut
        case stopped
        /// The system's words.
        case failed(String)
    }

    static func connect(_ endpoint: HTTPRequest.Endpoint, deadline: Int, stop: StopRequest) -> Outcome {
        switch endpoint {
        case .socket(let path):
            guard let address = SocketAddress.socket(path) else {
                return .failed("\(path): the path is too long for a socket")
            }
            return named(connect([address], deadline: deadline, stop: stop), path.text)
        case .program(let program): return .failed("\(program.arguments.first ?? ""): is no address")
        case .tcp(let host, let port):
            guard (1...65535).contains(port) else { return .failed("\(port) is no port") }
            switch SocketAddress.lookUp(host, port: port, deadline: deadline, stop: stop) {
            case nil: return stop.isRequested ? .stopped : .timedOut
            case .failure(let failure): return .failed("\(host): \(failure.reason)")
            case .success(let addresses):
                return named(connect(addresses, deadline: deadline, stop: stop), "\(host):\(port)")
            }
        }
    }

    private static func named(_ outcome: Outcome, _ place: String) -> Outcome {
        if case .failed(let reason) = outcome { return .failed("\(place): \(reason)") }
        return outcome
    }

    private static func connect(_ addresses: [SocketAddress], deadline: Int, stop: StopRequest) -> Outcome {
        var pending: [Int32] = []
        var errors: [Int32] = []
        var open: Int32?
        defer { for socket in pending { close(socket) } }
        for address in addresses where open == nil {
            switch begin(address) {
            case .success(let (socket, isOpen)): if isOpen { open = socket } else { pending.append(socket) }
            case .failure(let error): errors.append(error.code)
            }
        }
        while open == nil, !pending.isEmpty {
            if stop.isRequested { return .stopped }
            let wait = Moment.wait(until: deadline)
            if wait == 0 { return .timedOut }
            var ends = (pending + [stop.descriptor]).map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) }
            ends[ends.count - 1].events = Int16(POLLIN)
            if poll(&ends, nfds_t(ends.count), wait) <= 0 { continue }
            for end in ends.dropLast() where end.revents != 0 && open == nil {
                pending.removeAll { $0 == end.fd }
                let code = error(of: end.fd)
                if code == 0 {
                    open = end.fd
                } else {
                    errors.append(code)
                    close(end.fd)
                }
            }
        }
        if let open { return .open(open) }
        if let other = errors.first(where: { $0 != ECONNREFUSED && $0 != EADDRNOTAVAIL && $0 != EAFNOSUPPORT }) {
            return other == ETIMEDOUT ? .timedOut : .failed(String(cString: strerror(other)))
        }
        if errors.contains(ECONNREFUSED) { return .refused }
        return .failed(String(cString: strerror(errors.first ?? EADDRNOTAVAIL)))
    }

    private struct Refusal: Error { var code: Int32 }

    private static func begin(_ address: SocketAddress) -> Result<(Int32, Bool), Refusal> {
        let descriptor = socket(address.family, streamSocket, 0)
        guard descriptor >= 0 else { return .failure(Refusal(code: errno)) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        makeNonBlocking(descriptor)
        #if !canImport(Glibc)
            var on: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, 4)
        #endif
        #if canImport(Glibc)
            let result = address.withPointer { Glibc.connect(descriptor, $0, $1) }
        #else
            let result = address.withPointer { Darwin.connect(descriptor, $0, $1) }
        #endif
        var code = result == 0 ? error(of: descriptor) : errno
        if code == EINPROGRESS || code == EINTR { return .success((descriptor, false)) }
        if code == 0 { return .success((descriptor, true)) }
        // A Unix socket whose queue is full says so instead of waiting.
        if code == EAGAIN { code = ECONNREFUSED }
        close(descriptor)
        return .failure(Refusal(code: code))
    }

    /// Why the socket is not connected; 0 when it is.
    private static func error(of descriptor: Int32) -> Int32 {
        var code: Int32 = 0
        var size = socklen_t(4)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 else { return errno }
        if code != 0 { return code }
        // Connecting to a local port that nobody holds can by chance be given that very port as its own
        // and then talks to itself.
        let ends = (Ports.ownAddress(descriptor), Ports.peerAddress(descriptor))
        if let own = ends.0, own.family != AF_UNIX, own == ends.1 { return ECONNREFUSED }
        return 0
    }
}
