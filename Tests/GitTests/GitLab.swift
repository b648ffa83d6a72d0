import Base
import Foundation
import Git
import HostInterfaces
import POSIXHost
import Testing

/// Bare repositories made for the tests, served by git daemon, a web server and sshd on loopback.
struct GitLab: Sendable {
    @TaskLocal static var current: GitLab?

    /// The folder that holds the bare repositories.
    let folder: Path
    /// What `Tests/Lab/git-servers` printed: `GIT_URL`, `HTTP_URL`, `SSH_URL`, ….
    let addresses: [String: String]

    func address(_ key: String, _ name: String = "api.git") -> String { (addresses[key] ?? "") + "/" + name }

    static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Lab/git-servers").path

    /// The servers need sshd, git's daemon and python; `Tests/Lab/install` brings them.
    static var isPossible: Bool {
        ["/usr/sbin/sshd", "/usr/bin/git", "/usr/bin/ssh-keygen", "/usr/bin/openssl"]
            .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static func shell(_ script: String, _ environment: [String: String] = [:]) async throws -> String {
        let host = POSIXHost.host()
        let own = [
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.invalid",
            "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.invalid",
        ]
        let result = try await host.processes.run(
            ProcessRequest(
                ["bash", "-euc", script], environment: host.environment.merging(own) { $1 }.merging(environment) { $1 },
                folder: "/tmp", timeLimit: .seconds(60)), onOutput: nil)
        guard result.succeeded else { throw ShellFailure(words: result.errorText + result.text) }
        return result.text
    }

    struct ShellFailure: Error { var words: String }

    /// `api` with branches, tags and a link, `parent` with `api` as a submodule, `empty`, and `lfs`.
    static func makeRepositories() async throws -> Path {
        let made = try await shell(
            """
            d=$(mktemp -d /tmp/devinit-git-XXXXXX); cd $d; mkdir work home; export HOME=$d/home
            git init -q -b main work/api; cd work/api; mkdir folder
            echo one >file; echo x >folder/y; ln -s file link; printf 'run' >tool; chmod +x tool
            git add .; git commit -qm one; git tag v1; git tag -am annotated v1.1
            git checkout -qb feature/x; echo two >>file; git commit -qam two; git checkout -q main
            echo three >>file; git commit -qam three
            git clone -q --bare . $d/api.git
            git init -q -b main $d/sources/parent; cd $d/sources/parent
            git -c protocol.file.allow=always submodule --quiet add ../../api.git lib/api
            git config -f .gitmodules submodule.lib/api.url ../api.git; git add .; git commit -qm parent
            git clone -q --bare . $d/parent.git
            git init -q --bare -b trunk $d/empty.git
            git init -q -b main $d/sources/filtered; cd $d/sources/filtered
            echo '*.bin filter=shout' >.gitattributes; echo quiet >a.bin; git add .; git commit -qm filtered
            git clone -q --bare . $d/filtered.git
            cd $d; rm -rf work/parent; echo $d
            """)
        return Path(made.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}

/// Starts the servers before a suite's first test and ends them after its last.
struct GitLabTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard GitLab.isPossible else { return try await function() }
        let folder = try await GitLab.makeRepositories()
        let printed = try await GitLab.shell("exec '\(GitLab.script)' start '\(folder)'")
        var addresses: [String: String] = [:]
        for line in printed.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            addresses[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
        let lab = GitLab(folder: folder, addresses: addresses)
        var failure: (any Error)?
        do { try await GitLab.$current.withValue(lab) { try await function() } } catch { failure = error }
        _ = try? await GitLab.shell("'\(GitLab.script)' stop '\(folder)'; rm -rf '\(folder)'")
        if let failure { throw failure }
    }
}

extension Trait where Self == GitLabTrait {
    static var gitLab: GitLabTrait { GitLabTrait() }
}

/// A user of the tests: a home of its own, and the git room as devinit would use it.
struct GitUser {
    let lab: GitLab
    let home: Path
    var host: HostInterfaces.Host
    var target: Path { home / "workspace/api" }

    init() throws {
        lab = try #require(GitLab.current)
        home = lab.folder / "user-\(UInt32.random(in: 0...UInt32.max))"
        host = POSIXHost.host()
        host.machine.home = home
        host.environment = [
            "HOME": home.text, "PATH": "\(home)/bin:/usr/local/bin:/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_SSL_CAINFO": lab.addresses["HTTPS_CERTIFICATE"] ?? "",
        ]
        for folder in ["bin", ".ssh", "workspace"] { try host.files.makeFolder(home / folder, mode: 0o700) }
        // ssh takes the home folder from the account, not from HOME.
        try write("bin/ssh", "#!/bin/sh\nexec /usr/bin/ssh -F '\(home)/.ssh/config' \"$@\"\n", mode: 0o755)
        try write(
            ".ssh/config",
            "UserKnownHostsFile \(home)/.ssh/known_hosts\nGlobalKnownHostsFile none\nIdentityFile \(home)/.ssh/id_ed25519\n"
        )
    }

    func write(_ name: String, _ text: String, mode: UInt16 = 0o600) throws {
        try host.files.replace(home / name, with: Array(text.utf8), mode: mode)
    }

    func trustServer() throws {
        try write(".ssh/known_hosts", host.files.text(of: Path(lab.addresses["SSH_KNOWN_HOSTS"] ?? "")) ?? "")
    }

    func takeKey() throws {
        try write(".ssh/id_ed25519", host.files.text(of: Path(lab.addresses["SSH_KEY"] ?? "")) ?? "")
    }

    static let worker: Path? = {
        let program = Bundle.main.executablePath ?? CommandLine.arguments[0]
        var folder = Path(program).parent
        while folder.text != "/" {
            let worker = folder / "devinit-worker"
            if FileManager.default.isExecutableFile(atPath: worker.text) { return worker }
            folder = folder.parent
        }
        return nil
    }()

    func work(
        _ backend: GitBackend = .libgit2, protocolChoice: GitProtocol? = nil, limit: Duration = .seconds(20)
    ) -> GitWork {
        GitWork(
            host: host, worker: GitUser.worker, backend: backend, protocolChoice: protocolChoice,
            limits: GitTimeLimits(connecting: limit, silence: limit))
    }

    /// The failure of a clone, after which nothing may be left behind.
    func failure(
        _ url: String, _ backend: GitBackend = .libgit2, ref: String? = nil, limit: Duration = .seconds(20)
    ) async throws -> GitFailure {
        do throws(GitFailure) {
            _ = try await work(backend, limit: limit).clone(CloneRequest(url: url, target: target, ref: ref))
        } catch {
            #expect(try remains().isEmpty)
            return error
        }
        throw GitLab.ShellFailure(words: "the clone of \(url) should have failed")
    }

    /// What stands in the workspace, hidden folders too.
    func remains() throws -> [String] { try host.files.entries(of: home / "workspace").map(\.name) }

    func git(_ arguments: String, in folder: Path? = nil) async throws -> String {
        try await GitLab.shell("cd '\(folder ?? target)'; git \(arguments)", host.environment)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
