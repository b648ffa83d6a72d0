import Arguments
import Base
import Execution
import HostInterfaces
import Kinds
import ManifestModel
import Reporting
import Secrets
import State

/// A run from the lock to the last word: questions first, then the graph, then what became of it.
enum RunSession {
    private enum Outcome {
        case ended(ExitStatus)
        /// What these repositories bring decides what the graph is.
        case known(after: [NodeID])
    }

    static func run(_ request: RunRequest, _ session: Session) async throws(CommandFailure) -> ExitStatus {
        let repositories: [NodeID]
        switch try await once(request, session) {
        case .ended(let status): return status
        case .known(let needed): repositories = needed
        }
        var prelude = request
        prelude.selection = Selection()
        prelude.selection.targets = repositories.map(\.description)
        prelude.rerun = []
        prelude.isPrelude = true
        switch try await once(prelude, session) {
        case .ended(.done): break
        case .ended(let status): return status
        case .known: return .failed
        }
        guard case .ended(let status) = try await once(request, session) else { return .failed }
        return status
    }

    private static func once(_ request: RunRequest, _ session: Session) async throws(CommandFailure) -> Outcome {
        var (opened, lock) = try await OpenedWorkspace.locked(session, words: request.words, asksForTrust: true)
        defer { lock.release() }
        if !request.isPrelude { opened.sayWarnings() }
        opened = try await answered(opened)
        var graph = try opened.graph(request.selection)
        let unknown = opened.workspace.repositoriesToKnow(for: graph.nodes.keys)
        if !unknown.isEmpty { return .known(after: unknown) }
        var settings = opened.settings
        settings.mayInstall = request.mayInstall
        settings.failFast = request.failFast
        settings.take = request.take
        settings.extraArguments = request.extraArguments
        settings.rerun = try opened.nodes(named: request.rerun)
        if !request.trusts { opened = try await opened.approved() }
        if let settled = try await ForeignSettling.settle(opened, graph, stated: request.foreign) {
            opened = request.trusts ? settled : try await settled.approved()
            graph = try opened.graph(request.selection)
        }
        try await Preparation.settle(opened, writing: true)
        try await Preparation.replaceTakenPorts(opened, graph)
        try await Questions.askSecrets(opened, graph)
        settings.installs = try await Questions.askInstalls(opened, graph, settings)
        let engines = await EngineQuestion.ask(opened, graph, settings)
        settings.takes = await Questions.askTakes(opened, graph, settings)
        settings.confirmed = await Questions.askConfirmations(opened, graph, settings, named: settings.rerun)
        for engine in engines { await EngineQuestion.perform(engine, opened, graph, settings) }
        do throws(NodeFailure) { try opened.services.setEditsAside(reporter: session.noting) } catch {
            throw CommandFailure(.of([error]), code: "generated-file", error.message, suggestion: error.remedy)
        }
        for name in await opened.services.stopForgotten() {
            session.say("note: stopped \(name), which the manifest no longer has")
        }
        if request.syncs { try await SyncCommand.sync(opened, graph) }
        return .ended(try await perform(opened, graph, settings, request))
    }

    /// Asks the manifest's questions and reads it again with the answers.
    private static func answered(_ opened: OpenedWorkspace) async throws(CommandFailure) -> OpenedWorkspace {
        let questions = opened.manifest.questions
        guard !questions.isEmpty else { return opened }
        let known = Answers.remembered(opened.journal)
        let answers = try await Answers.ask(questions, known: known, opened.session)
        guard answers != known else { return opened }
        do throws(SystemError) { try Answers.remember(answers, opened.journal) } catch {
            throw CommandFailure(.failed, code: "state", "the answers can't be kept: \(error)")
        }
        let manifest = ManifestLoader.standard(opened.session, answers: answers)
            .load(opened.manifest.file)
        return try OpenedWorkspace.open(opened.session, manifest, opened.stateFolder, opened.journal, writing: true)
    }

