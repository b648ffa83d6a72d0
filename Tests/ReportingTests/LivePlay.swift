import Execution
import HostFakes
import HostInterfaces

@testable import Reporting

/// Plays events into a live view with a tick each tenth of a second, as the clock would.
struct LivePlay {
    let terminal: FakeTerminal
    let view: LiveView
    var screen: Screen
    private var shown = 0
    private var now = 0.0

    init(columns: Int, rows: Int = 24, isVerbose: Bool = false, style: Style = utf) {
        terminal = FakeTerminal(terminals: [.output, .error], columns: columns, rows: rows)
        view = LiveView(terminal: terminal, clock: FakeClock(), style: style, isVerbose: isVerbose)
        screen = Screen(columns: columns, rows: rows)
    }

    /// The events up to that second, and the ticks between them.
    mutating func play(_ events: Script.Events, until end: Double = .infinity) {
        for (at, event) in events where at >= now && at <= end {
            pass(to: at)
            view.handle(event, at: at)
            update()
        }
        if end.isFinite { pass(to: end) }
        now = end.isFinite ? end.nextUp : now
    }

    mutating func pass(to end: Double) {
        while now + 0.1 <= end {
            now += 0.1
            view.tick(at: now)
            update()
        }
    }

    mutating func update() {
        let text = terminal.error.utf8
        screen.feed(String(decoding: text.dropFirst(shown), as: UTF8.self))
        shown = text.count
    }

    mutating func resize(columns: Int, rows: Int) {
        terminal.resize(columns: columns, rows: rows)
        screen.resize(columns: columns, rows: rows)
    }

    var lines: String { screen.lines.map { $0 + "\n" }.joined() }
}
