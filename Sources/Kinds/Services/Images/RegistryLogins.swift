import Base
import HostInterfaces

/// The logins that `docker login` left behind, read as Docker's own command line reads them (docker/cli,
/// cli/config/configfile): a program that keeps them for one registry or for all, else the file itself.
struct RegistryLogins {
    let host: Host
    /// Docker's `config.json`.
    let configuration: JSON?

    /// What there is for a registry.
    enum Login: Hashable, Sendable {
        case none
        /// The header `X-Registry-Auth` (Docker Engine API, "Authentication").
        case header(String)
        /// There is one, but it can't be read here: Compose must fetch the image itself.
        case unreadable
    }

    private static let limit = Duration.seconds(10)

    func login(for registry: String) async -> Login {
        let keys = Self.keys(of: registry)
        for key in keys {
            if let program = configuration?["credHelpers"]?[key]?.string { return await ask(program, keys) }
        }
        if let program = configuration?["credsStore"]?.string, !program.isEmpty {
            let login = await ask(program, keys)
            if login != .none { return login }
        }
        for key in keys {
            guard let entry = configuration?["auths"]?[key] else { continue }
            if let token = entry["identitytoken"]?.string, !token.isEmpty { return header(token: token, key) }
            guard let coded = entry["auth"]?.string, !coded.isEmpty else { continue }
            guard let text = Base64.decode(coded).map({ String(decoding: $0, as: UTF8.self) }),
                let colon = text.firstIndex(of: ":")
            else { return .unreadable }
            return header(user: String(text[..<colon]), password: String(text[text.index(after: colon)...]), key)
        }
        return .none
    }

    /// The names under which a registry's login may be kept; Docker Hub's has a name of its own.
    private static func keys(of registry: String) -> [String] {
        registry == ImageReference.hub
            ? ["https://index.docker.io/v1/", "index.docker.io", "docker.io"]
            : [
                registry, "https://\(registry)", "http://\(registry)", "https://\(registry)/v1/",
                "https://\(registry)/v2/",
            ]
    }

    /// Asks a program that keeps logins (docker/docker-credential-helpers). It says in words that it has none.
    private func ask(_ program: String, _ keys: [String]) async -> Login {
        for key in keys {
            let request = ProcessRequest(
                ["docker-credential-\(program)", "get"], environment: host.environment, folder: host.currentFolder,
                input: .bytes(Array(key.utf8)), timeLimit: Self.limit, grace: .seconds(1))
            guard let result = try? await host.processes.run(request, onOutput: nil) else { return .unreadable }
            guard result.succeeded else {
                if (result.text + result.errorText).contains("credentials not found") { continue }
                return .unreadable
            }
            guard let json = try? JSON(parsing: result.output), let secret = json["Secret"]?.string else {
                return .unreadable
            }
            let user = json["Username"]?.string ?? ""
            return user == "<token>" ? header(token: secret, key) : header(user: user, password: secret, key)
        }
        return .none
    }

    private func header(user: String, password: String, _ key: String) -> Login {
        header(["username": .string(user), "password": .string(password), "serveraddress": .string(key)])
    }

    private func header(token: String, _ key: String) -> Login {
        header(["identitytoken": .string(token), "serveraddress": .string(key)])
    }

    private func header(_ json: JSON) -> Login {
        .header(String(decoding: Base64.encode(json.bytes(), Base64.forURLs, padded: true), as: UTF8.self))
    }
}
