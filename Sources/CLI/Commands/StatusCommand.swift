import Arguments
import Base
import Execution
import Git
import HostInterfaces
import Kinds
import Reporting

/// `status`: what stands and what does not.
enum StatusCommand: Command {
    static let instances = Flag(
        "instances", help: "Only which instances the engine has containers or data of, also of folders that are gone.",
        variable: .none)

    static let spec = CommandSpec(
        name: "status", summary: "Shows repositories, services, env files and steps as they are now.",
        arguments: [instances.spec], group: CommandTable.first)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let opened = try OpenedWorkspace.open(session)
        if parsed[instances] { return try await list(opened) }
        try await Preparation.settle(opened, writing: false)
        opened.sayEdits()
        var selection = Selection()
        selection.profiles = parsed[GlobalOptions.profiles]
        let graph = try opened.graph(selection)
        let run = opened.run(opened.settings)
        let plan = await Planner(run).plan(graph)
        let chosen = Set(graph.nodes.keys)
        let repositories = await RepositoryOperations(run).status(of: chosen)
        let services = await opened.services.status(isTrusted: TrustGate(opened).isApproved)
            .filter { chosen.contains(NodeID("service", $0.name)) }
        let overview = StatusOverview(
            repositories: repositories, services: services,
            environmentFiles: plan.entries.filter { $0.node.id.kind == "env" },
            drift: Dictionary(EnvironmentFiles.drift(chosen, in: run).map { ($0.node, $0) }) { $1 },
            steps: plan.entries.filter { $0.node.id.kind == "step" }, root: opened.workspace.root,
            instance: opened.workspace.instance, project: opened.workspace.project)
        if session.isJSON {
            session.answer(overview.json)
        } else {
            session.answer(overview.lines(style: session.reporting.output, width: session.outputColumns))
        }
        return .done
    }

    private static func list(_ opened: OpenedWorkspace) async throws(CommandFailure) -> ExitStatus {
        let session = opened.session
        let found = await opened.services.instances()
        if let error = found.failure {
            throw CommandFailure(.of([error]), code: "instances", error.message, suggestion: error.remedy)
        }
        for note in found.notes { session.say("note: \(note)") }
        let list = InstanceList(instances: found.instances)
        if session.isJSON {
            session.answer(list.json)
        } else {
            session.answer(list.lines(style: session.reporting.output, width: session.outputColumns))
        }
        return .done
    }
}
