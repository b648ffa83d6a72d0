import Base
import HostInterfaces

/// Where a container engine answers.
struct EngineEndpoint: Hashable, Sendable {
    enum Transport: Hashable, Sendable {
        case socket(Path)
        case tcp(host: String, port: Int)
        /// Reached through Docker's own command line: ssh, TLS.
        case commands
    }

    static let variable = "DOCKER_HOST"
    /// All that say which engine Docker's own programs speak to, and how.
    static let variables = [variable, "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"]

    var transport: Transport
    /// As `DOCKER_HOST` has it.
    var address: String
    /// Where it was found, for people: "DOCKER_HOST", "the context colima".
    var origin: String
    /// The name of the Docker context that says so.
    var context: String?

    /// Reads a `DOCKER_HOST`. With TLS nobody but the command line speaks to it.
    init(address: String, origin: String, context: String? = nil, usesTLS: Bool = false) {
        self.address = address
        self.origin = origin
        self.context = context
        if address.hasPrefix("unix://") {
            transport = .socket(Path(String(address.dropFirst(7))))
        } else if address.hasPrefix("tcp://"), !usesTLS {
            let place = address.dropFirst(6).prefix { $0 != "/" }
            let colon = place.last == "]" ? nil : place.lastIndex(of: ":")
            let port = colon.flatMap { Int(place[place.index(after: $0)...]) }
            transport = .tcp(host: String(colon.map { place[..<$0] } ?? place), port: port ?? 2375)
        } else {
            transport = .commands
        }
    }

    /// The variables by which Docker's own programs speak to this engine and to no other.
    func environment(_ environment: [String: String]) -> [String: String] {
        if context == nil, origin == Self.variable { return environment }
        var environment = environment
        // Those beside the address are about the one that DOCKER_HOST names.
        for name in Self.variables { environment[name] = nil }
        if let context {
            // It may say more than an address: certificates.
            environment["DOCKER_CONTEXT"] = context
        } else {
            environment[Self.variable] = address
        }
        return environment
    }

    /// The host under which published ports are reached, where it is not this machine.
    var remoteHost: String? {
        switch transport {
        case .socket: return nil
        case .tcp(let host, _):
            return host.isEmpty || ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host) ? nil : host
        case .commands: return machine
        }
    }

    /// What is wrong with the address, as far as it shows: nobody would answer, and values would have no host.
    var fault: String? {
        ["ssh://", "tcp://"].contains { address.hasPrefix($0) } && machine == nil
            ? "'\(address)' names no machine" : nil
    }

    /// The machine that the address names, without user and port; nil where it names none.
    private var machine: String? {
        guard let scheme = address.range(ofFirst: "://") else { return nil }
        let rest = address[scheme...].dropFirst(3).prefix { $0 != "/" }
        let host = rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest
        // A numeric address of IPv6 stands in brackets, with colons of its own.
        let end = host.first == "[" ? host.firstIndex(of: "]").map { host.index(after: $0) } : host.firstIndex(of: ":")
        let name = String(end.map { host[..<$0] } ?? host)
        return name.isEmpty ? nil : name
    }
}

/// Looks for the engine and for Compose the way Docker's own command line does, without starting a program.
struct EngineSearch {
    let host: Host
    /// `auto`, `docker`, `podman` or the name of a Docker context.
    let choice: String

    var environment: [String: String] { host.environment }

    var configurationFolder: Path {
        environment["DOCKER_CONFIG"].map { Path($0) } ?? host.machine.home / ".docker"
    }

    /// Whether a Docker context is chosen by its name.
    var isContext: Bool { Self.isContext(choice) }

    static func isContext(_ choice: String) -> Bool { !["auto", "docker", "podman"].contains(choice) }

    /// Places where an engine may answer, the likeliest first; sockets that are not there are left out.
    func endpoints() -> [EngineEndpoint] {
        if choice == "podman" { return podmanSockets() }
        if let stated { return [stated] }
        if isContext { return [] }
        return dockerSockets() + (choice == "auto" ? podmanSockets() : [])
    }

    /// The one that a person named, by the choice, a variable or a context; no other may be a remote one.
    var stated: EngineEndpoint? {
        switch choice {
        case "podman": return nil
        case "auto", "docker": break
        default: return context(choice)
        }
        if let address = environment["DOCKER_HOST"], !address.isEmpty {
            let usesTLS = ["DOCKER_TLS_VERIFY", "DOCKER_TLS"].contains { environment[$0]?.isEmpty == false }
            return EngineEndpoint(address: address, origin: EngineEndpoint.variable, usesTLS: usesTLS)
        }
        guard let name = environment["DOCKER_CONTEXT"] ?? currentContext, name != "default" else { return nil }
        return context(name)
    }

    /// A program on the PATH, or by its path.
    func find(_ program: String) -> Path? {
        host.processes.find(program, path: environment["PATH"] ?? "", folder: host.currentFolder)
    }

    /// Docker's own `config.json`.
    var configuration: JSON? {
        host.files.text(of: configurationFolder / "config.json").flatMap { try? JSON(parsing: $0) }
    }

    /// The context that Docker's command line would use; nil for none of its own.
    var currentContext: String? { configuration?["currentContext"]?.string }

    private func context(_ name: String) -> EngineEndpoint? {
        let folder = host.digests.sha256(Array(name.utf8))
        let path = configurationFolder.appending(Path("contexts/meta/\(folder)/meta.json"))
        guard let json = host.files.text(of: path).flatMap({ try? JSON(parsing: $0) }),
            let endpoint = json["Endpoints"]?["docker"], let address = endpoint["Host"]?.string
        else { return nil }
        let certificates = configurationFolder.appending(Path("contexts/tls/\(folder)/docker"))
        return EngineEndpoint(
            address: address, origin: "the context \(name)", context: name,
            usesTLS: host.files.exists(certificates) || endpoint["SkipTLSVerify"]?.bool == true)
    }

    private func sockets(_ candidates: [(path: Path, origin: String)]) -> [EngineEndpoint] {
        candidates.filter { host.files.exists($0.path) }.map {
            EngineEndpoint(address: "unix://\($0.path)", origin: $0.origin)
        }
    }

    private func dockerSockets() -> [EngineEndpoint] {
        let home = host.machine.home
        var candidates: [(Path, String)] = [("/var/run/docker.sock", "Docker")]
        if let runtime = environment["XDG_RUNTIME_DIR"] {
            candidates.append((Path(runtime) / "docker.sock", "rootless Docker"))
        }
        candidates += [
            (home / ".docker/run/docker.sock", "Docker Desktop"),
            (home / ".docker/desktop/docker.sock", "Docker Desktop"),
            (home / ".orbstack/run/docker.sock", "OrbStack"), (home / ".colima/default/docker.sock", "Colima"),
            (home / ".rd/docker.sock", "Rancher Desktop"),
        ]
        return sockets(candidates)
    }

    private func podmanSockets() -> [EngineEndpoint] {
        let runtime = environment["XDG_RUNTIME_DIR"].map { Path($0) } ?? Path("/run/user/\(host.machine.user)")
        return sockets([
            (runtime / "podman/podman.sock", "Podman"), ("/run/podman/podman.sock", "Podman"),
        ])
    }
}
