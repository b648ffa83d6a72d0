import HostInterfaces
import Synchronization

/// Runs a program that may hang, and ends it when it has been silent for too long: killing a process is the one
/// cancel that always works.
final class SilenceWatch: Sendable {
    enum Stage { case connecting, working, onDisk }

    private struct State {
        var lastSign: Double
        var stage = Stage.connecting
    }

    private let state: Mutex<State>
    private let clock: any Clock
    private let limits: GitTimeLimits

    init(clock: any Clock, limits: GitTimeLimits) {
        self.clock = clock
        self.limits = limits
        state = Mutex(State(lastSign: clock.monotonicSeconds))
    }

    /// Something was heard.
    func sign(_ stage: Stage) {
        let now = clock.monotonicSeconds
        state.withLock {
            $0.lastSign = now
            $0.stage = stage
        }
    }

    /// The result of `work`, or nil when it was ended for its silence.
    func run(
        _ work: @escaping @Sendable () async -> Result<ProcessResult, ProcessError>
    ) async -> Result<ProcessResult, ProcessError>? {
        await withTaskGroup(of: Result<ProcessResult, ProcessError>?.self) { group in
            group.addTask { await work() }
            group.addTask {
                await self.untilSilent()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    /// Returns once the limit has passed without a sign, or when cancelled.
    private func untilSilent() async {
        while !Task.isCancelled {
            let (lastSign, limit) = state.withLock { state in
                switch state.stage {
                case .connecting: (state.lastSign, limits.connecting)
                case .working: (state.lastSign, limits.silence)
                case .onDisk: (state.lastSign, limits.silence * 10)
                }
            }
            let seconds = Double(limit.components.seconds) + Double(limit.components.attoseconds) / 1e18
            let left = seconds - (clock.monotonicSeconds - lastSign)
            if left <= 0 { return }
            guard (try? await clock.sleep(for: .milliseconds(Int64(left * 1000) + 1))) != nil else { return }
        }
    }
}
