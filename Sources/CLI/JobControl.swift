import HostInterfaces
import POSIXHost
import Reporting
import Synchronization

/// Ctrl-Z and `fg`: the run and all its children stop, and go on where they stopped.
enum JobControl {
    /// Follows both signals while the body runs; the view takes its frame off the screen meanwhile, and draws beside
    /// the body.
    static func following<Value>(
        _ view: any RunView, _ clock: any Clock, _ body: () async -> Value
    ) async -> Value {
        let follower = Follower(view, clock)
        let source = SignalSource([.suspend, .resume]) { follower.receive($0) }
        defer { source.stop() }
        async let _: Void = view.keepDrawing()
        return await body()
    }
}

private final class Follower: Sendable {
    private let view: any RunView
    private let clock: any Clock
    /// When the last stop of our own was over.
    private let resumedAt = Mutex(-Double.infinity)

    init(_ view: any RunView, _ clock: any Clock) {
        self.view = view
        self.clock = clock
    }

    func receive(_ signal: HostSignal) {
        switch signal {
        case .suspend:
            view.pause()
            POSIXHost.suspend()
            view.resume()
            let now = clock.monotonicSeconds
            resumedAt.withLock { $0 = now }
        // Comes after each stop, also after one that nobody can catch: the screen belonged to somebody else. Of
        // a stop of our own it is no news.
        default: if clock.monotonicSeconds - resumedAt.withLock({ $0 }) > 1 { view.resume() }
        }
    }
}
