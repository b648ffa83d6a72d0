import Arguments
import Execution
import HostInterfaces
import Kinds
import Reporting

/// `plan`: what `up` would do and why.
enum PlanCommand: Command {
    static let detailed = Flag("detailed-exitcode", help: "End with 2 when there is work to do.")

    static let why = Flag(
        "why", help: "Say for each node with work, or for the named ones, all that was compared.", variable: .none)

    static let spec = CommandSpec(
        name: "plan", summary: "Shows what up would do, and why, and changes nothing.",
        discussion: "Nothing that the manifest says is executed, so this is safe before you trust it.",
        arguments: SelectionOptions.specs + [UpCommand.rerun.spec, why.spec, detailed.spec],
        examples: [
            Example("devinit plan -v", help: "Shows also why each node waits for which."),
            Example("devinit plan --why migrate", help: "Says which files, values and versions changed."),
        ],
        group: CommandTable.first)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let opened = try OpenedWorkspace.open(session)
        return try await show(opened, SelectionOptions.selection(parsed), parsed, detailed: parsed[detailed])
    }

    static func show(
        _ opened: OpenedWorkspace, _ selection: Selection, _ parsed: ParsedArguments, detailed: Bool
    ) async throws(CommandFailure) -> ExitStatus {
        let session = opened.session
        opened.sayWarnings()
        opened.sayEdits()
        let plan = try await plan(opened, selection, parsed)
        if session.isJSON {
            session.answer(plan.json)
        } else {
            session.answer(view(session.reporting.output, session.outputColumns, session).lines(plan))
        }
        return detailed && plan.hasWork ? .workToDo : .done
    }

    /// The same beside the conversation, before something is done.
    static func tell(
        _ opened: OpenedWorkspace, _ selection: Selection, _ parsed: ParsedArguments
    ) async throws(CommandFailure) {
        let session = opened.session
        let columns = session.host.terminal.size(of: .error)?.columns
        let lines = view(session.reporting.error, columns, session).lines(try await plan(opened, selection, parsed))
        session.host.terminal.write(session.reporting.error.text(lines), to: .error)
    }

    private static func view(_ style: Style, _ columns: Int?, _ session: Session) -> PlanView {
        PlanView(style: style, columns: columns, isVerbose: session.reporting.isVerbose)
    }

    private static func plan(
        _ opened: OpenedWorkspace, _ selection: Selection, _ parsed: ParsedArguments
    ) async throws(CommandFailure) -> Plan {
        let graph = try opened.graph(selection)
        try await Preparation.settle(opened, writing: false)
        var settings = opened.settings
        settings.rerun = try opened.nodes(named: parsed[UpCommand.rerun])
        let isAsked = parsed[why]
        let named = try opened.nodes(named: selection.targets)
        return await Planner(opened.run(settings)).plan(graph) { id, assessment in
            isAsked && (named.isEmpty ? assessment.isWork : named.contains(id))
        }
    }
}
