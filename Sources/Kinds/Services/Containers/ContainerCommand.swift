import Base
import HostInterfaces

/// Commands inside a container by the engine's own interface: a program for each look would cost more than the look.
extension EngineClient {
    /// Whether the command ends with 0 there, within the limit.
    func succeeds(_ arguments: [String], in container: String, timeLimit: Duration) async -> Bool {
        let body: JSON = ["Cmd": .array(arguments.map { .string($0) }), "AttachStdout": false, "AttachStderr": false]
        do throws(Failure) {
            let made = try await bytes("/containers/\(container)/exec", method: "POST", body: body)
            guard let id = (try? JSON(parsing: made))?["Id"]?.string else { return false }
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
        let body: JSON = ["Cmd": .array(arguments.map { .string($0) }), "AttachStdout": true, "AttachStderr": true]
        let made = try await bytes("/containers/\(container)/exec", method: "POST", body: body)
        guard let id = (try? JSON(parsing: made))?["Id"]?.string else { throw .unreachable("its answer has no id") }
        // The answer is what the command writes, and ends with it.
        let written = try await bytes(
            "/exec/\(id)/start", method: "POST", body: ["Detach": false], timeLimit: timeLimit)
        var frames = LogFrames()
        let lines = String(decoding: frames.add(written), as: UTF8.self)
            .split(separator: "\n").map { String($0) }
        return (try await get("/exec/\(id)/json")["ExitCode"]?.integer ?? -1, lines.suffix(20))
    }
}
