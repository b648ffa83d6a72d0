import Base
public import Execution
public import HostInterfaces
import Synchronization

/// A JSON document per event and line, on standard error.
public final class JSONLinesView: RunView {
    private let terminal: any Terminal
    /// When the run began, on the clock of the events; later times are given from there.
    private let start = Mutex<Double?>(nil)

    public init(terminal: any Terminal) { self.terminal = terminal }

    public func handle(_ event: RunEvent, at seconds: Double) {
        start.withLock { start in
            let origin = start ?? seconds
            start = origin
            terminal.write(EventDocument.json(event, at: seconds - origin).text() + "\n", to: .error)
        }
    }
}
