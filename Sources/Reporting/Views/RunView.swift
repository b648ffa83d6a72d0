public import Execution

/// Shows a run as it goes. Besides events, a view may need time, and may have to give the terminal away.
public protocol RunView: EventSink {
    /// Draws again and again until the view is closed or the task is cancelled; returns at once where there is
    /// nothing to redraw. Runs beside the driver.
    func keepDrawing() async
    /// Takes what is redrawn off the screen until `resume`: the program is about to be stopped.
    func pause()
    /// Draws again, on a screen that somebody else may have used.
    func resume()
    /// Leaves the terminal as it was found. May be called more than once.
    func close()
}

extension RunView {
    public func keepDrawing() async {}
    public func pause() {}
    public func resume() {}
    public func close() {}
}

/// Hands each event to several sinks, in their order.
public struct FanOut: EventSink {
    private let sinks: [any EventSink]

    public init(_ sinks: [any EventSink]) { self.sinks = sinks }

    public func handle(_ event: RunEvent, at seconds: Double) {
        for sink in sinks { sink.handle(event, at: seconds) }
    }
}
