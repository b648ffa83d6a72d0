public import HostInterfaces
import Synchronization

/// Time that passes only when a test says so.
public final class FakeClock: Clock {
    private struct Sleeper {
        var wakeAt: Duration
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Duration.zero
        var sleepers: [Int: Sleeper] = [:]
        /// Sleeps whose task was cancelled before they began to wait.
        var cancelled: Set<Int> = []
        var nextID = 0
    }

    private let state = Mutex(State())
    private let wallStart: Double

    /// `wall`: seconds since 1970 at the start.
    public init(wall: Double = 1_700_000_000) { wallStart = wall }

    public var monotonicSeconds: Double { state.withLock { Self.seconds($0.now) } }
    public var wallSeconds: Double { wallStart + monotonicSeconds }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    public func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        if duration <= .zero { return }
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return true }
                    state.sleepers[id] = Sleeper(wakeAt: state.now + duration, continuation: continuation)
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Lets time pass; who has slept enough wakes, the earliest first.
    public func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now += duration
            let due = state.sleepers.filter { $0.value.wakeAt <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            // Who began to sleep first wakes first among equals, so that a seeded run repeats itself.
            return due.sorted { ($0.value.wakeAt, $0.key) < ($1.value.wakeAt, $1.key) }.map(\.value)
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// How many sleep now.
    public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// Returns once so many sleep: before advancing, a test must know that they do.
    public func waitForSleepers(_ count: Int) async {
        while sleeperCount < count { await Task.yield() }
    }

    /// When the next sleeper wakes, from now; nil when nobody sleeps.
    public var untilNextWake: Duration? {
        state.withLock { state in state.sleepers.values.map(\.wakeAt).min().map { $0 - state.now } }
    }
}
