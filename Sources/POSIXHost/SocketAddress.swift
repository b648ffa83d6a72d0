import Base
import HostInterfaces
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

#if canImport(Glibc)
    let streamSocket = Int32(SOCK_STREAM.rawValue)
    let datagramSocket = Int32(SOCK_DGRAM.rawValue)
#else
    let streamSocket = SOCK_STREAM
    let datagramSocket = SOCK_DGRAM
#endif

/// An address as `connect` and `bind` take it.
struct SocketAddress: Sendable, Hashable {
    var family: Int32
    /// A `sockaddr` of that family.
    var bytes: [UInt8]

    /// Runs the body with the address as C has it.
    func withPointer<Value>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
        bytes.withUnsafeBytes { body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count)) }
    }

    /// The address of a Unix domain socket; nil when the path is too long for one.
    static func socket(_ path: Path) -> SocketAddress? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { place in
            guard path.text.utf8.count < place.count else { return false }
            place.copyBytes(from: path.text.utf8)
            return true
        }
        return fits ? SocketAddress(family: AF_UNIX, bytes: withUnsafeBytes(of: address) { Array($0) }) : nil
    }

    /// Whether the outcome is empty or not, at once for numbers; for names the system is asked on this thread.
    static func lookUp(_ host: String, port: Int, passive: Bool = false) -> Result<[SocketAddress], LookupFailure> {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = streamSocket
        hints.ai_flags = AI_NUMERICSERV | (passive ? AI_PASSIVE : 0)
        var first: UnsafeMutablePointer<addrinfo>?
        // Brackets belong to URLs.
        let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        let code = getaddrinfo(name.isEmpty ? nil : name, String(port), &hints, &first)
        guard code == 0 else { return .failure(LookupFailure(reason: String(cString: gai_strerror(code)))) }
        defer { freeaddrinfo(first) }
        var found: [SocketAddress] = []
        var next = first
        while let entry = next {
            let info = entry.pointee
            next = info.ai_next
            guard let address = info.ai_addr else { continue }
            let bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(info.ai_addrlen)))
            let one = SocketAddress(family: info.ai_family, bytes: bytes)
            if !found.contains(one) { found.append(one) }
        }
        return .success(found)
    }

    struct LookupFailure: Error { var reason: String }

    /// The same, but given up at the deadline or stop: nil then. The system's own lookup can't be interrupted;
    /// it ends on a thread that nobody waits for.
    static func lookUp(
        _ host: String, port: Int, deadline: Int, stop: StopRequest
    ) -> Result<[SocketAddress], LookupFailure>? {
        // Addresses in numbers need no server.
        if host.utf8.allSatisfy({ $0 < UInt8(ascii: "A") }) || host.contains(":") || host == "localhost" {
            return lookUp(host, port: port)
        }
        guard let done = try? StopRequest() else { return nil }
        let answer = Answer()
        Blocking.detach {
            answer.value.withLock { $0 = lookUp(host, port: port) }
            done.request()
        }
        while !done.isRequested, !stop.isRequested, Moment.now < deadline {
            _ = stop.waits(on: done.descriptor, milliseconds: Moment.wait(until: deadline))
        }
        return done.isRequested ? answer.value.withLock { $0 } : nil
    }

    private final class Answer: Sendable {
        let value = Mutex<Result<[SocketAddress], LookupFailure>?>(nil)
    }
}
