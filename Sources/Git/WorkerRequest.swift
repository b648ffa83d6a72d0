package import Base

/// What `devinit-worker` is asked for: one JSON object on its standard input, one request per process.
package struct WorkerRequest: Hashable, Sendable {
    package enum Operation: String, Hashable, Sendable {
        case clone, submodules, submodule, status, fetch
        case fastForward = "fast-forward"
    }

    package var operation: Operation
    /// The checkout: the folder to make, or the one that is there.
    package var target: Path
    /// The URL that is written to the configuration.
    package var url = ""
    /// The URL that is connected to: short names resolved, no password in it.
    package var connection = ""
    package var ref: String?
    package var depth: Int?
    package var remotes: [String: String] = [:]
    /// The submodule's name, for `submodule`.
    package var name = ""
    package var credentials: WorkerCredentials?
    package var ssh: WorkerSSH?
    /// Certificates to trust instead of the system's.
    package var certificates: Path?

    package init(_ operation: Operation, target: Path) {
        self.operation = operation
        self.target = target
    }
}

/// A login for http(s).
package struct WorkerCredentials: Hashable, Sendable {
    package var user: String
    package var password: String

    package init(user: String, password: String) {
        self.user = user
        self.password = password
    }
}

/// What the user's ssh configuration says about one host.
package struct WorkerSSH: Hashable, Sendable {
    package var user: String
    package var usesAgent: Bool
    /// Private key files, in the order in which they are tried.
    package var keys: [Path]
    /// Keys that the host may show, as `TYPE BASE64`.
    package var hostKeys: [String]
    /// Keys that it must not show.
    package var revokedKeys: [String]

    package init(user: String, usesAgent: Bool, keys: [Path], hostKeys: [String], revokedKeys: [String]) {
        self.user = user
        self.usesAgent = usesAgent
        self.keys = keys
        self.hostKeys = hostKeys
        self.revokedKeys = revokedKeys
    }
}

extension WorkerRequest {
    package var json: JSON {
        .members([
            "operation": .string(operation.rawValue), "target": .string(target.text), "url": .string(url),
            "connection": .string(connection), "ref": ref.map(JSON.string), "depth": depth.map(JSON.integer),
            "remotes": .sorted(remotes.mapValues(JSON.string)), "name": .string(name),
            "credentials": credentials.map { ["user": .string($0.user), "password": .string($0.password)] },
            "ssh": ssh.map { ssh in
                [
                    "user": .string(ssh.user), "agent": .bool(ssh.usesAgent),
                    "keys": .array(ssh.keys.map { .string($0.text) }),
                    "hostKeys": .array(ssh.hostKeys.map(JSON.string)),
                    "revokedKeys": .array(ssh.revokedKeys.map(JSON.string)),
                ]
            },
            "certificates": certificates.map { .string($0.text) },
        ])
    }

    /// Nil when the object is no request.
    package init?(_ json: JSON) {
        guard let operation = json["operation"]?.string.flatMap(Operation.init(rawValue:)),
            let target = json["target"]?.string
        else { return nil }
        self.init(operation, target: Path(target))
        url = json["url"]?.string ?? ""
        connection = json["connection"]?.string ?? ""
        ref = json["ref"]?.string
        depth = json["depth"]?.integer
        name = json["name"]?.string ?? ""
        for member in json["remotes"]?.object ?? [] { remotes[member.key] = member.value.string }
        if let login = json["credentials"], let user = login["user"]?.string {
            credentials = WorkerCredentials(user: user, password: login["password"]?.string ?? "")
        }
        if let given = json["ssh"], let user = given["user"]?.string {
            ssh = WorkerSSH(
                user: user, usesAgent: given["agent"]?.bool ?? false, keys: given.strings("keys").map { Path($0) },
                hostKeys: given.strings("hostKeys"), revokedKeys: given.strings("revokedKeys"))
        }
        certificates = json["certificates"]?.string.map { Path($0) }
    }
}

extension JSON {
    /// The texts in the list of that name; empty where there is none.
    package func strings(_ key: String) -> [String] { (self[key]?.array ?? []).compactMap(\.string) }
}
