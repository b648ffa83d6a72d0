import Arguments
import Execution
import HostInterfaces
import Kinds

/// `up`: makes this machine match the manifest.
enum UpCommand: Command {
    static let dryRun = Flag("dry-run", short: "n", help: "Show the plan and stop.")
    static let trust = Flag("trust", help: "Approve the manifest's commands for this run.", variable: .none)
    static let install = Flag("install", help: "Agree to the installs that the manifest asks for.", variable: .none)
    static let failFast = Flag("fail-fast", help: "Start nothing new after the first failure.")
    static let sync = Flag(
        "sync", help: "Fetch the repositories first, and move branches forward where nothing is lost.")
    static let rerun = Option<[String]>(
        "rerun", value: "NODE", repeating: .text, help: "Do this node again whatever its record says.",
        completion: .callback("nodes"))
    static let take = Option<String?>(
        "take", value: "SIDE", type: .choice(["manifest", "mine"]),
        help: "Whose value stands where an env file has no record.")

    static let foreign = Option<String?>(
        "foreign", value: "CHOICE", type: .choice(ForeignSettling.Choice.allCases.map(\.rawValue)),
        help: "Take over, or avoid by another name, what was made elsewhere under this workspace's name.",
        variable: .none)

    static let spec = CommandSpec(
        name: "up", summary: "Makes this machine match the manifest.",
        discussion: """
            Plans, then does what is not up to date: clones, env files, services, steps, each as soon as what it \
            needs is done. After a failure run it again: what was done stays done.
            """,
        arguments: SelectionOptions.specs + [
            dryRun.spec, trust.spec, install.spec, failFast.spec, sync.spec, rerun.spec, PlanCommand.why.spec,
            take.spec, foreign.spec,
        ],
        examples: [
            Example("devinit up", help: "Does everything."),
            Example("devinit up migrate", help: "Does the node 'migrate' and what it needs."),
            Example(
                "devinit up github:acme/dev", help: "Clones the repository with the manifest, then does everything."),
            Example("devinit up --trust -y", help: "The form for CI: approves and asks nothing."),
        ],
        group: CommandTable.first)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        var selection = SelectionOptions.selection(parsed)
        var session = session
        if let address = selection.targets.first, RemoteWorkspace.isAddress(address) {
            guard selection.targets.count <= 2 else {
                throw CommandFailure(
                    .usage, code: "usage", "after a git address only a folder may follow",
                    suggestion: "devinit up URL FOLDER")
            }
            let folder = selection.targets.dropFirst().first
            session.host.currentFolder = try await RemoteWorkspace.prepare(address, folder: folder, session)
            selection.targets = []
        }
        if parsed[dryRun] {
            return try await PlanCommand.show(
                try OpenedWorkspace.open(session), selection, parsed, detailed: false)
        }
        if parsed[PlanCommand.why] {
            try await PlanCommand.tell(try OpenedWorkspace.open(session), selection, parsed)
        }
        var request = RunRequest(selection: selection, words: "up")
        request.trusts = parsed[trust]
        request.mayInstall = parsed[install]
        request.failFast = parsed[failFast]
        request.syncs = parsed[sync]
        request.rerun = parsed[rerun]
        request.take = parsed[take]
        request.foreign = parsed[foreign].flatMap(ForeignSettling.Choice.init(rawValue:))
        return try await RunSession.run(request, session)
    }
}