    private static func perform(
        _ opened: OpenedWorkspace, _ graph: ExecutionGraph, _ settings: RunSettings, _ request: RunRequest
    ) async throws(CommandFailure) -> ExitStatus {
        let session = opened.session
        let (summary, output) = try await drive(opened, graph, settings, showsOutput: request.showsOutput)
        let message = opened.manifest.message.flatMap { try? opened.workspace.resolve($0, opened.values).text }
        if request.isPrelude, summary.status == .done { return .done }
        for (service, container) in await opened.services.leftRunning() {
            session.say(
                "note: \(container) runs on for '\(service)', which the manifest no longer has; devinit down stops it")
        }
        if session.isJSON { session.answer(UpDocument.json(summary, output.metrics.metrics)) }
        tell(summary, tails: output.tails, message: message.map { opened.values.mask.mask($0) }, request, session)
        return status(summary, signal: output.signal)
    }

    /// Runs the nodes of the graph and keeps the records of it; the view is closed when it returns.
    static func drive(
        _ opened: OpenedWorkspace, _ graph: ExecutionGraph, _ settings: RunSettings, showsOutput: Bool = false
    ) async throws(CommandFailure) -> (summary: RunSummary, output: RunOutput) {
        let session = opened.session
        let output = try RunOutput(opened, session, shown: showsOutput ? settings.rerun : [])
        let run = opened.run(settings, output: output)
        let interrupts = session.interrupts()
        let driver = Driver(clock: session.host.clock, worker: run, sink: output.sink)
        let fetching = Task { await run.fetchImages(of: graph.order) }
        let summary = await JobControl.following(output.view, session.host.clock) {
            await driver.run(
                graph, run: output.identifier,
                limits: Schedule.Limits(processor: settings.jobs, failFast: settings.failFast), interrupts: interrupts)
        }
        fetching.cancel()
        await opened.parts.engines.finish(isCancelled: summary.status == .cancelled)
        output.view.close()
        output.finish(opened)
        opened.parts.hashes.save()
        try? opened.journal.synchronize()
        return (summary, output)
    }

    /// The last words, where somebody reads them: lines of JSON hold them already, and quiet means failures only.
    static func tell(
        _ summary: RunSummary, tails: OutputTails, message: String?, _ request: RunRequest, _ session: Session
    ) {
        let mode = session.reporting.progress
        let isQuiet = mode == .quiet || session.parsed[GlobalOptions.quiet]
        if mode != .json, !isQuiet || summary.status != .done {
            let folder = session.host.currentFolder
            let instance = session.parsed[GlobalOptions.instance].map { " --instance \($0)" } ?? ""
            RunSummaryView(
                style: session.reporting.error, isVerbose: session.reporting.isVerbose,
                continueCommand: "devinit \(request.wordsToContinue)\(instance)"
            ).write(summary.showingLogs(from: folder), tails: tails, to: session.host.terminal)
        }
        if summary.status == .done, !session.isJSON, !isQuiet, let message, !message.isEmpty {
            session.answer(SafeText.lines(message).joined(separator: "\n"))
        }
    }

    static func status(_ summary: RunSummary, signal: Int32?) -> ExitStatus {
        if summary.status == .cancelled { return .signal(signal ?? 2) }
        return .of(summary.failures.map { $0.result.failure ?? NodeFailure(.failed, $0.result.reason) })
    }
}

extension RunSummary {
    /// Paths of logs as a person in that folder would type them: short ones fit into a line.
    fileprivate func showingLogs(from folder: Path) -> RunSummary {
        RunSummary(
            run: run, status: status, seconds: seconds,
            nodes: nodes.map { id, result in
                var result = result
                result.log = result.log.map { log in
                    Path(log).isInside(folder) ? Path(log).relative(to: folder).text : log
                }
                return (id, result)
            })
    }
}
