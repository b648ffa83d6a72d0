import HostInterfaces
import POSIXHost
import Reporting

/// Ctrl-Z and `fg`: the run and all its children stop, and go on where they stopped.
enum JobControl {
    /// Follows both signals until the task is cancelled; the view takes its frame off the screen meanwhile.
    static func follow(_ view: any RunView, _ clock: any Clock) -> Task<Void, Never> {
        let source = SignalSource([.suspend, .resume])
        return Task {
            var resumedAt = -Double.infinity
            for await signal in source.signals {
                switch signal {
                case .suspend:
                    view.pause()
                    POSIXHost.suspend()
                    view.resume()
                    resumedAt = clock.monotonicSeconds
                // Comes after each stop, also after one that nobody can catch: the screen belonged to somebody else. Of
                // a stop of our own it is no news.
                default: if clock.monotonicSeconds - resumedAt > 1 { view.resume() }
                }
            }
            source.stop()
        }
    }
}
