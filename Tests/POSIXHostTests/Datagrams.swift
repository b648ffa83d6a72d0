#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A socket on the loopback address that receives datagrams.
enum Datagrams {
    static func listen() -> (socket: Int32, port: Int)? {
        #if canImport(Glibc)
            let made = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        #else
            let made = socket(AF_INET, SOCK_DGRAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(made, $0, size) == 0 && getsockname(made, $0, &size) == 0
            }
        }
        return made >= 0 && isBound ? (made, Int(UInt16(bigEndian: address.sin_port))) : nil
    }

    static func close(_ socket: Int32) {
        #if canImport(Glibc)
            _ = Glibc.close(socket)
        #else
            _ = Darwin.close(socket)
        #endif
    }
}
