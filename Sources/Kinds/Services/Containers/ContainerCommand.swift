import Base
import HostInterfaces

/// Commands inside a container by the engine's own interface: a program for each look would cost more than the look.
extension EngineClient {
    /// Whether the command ends with 0 there, within the limit.
    func succeeds(_ arguments: [String], in container: String, timeLimit: Duration) async -> Bool {
        do throws(Failure) {
            let id = try await makeCommand(arguments, in: container, isAttached: false)
            _ = try await bytes("/exec/\(id)/start", method: "POST", body: ["Detach": true])
            let deadline = host.clock.monotonicSeconds + timeLimit.seconds
            while host.clock.monotonicSeconds < deadline, !Task.isCancelled {
                let state = try await get("/exec/\(id)/json")
                if state["Running"]?.bool == false { return state["ExitCode"]?.integer == 0 }
                try? await host.clock.sleep(for: .milliseconds(50))
            }
        } catch {}
        return false
    }

    /// Runs the command there to its end: its exit status, and the last lines that it wrote.
    func run(
        _ arguments: [String], in container: String, timeLimit: Duration
    ) async throws(Failure) -> (status: Int, output: [String]) {
        let id = try await makeCommand(arguments, in: container, isAttached: true)
        // The answer is what the command writes, and ends with it.
        let written = try await bytes(
            "/exec/\(id)/start", method: "POST", body: ["Detach": false], timeLimit: timeLimit)
        return (try await get("/exec/\(id)/json")["ExitCode"]?.integer ?? -1, LogFrames.lines(of: written).suffix(20))
    }

    /// What is to be run, which the engine knows by the id that it gives.
    private func makeCommand(
        _ arguments: [String], in container: String, isAttached: Bool
    ) async throws(Failure) -> String {
        try await make(
            "/containers/\(container)/exec",
            [
                "Cmd": .array(arguments.map { .string($0) }), "AttachStdout": .bool(isAttached),
                "AttachStderr": .bool(isAttached),
            ])
    }
}
