import Arguments
import Execution
import HostInterfaces
import Kinds
import ManifestModel
import Secrets

/// What a run asks, all of it before anything runs (product specification, "Questions first").
enum Questions {
    /// Asks for the secrets that people must give, together. Without a person the missing ones are listed.
    static func askSecrets(_ opened: OpenedWorkspace, _ graph: ExecutionGraph) async throws(CommandFailure) {
        let session = opened.session
        let questions = SecretQuestions.open(
            in: opened.workspace, nodes: Set(graph.nodes.keys), host: session.host, secrets: opened.parts.secrets)
        if questions.isEmpty { return }
        guard session.mayAsk else {
            let missing = questions.filter { !$0.isOptional }
            if missing.isEmpty { return }
            let names = missing.map { "  \($0.name): \($0.prompt)" }.joined(separator: "\n")
            throw CommandFailure(
                .prerequisites, code: "missing-secrets", "these secrets are missing:\n\(names)",
                suggestion: "run devinit up in a terminal, or hand each over: … | devinit secrets set NAME")
        }
        session.say(
            "\(questions.count == 1 ? "A secret is" : "\(questions.count) secrets are") needed. "
                + "What you type is not shown, and is asked once.")
        for question in questions {
            let answer = try await answer(to: question, session)
            do throws(SecretStoreError) {
                try await SecretQuestions.keep(
                    answer, for: question, in: opened.workspace, host: session.host, secrets: opened.parts.secrets)
            } catch {
                throw CommandFailure(
                    .prerequisites, code: "state", "the secret can't be kept: \(error.message)",
                    suggestion: error.remedy)
            }
        }
    }

    /// Asks for one secret, hidden, until the answer may stand.
    static func answer(to question: SecretQuestion, _ session: Session) async throws(CommandFailure) -> String {
        if let hint = question.hint { session.say("  \(hint)") }
        let optional =
            question.hasDefault ? " (Enter for the default)" : question.isOptional ? " (optional, Enter to skip)" : ""
        for _ in 0..<5 {
            guard let answer = await session.host.terminal.ask("\(question.prompt)\(optional): ", hidden: true) else {
                break
            }
            guard let problem = question.problem(with: answer) else { return answer }
            session.say("  \(problem)")
        }
        throw CommandFailure(
            .prerequisites, code: "missing-secrets", "the secret '\(question.name)' was not given",
            suggestion: "run devinit again")
    }

    /// Offers to install what is missing, or to run the manifest's fix for it (manifest specification, "requires,
    /// packages"). `--yes` does not agree to installing; `--install` does, without a question.
    static func askInstalls(
        _ opened: OpenedWorkspace, _ graph: ExecutionGraph, _ settings: RunSettings
    ) async throws(CommandFailure) -> Set<NodeID> {
        let session = opened.session
        guard session.mayAsk, !settings.mayInstall else { return [] }
        let run = opened.run(settings)
        let offers = await all(graph, opened) { (node: any OfferingNode) in await node.offer(run.context(node.id)) }
        let agreed = await offers.agreed { offer in
            await session.agrees("\(offer.words)? (\(offer.command))")
        }
        if agreed.contains(where: { $0.command.hasPrefix("sudo ") }) { try await askPassword(session) }
        return Set(agreed.map(\.node))
    }

    /// Once, while nothing else uses the terminal: what runs later finds the password remembered.
    private static func askPassword(_ session: Session) async throws(CommandFailure) {
        let request = ProcessRequest(
            ["sudo", "-v"], environment: session.host.environment, folder: session.host.currentFolder,
            output: .terminal)
        let result = try? await session.host.processes.run(request, onOutput: nil)
        guard result?.succeeded == true else {
            throw CommandFailure(
                .prerequisites, code: "no-root", "installing needs root, and sudo gives it not",
                suggestion: "run 'devinit up' again and answer no, or ask who looks after this machine")
        }
    }

    /// Asks whose values stand in files that were there before devinit, once per file.
    static func askTakes(
        _ opened: OpenedWorkspace, _ graph: ExecutionGraph, _ settings: RunSettings
    ) async -> [NodeID: String] {
        let session = opened.session
        guard session.mayAsk, settings.take == nil else { return [:] }
        let run = opened.run(settings)
        let contests = await all(graph, opened) { (node: any ContestedNode) in
            await node.contest(run.planningContext(node.id)).map { (node: node.id, words: $0) }
        }
        var takes: [NodeID: String] = [:]
        for contest in contests {
            let answer = await session.host.terminal.ask(
                "\(contest.words). Whose stay? [m]ine, [t]he manifest's, [L]ater: ", hidden: false)
            switch answer?.lowercased() ?? "" {
            case "m", "mine": takes[contest.node] = "mine"
            case "t", "the manifest's", "manifest": takes[contest.node] = "manifest"
            default: break
            }
        }
        return takes
    }

    /// Asks for the confirmations of nodes that will run. `--yes` answers for a node that the words name; one that is
    /// merely part of a run is confirmed by a person alone.
    static func askConfirmations(
        _ opened: OpenedWorkspace, _ graph: ExecutionGraph, _ settings: RunSettings, named: Set<NodeID>
    ) async -> Set<NodeID> {
        let session = opened.session
        let asking = graph.order.compactMap { id in
            opened.workspace.nodes[id]?.confirmation.map { (id: id, text: $0) }
        }
        if asking.isEmpty { return [] }
        let plan = await Planner(opened.run(settings)).plan(graph)
        let work = Set(plan.entries.filter(\.assessment.isWork).map(\.node.id))
        let confirmed = await asking.filter { work.contains($0.id) }.agreed { id, text in
            if session.parsed[GlobalOptions.yes], named.contains(id) { return true }
            return await session.agrees("\(id): \(text.source). Go on?")
        }
        return Set(confirmed.map(\.id))
    }

    /// What the nodes of one sort say, looked at together, in the order of the graph.
    private static func all<Sort: Sendable, Found: Sendable>(
        _ graph: ExecutionGraph, _ opened: OpenedWorkspace, _ look: @escaping @Sendable (Sort) async -> Found?
    ) async -> [Found] {
        let nodes = graph.order.compactMap { opened.workspace.nodes[$0] }
            .filter { $0.common.reasonAgainst(opened.session.host) == nil }
        return await withTaskGroup(of: (Int, Found?).self) { group in
            for (place, node) in nodes.enumerated() {
                guard let node = node as? Sort else { continue }
                group.addTask { (place, await look(node)) }
            }
            var found: [(Int, Found)] = []
            for await (place, each) in group { if let each { found.append((place, each)) } }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}

extension Array where Element: Sendable {
    /// Those to which a person says yes, asked one after the other.
    fileprivate func agreed(_ ask: (Element) async -> Bool) async -> [Element] {
        var agreed: [Element] = []
        for element in self where await ask(element) { agreed.append(element) }
        return agreed
    }
}
