import Arguments
import Base
import Execution
import HostInterfaces
import Kinds

/// Engines that do not run: each offered to be started, and waited for (product specification, "Engine not running").
enum EngineQuestion {
    /// How long an engine may take to answer once it was started: a virtual machine boots.
    private static let patience = Duration.seconds(120)
    private static let pause = Duration.milliseconds(500)
    private static let commandLimit = Duration.seconds(300)

    /// Asks for each whether to start it; `--yes` agrees, since it can be stopped again. Those that are to be started.
    static func ask(
        _ opened: OpenedWorkspace, _ graph: ExecutionGraph, _ settings: RunSettings
    ) async -> [EngineStart] {
        let session = opened.session
        guard session.mayAsk || settings.assumeYes else { return [] }
        let starts = await opened.run(settings).enginesToStart(for: graph.order)
        if settings.assumeYes { return starts }
        var agreed: [EngineStart] = []
        for start in starts
        where await session.agrees("\(start.name) does not run, and services need it. Start it? (\(start.words))") {
            agreed.append(start)
        }
        return agreed
    }

    /// Starts it and waits until it answers. What does not come up is told by the services, with the way out.
    static func perform(
        _ start: EngineStart, _ opened: OpenedWorkspace, _ graph: ExecutionGraph, _ settings: RunSettings
    ) async {
        let session = opened.session
        let host = session.host
        var command = start.command
        // Without a terminal nobody can give sudo a password.
        if command.first == "sudo", !session.mayAsk { command.insert("-n", at: 1) }
        session.say("starting \(start.name): \(command.joined(separator: " "))")
        let request = ProcessRequest(
            command, environment: host.environment, folder: host.currentFolder,
            output: session.mayAsk ? .terminal : .captured(limit: 1 << 16), timeLimit: commandLimit)
        do throws(ProcessError) {
            let result = try await host.processes.run(request, onOutput: nil)
            guard result.succeeded else {
                let last = (result.text + result.errorText).split(separator: "\n").last.map { ": \($0)" } ?? ""
                return session.say("note: \(start.name) could not be started (\(result.end))\(last)")
            }
        } catch { return session.say("note: \(start.name) could not be started: \(error)") }
        let run = opened.run(settings)
        let deadline = host.clock.monotonicSeconds + patience.seconds
        while host.clock.monotonicSeconds < deadline {
            if await run.answers(start, for: graph.order) { return }
            try? await host.clock.sleep(for: pause)
        }
        session.say(
            "note: \(start.name) was started, but does not answer after \(TimeSpan.describe(seconds: patience.seconds))"
        )
    }
}
