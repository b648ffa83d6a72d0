import Base
import Execution
import HostInterfaces
import Kinds
import ManifestModel
import YAML

/// Whether commits have an author, and whether there is a key for repositories that are reached by ssh.
enum GitCheck: DoctorCheck {
    static let id = "git"
    static let group = CheckGroup.git

    static func results(_ context: DoctorContext, chosen: Set<NodeID>?) async -> [CheckResult] {
        guard let run = context.run, !context.nodes(of: "repo").isEmpty else { return [] }
        var results: [CheckResult] = []
        if let identity = await identity(context, run) { results.append(identity) }
        if usesSSH(run.workspace) { results.append(access(context.host)) }
        return results
    }

    /// nil where git is missing: that is the tools' part.
    private static func identity(_ context: DoctorContext, _ run: RunWorkspace) async -> CheckResult? {
        let host = context.host
        let own = host.environment
        if let name = own["GIT_AUTHOR_NAME"], let mail = own["GIT_AUTHOR_EMAIL"], !name.isEmpty, !mail.isEmpty {
            return CheckResult("git-identity", .ok, group, title: "author", found: "\(name) <\(mail)>", message: "set")
        }
        let request = ProcessRequest(
            ["git", "config", "--get-regexp", "^user\\.(name|email)$"], environment: own,
            folder: run.workspace.root, timeLimit: .seconds(5), grace: .milliseconds(200))
        guard let result = try? await host.processes.run(request, onOutput: nil) else { return nil }
        var values: [String: String] = [:]
        for line in result.text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        if let name = values["user.name"], let mail = values["user.email"] {
            return CheckResult("git-identity", .ok, group, title: "author", found: "\(name) <\(mail)>", message: "set")
        }
        let missing = [("user.name", "Your Name"), ("user.email", "you@example.com")].filter { values[$0.0] == nil }
        return CheckResult(
            "git-identity", .warning, group, title: "author",
            message: "git does not know \(missing.map(\.0).joined(separator: " and "))",
            remedy: missing.map { "git config --global \($0.0) \"\($0.1)\"" }.joined(separator: "; "))
    }

    /// A hint only, without the network: an agent, or a key in the usual place, or settings of the person's own.
    private static func access(_ host: Host) -> CheckResult {
        let folder = host.machine.home / ".ssh"
        if let agent = host.environment["SSH_AUTH_SOCK"], host.files.exists(Path(agent)) {
            return CheckResult("ssh-access", .ok, group, title: "ssh", found: "an agent", message: "an agent is there")
        }
        let names = ((try? host.files.entries(of: folder)) ?? []).map(\.name)
        if names.contains(where: { $0.hasPrefix("id_") && !$0.hasSuffix(".pub") }) || names.contains("config") {
            return CheckResult("ssh-access", .ok, group, title: "ssh", found: "a key", message: "a key is there")
        }
        return CheckResult(
            "ssh-access", .warning, group, title: "ssh", message: "no agent and no key, but repositories need ssh",
            remedy: "ssh-keygen -t ed25519, then add ~/.ssh/id_ed25519.pub where the repositories live")
    }

    private static func usesSSH(_ workspace: Workspace) -> Bool {
        (workspace.manifest.section("repos")?.entries ?? []).contains { entry in
            guard let url = entry.value["url"]?.text ?? entry.value.text else { return false }
            if url.hasPrefix("ssh://") { return true }
            guard let at = url.firstIndex(of: "@"), let colon = url.firstIndex(of: ":") else { return false }
            return at < colon && !url.contains("://")
        }
    }
}
