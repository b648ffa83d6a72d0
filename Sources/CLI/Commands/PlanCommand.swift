import Arguments
import Execution
import Kinds
import Reporting

/// `plan`: what `up` would do and why.
enum PlanCommand: Command {
    static let detailed = Flag("detailed-exitcode", help: "End with 2 when there is work to do.")

    static let spec = CommandSpec(
        name: "plan", summary: "Shows what up would do, and why, and changes nothing.",
        discussion: "Nothing that the manifest says is executed, so this is safe before you trust it.",
        arguments: SelectionOptions.specs + [UpCommand.rerun.spec, detailed.spec],
        examples: [Example("devinit plan -v", help: "Shows also why each node waits for which.")],
        group: CommandTable.first)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let opened = try OpenedWorkspace.open(session)
        return try await show(
            opened, SelectionOptions.selection(parsed), rerun: parsed[UpCommand.rerun], detailed: parsed[detailed])
    }

    static func show(
        _ opened: OpenedWorkspace, _ selection: Selection, rerun: [String], detailed: Bool
    ) async throws(CommandFailure) -> ExitStatus {
        let session = opened.session
        opened.sayWarnings()
        let graph = try opened.graph(selection)
        try await Preparation.decidePorts(opened, writing: false)
        var settings = opened.settings
        settings.rerun = try opened.nodes(named: rerun)
        let plan = await Planner(opened.run(settings)).plan(graph)
        if session.isJSON {
            session.answer(plan.json)
        } else {
            let view = PlanView(
                style: session.reporting.output, columns: session.outputColumns,
                isVerbose: session.reporting.isVerbose)
            session.answer(view.lines(plan))
        }
        return detailed && plan.hasWork ? .workToDo : .done
    }
}
