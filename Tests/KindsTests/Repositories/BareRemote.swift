import Base
import Execution
import Foundation
import HostInterfaces
import Kinds
import POSIXHost
import State

/// What the tests of repositories need on the machine.
enum GitPrograms {
    static let stand = POSIXHost.host().files.isFile("/usr/bin/git")
}

/// A workspace with bare remotes beside it, and what it says in plain words.
struct RepositoryFixture {
    let workspace: WorkspaceFixture
    /// Holds the workspace and the remotes, so that `../api.git` is one.
    var folder: Path { workspace.base }
    var root: Path { workspace.root }
    var host: HostInterfaces.Host { workspace.host }

    init(_ manifest: String, local: String? = nil) throws {
        var files: [String: String] = [:]
        if let local { files["init.local.yaml"] = local }
        workspace = try WorkspaceFixture(manifest, files: files, environment: ["GIT_CONFIG_NOSYSTEM": "1"])
    }

    /// Every problem as `LINE:COLUMN CODE MESSAGE | SUGGESTION`.
    var problems: [String] {
        workspace.read().diagnostics.map { problem in
            let place = problem.location.map { "\($0.line):\($0.column) " } ?? ""
            return "\(place)\(problem.code) \(problem.message)" + (problem.suggestion.map { " | \($0)" } ?? "")
        }
    }

    func node(_ name: String) -> (any WorkspaceNode)? { workspace.read().workspace.nodes[NodeID("repo", name)] }

    /// `ACTION REASON` of each node.
    func plan() async throws -> [String: String] {
        try await workspace.plan().mapValues { "\($0.action.rawValue) \($0.reason)" }
    }

    @discardableResult
    func up(settings: RunSettings = RunSettings(jobs: 4)) async throws -> [String: NodeResult] {
        try await workspace.up(settings: settings)
    }

    var operations: RepositoryOperations {
        get throws { RepositoryOperations(try workspace.runWorkspace(RunSettings(jobs: 2), writing: false)) }
    }

    /// The paths that the ledger holds for a node.
    func created(_ node: String) -> [String] {
        Journal.readOnly(in: StateFolder(host: host, workspaceRoot: root), host: host).created(node).map(\.name)
    }

    /// Runs a script with bash in the workspace; fails when the script does.
    @discardableResult
    func shell(_ script: String) async throws -> String {
        let own = [
            "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.invalid", "GIT_COMMITTER_NAME": "t",
            "GIT_COMMITTER_EMAIL": "t@example.invalid",
        ]
        let result = try await host.processes.run(
            ProcessRequest(
                ["bash", "-euc", script], environment: host.environment.merging(own) { $1 }, folder: root,
                timeLimit: .seconds(60)), onOutput: nil)
        guard result.succeeded else { throw ShellFailure(words: result.errorText + result.text) }
        return result.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    struct ShellFailure: Error { var words: String }

    /// A bare repository `NAME.git` beside the workspace, with two commits on main, a branch and a tag.
    func makeRemote(_ name: String) async throws {
        try await shell(
            """
            d=\(folder)/work-\(name); git init -q -b main $d; cd $d
            echo \(name) >file; git add .; git commit -qm one; git tag v1
            git checkout -qb feature/x; echo two >>file; git commit -qam two; git checkout -q main
            echo three >>file; git commit -qam three
            git clone -q --bare . \(folder)/\(name).git
            """)
    }

    /// One more commit on the remote's main.
    func advance(_ name: String) async throws {
        try await shell(
            "cd \(folder)/work-\(name); echo more >>file; git commit -qam more; git push -q \(folder)/\(name).git main")
    }

    /// Everything in a folder with sizes and times: what must not change when nothing is to be touched. Looking
    /// with git may refresh its index, so that one is left out.
    func print(of path: String) async throws -> String {
        try await shell(
            "cd '\(path)'; find . -name index -prune -o -type f -printf '%p %s %T@ %C@\\n' | sort")
    }
}
