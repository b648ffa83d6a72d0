import Base
public import HostInterfaces

/// Finds out which process listens on a port.
public struct PortHolder: Sendable {
    private let host: Host

    public init(host: Host) { self.host = host }

    /// The process, as far as it shows itself.
    public struct Holder: Hashable, Sendable {
        public var name: String
        public var process: Int?

        /// For a sentence: `nginx (process 17)`.
        public var words: String { process.map { "\(name) (process \($0))" } ?? name }
        /// Whether it is a container engine's own part.
        public var isEngine: Bool {
            ["docker", "podman", "rootlesskit", "conmon", "colima", "lima", "vpnkit", "OrbStack"].contains {
                name.contains($0)
            }
        }
    }

    /// nil where it can't be told: another user's process shows itself to root alone.
    public func holder(of port: Int, transport: PortTransport = .tcp) async -> Holder? {
        host.machine.operatingSystem == "linux" ? fromProc(port, transport) : await fromLsof(port, transport)
    }

    /// `/proc/net/tcp` gives the socket's inode (proc(5)); the process that has it open has a link to it.
    private func fromProc(_ port: Int, _ transport: PortTransport) -> Holder? {
        let hex = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
        var sockets: Set<String> = []
        // TCP_LISTEN; a socket for datagrams that is connected to nobody is TCP_CLOSE (proc(5)).
        let state = transport == .tcp ? "0A" : "07"
        for table in ["/proc/net/\(transport)", "/proc/net/\(transport)6"] {
            for line in (host.files.text(of: Path(table)) ?? "").split(separator: "\n").dropFirst() {
                let fields = line.split(separator: " ")
                guard fields.count > 9, fields[3] == state, fields[1].hasSuffix(suffix) else { continue }
                sockets.insert("socket:[\(fields[9])]")
            }
        }
        if sockets.isEmpty { return nil }
        for entry in (try? host.files.entries(of: "/proc")) ?? [] {
            guard let process = Int(entry.name) else { continue }
            let folder = Path("/proc") / entry.name
            for descriptor in (try? host.files.entries(of: folder / "fd")) ?? [] {
                guard let target = try? host.files.linkTarget(of: folder / "fd" / descriptor.name),
                    sockets.contains(target)
                else { continue }
                let name = host.files.text(of: folder / "comm")?.split(separator: "\n").first.map(String.init)
                return Holder(name: name ?? "a process", process: process)
            }
        }
        return nil
    }

    /// `-F` prints a field per line: `p` the process, `c` the command.
    private func fromLsof(_ port: Int, _ transport: PortTransport) async -> Holder? {
        let sockets = transport == .tcp ? ["-iTCP:\(port)", "-sTCP:LISTEN"] : ["-iUDP:\(port)"]
        let request = ProcessRequest(
            ["lsof", "-nP"] + sockets + ["-Fpc"], environment: host.environment,
            folder: host.currentFolder, timeLimit: .seconds(5), grace: .milliseconds(200))
        guard let result = try? await host.processes.run(request, onOutput: nil) else { return nil }
        let lines = result.text.split(separator: "\n")
        guard let name = lines.first(where: { $0.hasPrefix("c") }) else { return nil }
        return Holder(
            name: String(name.dropFirst()),
            process: lines.first { $0.hasPrefix("p") }.flatMap { Int($0.dropFirst()) })
    }
}
