public import Execution
public import HostInterfaces
import Synchronization

/// The view for terminals: what runs now is redrawn in place, what has ended scrolls away above.
///
/// Each frame is one write that hides the cursor, draws, and shows it again, so the cursor is never left hidden,
/// not even by `kill -9`. Line breaking is off while a frame is drawn: should a terminal count a character wider
/// than we do, a line loses its end and the frame keeps its height.
public final class LiveView: RunView {
    /// Seconds between frames.
    private static let pause = 0.1

    private struct State {
        var model: LiveModel
        /// Widths of the lines that stand on the screen, from the last frame.
        var drawn: [Int] = []
        var drawnColumns = 0
        var drawnAt: Double?
        /// A program of a node has the terminal.
        var isGivenAway = false
        /// Between `pause` and `resume`.
        var isPaused = false
        var isClosed = false
        var isAway: Bool { isGivenAway || isPaused }
    }

    private let terminal: any Terminal
    private let clock: any Clock
    private let style: Style
    private let state: Mutex<State>

    public init(terminal: any Terminal, clock: any Clock, style: Style, isVerbose: Bool = false) {
        self.terminal = terminal
        self.clock = clock
        self.style = style
        state = Mutex(State(model: LiveModel(style: style, isVerbose: isVerbose)))
    }

    public func handle(_ event: RunEvent, at seconds: Double) {
        state.withLock { state in
            state.model.handle(event, at: seconds)
            switch event {
            case .terminal(_, isTaken: true):
                erase(&state)
                state.isGivenAway = true
            case .terminal(_, isTaken: false):
                state.isGivenAway = false
                draw(&state, at: seconds)
            // The first frame waits, so that a run with nothing to do draws nothing at all.
            case .started: state.drawnAt = seconds
            case .interrupted, .ended: draw(&state, at: seconds)
            default: if isDue(state, at: seconds) { draw(&state, at: seconds) }
            }
        }
    }

    public func keepDrawing() async {
        while !Task.isCancelled {
            guard (try? await clock.sleep(for: .milliseconds(100))) != nil else { return }
            if tick(at: clock.monotonicSeconds) { return }
        }
    }

    /// Draws the frame of this moment, if its time has come; true when the view is closed.
    @discardableResult
    func tick(at seconds: Double) -> Bool {
        state.withLock { state in
            if isDue(state, at: seconds) { draw(&state, at: seconds) }
            return state.isClosed || state.model.hasEnded
        }
    }

    public func pause() {
        state.withLock { state in
            erase(&state)
            state.isPaused = true
        }
    }

    public func resume() {
        let now = clock.monotonicSeconds
        state.withLock { state in
            // Without a pause the frame still stands somewhere above: it is left there.
            if !state.isPaused { state.drawn = [] }
            state.isPaused = false
            if isDue(state, at: now) { draw(&state, at: now) }
        }
    }

    public func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isGivenAway = false
            state.isPaused = false
            erase(&state)
            state.isClosed = true
        }
    }

    /// Ten frames a second are enough for the eye. The tolerance is for a timer that wakes a little early.
    private func isDue(_ state: State, at seconds: Double) -> Bool {
        guard let last = state.drawnAt else { return false }
        return seconds - last >= Self.pause - 1e-3
    }

    private func draw(_ state: inout State, at seconds: Double) {
        guard !state.isAway, !state.isClosed else { return }
        let frame = currentFrame
        show(frame.lines(state.model, at: seconds), frame, &state)
        state.drawnAt = seconds
    }

    /// Takes the live part off the screen; what has ended since the last frame is still shown.
    private func erase(_ state: inout State) {
        guard !state.isAway, !state.isClosed else { return }
        show([], currentFrame, &state)
    }

    /// The size is asked for each frame: the window may have changed.
    private var currentFrame: LiveFrame {
        let size = terminal.size(of: .error)
        let columns = size.map(\.columns) ?? 80
        let rows = size.map(\.rows) ?? 24
        // A terminal that does not know its size says 0.
        return LiveFrame(style: style, columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24)
    }

    private func show(_ lines: [StyledLine], _ frame: LiveFrame, _ state: inout State) {
        let finished = state.model.takeFinishedLines().flatMap { frame.lines($0) }
        guard !finished.isEmpty || !lines.isEmpty || !state.drawn.isEmpty else { return }
        var text = "\u{1B}[?25l\u{1B}[?7l\r"
        let height = height(of: state, on: frame)
        if height > 0 { text += "\u{1B}[\(height)A" }
        // Where the terminal has folded our lines it remembers so, and would join them again in a wider window,
        // overwritten or not; only erasing the rows first makes it forget.
        if frame.columns != state.drawnColumns { text += "\u{1B}[J" }
        for line in finished + lines { text += style.text(line) + "\u{1B}[K\n" }
        text += "\u{1B}[J\u{1B}[?7h\u{1B}[?25h"
        terminal.write(text, to: .error)
        state.drawn = lines.map(\.width)
        state.drawnColumns = frame.columns
    }

    /// Rows from the top of the last frame to the cursor. A terminal that became narrower has folded the lines
    /// that no longer fit.
    private func height(of state: State, on frame: LiveFrame) -> Int {
        guard frame.columns < state.drawnColumns else { return min(state.drawn.count, frame.rows - 1) }
        let folded = state.drawn.reduce(0) { $0 + max(1, ($1 + frame.columns - 1) / frame.columns) }
        return min(folded, frame.rows - 1)
    }
}
