import Base
public import HostInterfaces

/// Ports of this machine that were chosen for somebody: one file for all workspaces, so that two that choose at the same
/// moment, while nobody listens yet, do not choose the same.
public struct PortReservations: Sendable {
    /// Below what systems take for outgoing connections (ip_local_port_range begins at 32768, macOS at 49152): one that is
    /// chosen there may be in use by a browser when the service starts the next time.
    private static let range = 20_000..<30_000

    private let store: JSONStore
    private let host: Host

    /// Touches nothing on disk before the first `reserve`.
    public init(host: Host) {
        self.host = host
        store = JSONStore(path: StateFolder.home(of: host) / "ports.json", schema: "devinit.ports/1", host: host)
    }

    /// Chooses a port that nobody listens on and nobody else reserved, and reserves it for `owner` of that folder. Ports
    /// whose folder is gone are free again. nil when none is to be had.
    public func reserve(
        for owner: String, of folder: StateFolder, transport: PortTransport, address: String, except taken: Set<Int>
    ) async throws(SystemError) -> Int? {
        var chosen: Int?
        let who: JSON = ["root": .string(folder.workspaceRoot.text), "owner": .string(owner)]
        try await store.update { values in
            for name in values.keys {
                let root = values[name]?["root"]?.string
                if root.map({ host.files.exists(Path($0)) }) != true || values[name] == who { values[name] = nil }
            }
            let reserved = Set(values.keys.compactMap { Int($0) })
            chosen = PortReservations.free(
                host, transport: transport, address: address, except: taken.union(reserved))
            if let chosen { values[String(chosen)] = who }
        }
        return chosen
    }

    /// A port that is free now, reserved for nobody: where nothing may be written.
    public static func free(
        _ host: Host, transport: PortTransport, address: String, except taken: Set<Int>
    ) -> Int? {
        func isFree(_ port: Int) -> Bool {
            !taken.contains(port) && host.network.isFree(port: port, address: address, transport: transport)
        }
        for _ in 0..<100 {
            let bytes = host.randomness.bytes(2)
            let port = range.lowerBound + (Int(bytes[0]) << 8 | Int(bytes[1])) % range.count
            if isFree(port) { return port }
        }
        for _ in 0..<50 {
            if let port = host.network.freePort(address: "127.0.0.1"), isFree(port) { return port }
        }
        return nil
    }
}
