import Execution
import Arguments
import HostInterfaces
import Kinds
import ManifestModel

/// What is settled before anything runs: ports and questions.
enum Preparation {
    /// Decides the host ports of all services, so that every reference to one has a value.
    static func decidePorts(_ opened: OpenedWorkspace, writing: Bool) async throws(CommandFailure) {
        do throws(NodeFailure) {
            try await ServicePorts.decide(
                opened.workspace, opened.values, host: opened.session.host, journal: opened.journal, writing: writing)
        } catch {
            throw CommandFailure(.of([error]), code: "ports", error.message, suggestion: error.remedy)
        }
    }

    /// Asks for the secrets that people must give, together. Without a person the missing ones are listed.
    static func askSecrets(_ opened: OpenedWorkspace, _ graph: ExecutionGraph) async throws(CommandFailure) {
        let session = opened.session
        let questions = await SecretQuestions.open(
            in: opened.workspace, nodes: Set(graph.nodes.keys), host: session.host, folder: opened.stateFolder)
        if questions.isEmpty { return }
        guard session.mayAsk else {
            let missing = questions.filter { !$0.isOptional }
            if missing.isEmpty { return }
            let names = missing.map { "  \($0.name): \($0.prompt)" }.joined(separator: "\n")
            throw CommandFailure(
                .prerequisites, code: "missing-secrets", "these secrets are missing:\n\(names)",
                suggestion: "run devinit up in a terminal")
        }
        for question in questions { try await ask(question, opened) }
    }

    private static func ask(_ question: SecretQuestion, _ opened: OpenedWorkspace) async throws(CommandFailure) {
        let terminal = opened.session.host.terminal
        if let hint = question.hint { opened.session.say("  \(hint)") }
        let optional = question.isOptional ? " (optional, Enter to skip)" : ""
        for _ in 0..<5 {
            guard let answer = await terminal.ask("\(question.prompt)\(optional): ", hidden: true) else { break }
            if let problem = question.problem(with: answer) {
                opened.session.say("  \(problem)")
                continue
            }
            do throws(SystemError) {
                try await SecretQuestions.keep(
                    answer, for: question, host: opened.session.host, folder: opened.stateFolder)
                return
            } catch {
                throw CommandFailure(.failed, code: "state", "the secret can't be kept: \(error)")
            }
        }
        throw CommandFailure(
            .prerequisites, code: "missing-secrets", "the secret '\(question.name)' was not given",
            suggestion: "run devinit up again")
    }

    /// Asks for the confirmations of nodes that will run, at the start with everything else. `--yes` answers for a
    /// node that the words name; one that is merely part of a run is confirmed by a person alone.
    static func askConfirmations(
        _ opened: OpenedWorkspace, _ graph: ExecutionGraph, _ settings: RunSettings, named: Set<NodeID>
    ) async throws(CommandFailure) -> Set<NodeID> {
        let session = opened.session
        var confirmed: Set<NodeID> = []
        let asking = graph.order.compactMap { id in
            (opened.workspace.nodes[id] as? any ConfirmedNode)?.confirmation.map { (id, $0) }
        }
        if asking.isEmpty { return [] }
        let plan = await Planner(opened.run(settings)).plan(graph)
        let work = Set(plan.entries.filter(\.assessment.isWork).map(\.node.id))
        for (id, text) in asking where work.contains(id) {
            if session.parsed[GlobalOptions.yes], named.contains(id) {
                confirmed.insert(id)
                continue
            }
            guard session.mayAsk else { continue }
            let answer = await session.host.terminal.ask("\(id): \(text.source). Go on? [y/N] ", hidden: false)
            if ["y", "yes"].contains(answer?.lowercased() ?? "") { confirmed.insert(id) }
        }
        return confirmed
    }
}
