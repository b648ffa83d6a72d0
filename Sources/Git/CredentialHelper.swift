import Base
import HostInterfaces

/// Logins for http(s) from git's credential helpers, without asking anyone.
enum CredentialHelper {
    /// Nil when no helper knows one.
    static func login(for address: RepositoryAddress, host: Host) async -> WorkerCredentials? {
        var input = "protocol=\(address.scheme.rawValue)\nhost=\(address.host)"
        if let port = address.port { input += ":\(port)" }
        input += "\npath=\(address.path.drop { $0 == "/" })\n"
        if let user = address.user { input += "username=\(user)\n" }
        let result = try? await host.processes.run(
            ProcessRequest(
                ["git", "credential", "fill"], environment: silent(host.environment), folder: host.machine.home,
                input: .bytes(Array((input + "\n").utf8)), timeLimit: .seconds(30)), onOutput: nil)
        guard let result, result.succeeded else { return nil }
        var login = WorkerCredentials(user: address.user ?? "", password: "")
        for line in result.text.split(separator: "\n") {
            if line.hasPrefix("username=") { login.user = String(line.dropFirst("username=".count)) }
            if line.hasPrefix("password=") { login.password = String(line.dropFirst("password=".count)) }
        }
        return login.password.isEmpty ? nil : login
    }

    /// The environment with every question turned off. An empty GIT_ASKPASS also turns off `core.askPass` and
    /// SSH_ASKPASS; one that the user set, as editors do, stays.
    static func silent(_ environment: [String: String]) -> [String: String] {
        var environment = environment
        environment["GIT_TERMINAL_PROMPT"] = "0"
        environment["GCM_INTERACTIVE"] = "never"
        if environment["GIT_ASKPASS"] == nil { environment["GIT_ASKPASS"] = "" }
        return environment
    }
}
