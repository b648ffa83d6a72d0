import Arguments
import Base
import Execution
import HostInterfaces
import Kinds

/// `sync`: brings repositories up to date where nothing can be lost.
enum SyncCommand: Command {
    static let spec = CommandSpec(
        name: "sync", summary: "Fetches the repositories and moves branches forward where nothing can be lost.",
        discussion: "A branch with changes or commits of its own stays as it is, and the digest says so.",
        group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let opened = try OpenedWorkspace.open(session)
        if parsed[GlobalOptions.offline] {
            throw CommandFailure(.usage, code: "offline", "sync needs the network", suggestion: "drop --offline")
        }
        let results = await RepositoryOperations(opened.run(opened.settings)).sync()
        if session.isJSON {
            session.answer(["schema": "devinit.sync/1", "repos": .array(results.map(json))])
        } else {
            if results.isEmpty { session.say("the manifest has no repositories") }
            for result in results { session.answer("\(result.id.name)  \(words(result.outcome))") }
        }
        let failures = results.compactMap { if case .failed(let failure) = $0.outcome { failure } else { nil } }
        for failure in failures { if let remedy = failure.remedy { session.say("  \(remedy)") } }
        return .of(failures)
    }

    /// What `up --sync` does before anything else. A repository that can't be fetched stays as it is, and is named.
    static func sync(_ opened: OpenedWorkspace, _ graph: ExecutionGraph) async throws(CommandFailure) {
        let session = opened.session
        if session.parsed[GlobalOptions.offline] {
            throw CommandFailure(
                .usage, code: "offline", "--sync needs the network", suggestion: "drop --offline or --sync")
        }
        let repositories = Set(graph.nodes.keys.filter { $0.kind == "repo" })
        for result in await RepositoryOperations(opened.run(opened.settings)).sync(repositories) {
            switch result.outcome {
            case .upToDate: break
            case .left where !session.host.files.exists(result.place): break
            default: session.say("\(result.id): \(words(result.outcome))")
            }
        }
    }

    private static func words(_ outcome: RepositorySync.Outcome) -> String {
        switch outcome {
        case .upToDate: "up to date"
        case .moved(let branch, let from, let to, let commits):
            "\(branch) moved by \(commits) \(commits == 1 ? "commit" : "commits"), \(from.prefix(8)) → \(to.prefix(8))"
        case .left(let reason): "left as it is: \(reason)"
        case .failed(let failure): "failed: \(failure.message)"
        }
    }

    private static func json(_ result: RepositorySync) -> JSON {
        var members = [JSON.Member("name", .string(result.id.name))]
        switch result.outcome {
        case .upToDate: members.append(JSON.Member("status", "up-to-date"))
        case .moved(let branch, let from, let to, let commits):
            members += [
                JSON.Member("status", "moved"), JSON.Member("branch", .string(branch)),
                JSON.Member("from", .string(from)), JSON.Member("to", .string(to)),
                JSON.Member("commits", .integer(commits)),
            ]
        case .left(let reason): members += [JSON.Member("status", "left"), JSON.Member("reason", .string(reason))]
        case .failed(let failure):
            members += [JSON.Member("status", "failed"), JSON.Member("reason", .string(failure.message))]
        }
        return .object(members)
    }
}
