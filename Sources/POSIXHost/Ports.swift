import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Questions about local ports.
enum Ports {
    /// Whether a server could listen there. An address of the machine or a name of one; empty means all.
    static func isFree(port: Int, address: String, transport: PortTransport) -> Bool {
        guard (1...65535).contains(port),
            case .success(let addresses) = SocketAddress.lookUp(address, port: port, passive: true)
        else { return false }
        var free = false
        for one in addresses {
            switch transport == .tcp ? listenCode(one) : bindCode(one) {
            case 0: free = true
            // Only root may listen below 1024; then all that can be said is whether somebody answers.
            case EACCES: if transport == .tcp, answers(one) { return false } else { free = true }
            // No IPv6 here, say.
            case EADDRNOTAVAIL, EAFNOSUPPORT: continue
            default: return false
            }
        }
        #if !canImport(Glibc)
            // There a particular address can be had while somebody listens on all.
            if free, !["", "0.0.0.0", "::"].contains(address) {
                return isFree(
                    port: port, address: address.contains(":") ? "::" : "0.0.0.0", transport: transport)
            }
        #endif
        return free
    }

    static func freePort(address: String) -> Int? {
        guard case .success(let addresses) = SocketAddress.lookUp(address, port: 0, passive: true) else { return nil }
        for one in addresses {
            let descriptor = socket(one.family, streamSocket, 0)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            guard one.withPointer({ bind(descriptor, $0, $1) }) == 0, let own = ownAddress(descriptor) else { continue }
            // The port is the same two bytes in both families.
            return Int(own.bytes[2]) << 8 | Int(own.bytes[3])
        }
        return nil
    }

    /// 0, or why listening fails.
    private static func listenCode(_ address: SocketAddress) -> Int32 {
        let descriptor = socket(address.family, streamSocket, 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        // As servers do: connections of a server that has gone (TIME_WAIT) don't make a port busy.
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, 4)
        guard address.withPointer({ bind(descriptor, $0, $1) }) == 0 else { return errno }
        // Two may be bound to it; only listening tells.
        return listen(descriptor, 1) == 0 ? 0 : errno
    }

    /// 0, or why datagrams can't be received there. Without SO_REUSEADDR: with it two could be bound to one port.
    private static func bindCode(_ address: SocketAddress) -> Int32 {
        let descriptor = socket(address.family, datagramSocket, 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        return address.withPointer { bind(descriptor, $0, $1) } == 0 ? 0 : errno
    }

    private static func answers(_ address: SocketAddress) -> Bool {
        let descriptor = socket(address.family, streamSocket, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // On the machine itself the answer comes at once or not at all.
        makeNonBlocking(descriptor)
        if address.withPointer({ connect(descriptor, $0, $1) }) == 0 { return true }
        guard errno == EINPROGRESS else { return false }
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&wait, 1, 100) == 1 && peerAddress(descriptor) != nil
    }

    static func ownAddress(_ descriptor: Int32) -> SocketAddress? { address { getsockname(descriptor, $0, $1) } }

    static func peerAddress(_ descriptor: Int32) -> SocketAddress? { address { getpeername(descriptor, $0, $1) } }

    private static func address(
        _ ask: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> SocketAddress? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let bytes = withUnsafeMutableBytes(of: &storage) { place -> [UInt8]? in
            guard ask(place.baseAddress!.assumingMemoryBound(to: sockaddr.self), &size) == 0 else { return nil }
            return Array(place.prefix(Int(size)))
        }
        return bytes.map { SocketAddress(family: Int32(storage.ss_family), bytes: $0) }
    }
}
