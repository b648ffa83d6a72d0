import POSIXHost
import Reporting

/// Ctrl-Z and `fg`: the run and all its children stop, and go on where they stopped.
enum JobControl {
    /// Follows both signals until the task is cancelled; the view takes its frame off the screen meanwhile.
    static func follow(_ view: any RunView) -> Task<Void, Never> {
        let source = SignalSource([.suspend, .resume])
        return Task {
            for await signal in source.signals {
                switch signal {
                case .suspend:
                    view.pause()
                    POSIXHost.suspend()
                // Comes after each stop, also after one that nobody can catch: the screen belonged to somebody else.
                default: view.resume()
                }
            }
            source.stop()
        }
    }
}
