import Base
import Execution
import HostFakes
import HostInterfaces
import Testing

@testable import Reporting

@Suite struct LiveViewTests {
    @Test func `a window that becomes narrow leaves no remains of the wider frame`() {
        var play = LivePlay(columns: 80)
        play.play(Script.success, until: 1.55)
        play.resize(columns: 40, rows: 24)
        play.play(Script.success, until: 1.75)
        #expect(
            play.screen.all == """
                ⠦ repo:api  receiving objects 45 %   1s
                ⠦ repo:web  missing                  1s
                1/4  2 running  1s, about 18s left

                """)
        play.play(Script.success)
        #expect(
            play.screen.all == """
                ✓ repo:web  2.1s  missing
                ✓ repo:api  4.2s  missing
                ✓ step:install  12s  inputs changed: p…

                """)
    }

    @Test func `a window that becomes narrow and wide again costs no line above the frame`() {
        var play = LivePlay(columns: 80)
        play.play(Script.success, until: 2.35)
        play.resize(columns: 30, rows: 24)
        play.play(Script.success, until: 2.85)
        play.resize(columns: 120, rows: 24)
        play.play(Script.success, until: 3.35)
        #expect(play.screen.lines.first == "✓ repo:web  2.1s  missing")
        #expect(play.screen.lines.count == 3)
    }

    @Test func `the frame follows a window that becomes wide or low`() {
        var play = LivePlay(columns: 40)
        play.play(Script.success, until: 1.55)
        play.resize(columns: 120, rows: 4)
        play.play(Script.success, until: 1.75)
        #expect(play.screen.lines.count == 3)
        play.play(Script.success)
        #expect(!play.screen.hasOverflowed)
        #expect(
            play.screen.all == """
                ✓ repo:web  2.1s  missing
                ✓ repo:api  4.2s  missing
                ✓ step:install  12s  inputs changed: package-lock.json

                """)
    }

    @Test func `what finds no room is folded and never higher than the screen`() {
        let ids = (1...30).map { node("repo:r\($0)") }
        var events: Script.Events = [(0, .started(run: "r", nodes: ids, needs: [:]))]
        events += ids.map { (0, .running($0, action: .create, reason: "missing", attempt: 1)) }
        var high = LivePlay(columns: 60, rows: 40)
        high.play(events, until: 0.55)
        #expect(high.screen.lines.count == 13)
        #expect(high.screen.lines[11] == "  … 19 more")
        #expect(high.screen.lines[12] == "0/30  30 running  0s")
        var low = LivePlay(columns: 60, rows: 6)
        low.play(events, until: 0.55)
        #expect(low.screen.lines.count == 5)
        #expect(low.screen.lines[3] == "  … 27 more")
        var lowest = LivePlay(columns: 60, rows: 2)
        lowest.play(events, until: 0.55)
        #expect(lowest.screen.lines == ["0/30  30 running  0s"])
    }

    @Test func `a run with nothing to do draws nothing`() {
        var play = LivePlay(columns: 80)
        let id = node("tool:git")
        let result = NodeResult(.upToDate, "installed")
        play.play([
            (0, .started(run: "r", nodes: [id], needs: [:])), (0.01, .finished(id, result)),
            (0.01, .ended(RunSummary(run: "r", status: .done, seconds: 0.01, nodes: [(id, result)]))),
        ])
        #expect(play.terminal.error == "")
    }

    @Test func `no more than ten frames a second are drawn, however many events come`() {
        let play = LivePlay(columns: 80)
        let id = node("repo:a")
        play.view.handle(.started(run: "r", nodes: [id], needs: [:]), at: 0)
        for step in 0..<1000 {
            play.view.handle(.progress(id, NodeProgress("receiving", done: step, total: 1000)), at: Double(step) / 1000)
        }
        let frames = play.terminal.error.split(separator: "\u{1B}[?25l").count
        #expect(frames <= 10 && frames >= 8, "\(frames) frames")
    }

    @Test func `every write leaves the cursor visible and line breaking on`() {
        for events in [Script.success, Script.failed, Script.cancelled] {
            var play = LivePlay(columns: 40)
            for second in stride(from: 0.0, to: 18, by: 0.05) {
                play.play(events, until: second)
                #expect(play.screen.isCursorVisible && play.screen.isWrapping)
            }
        }
    }

    @Test func `a question has the screen to itself, and what came meanwhile is shown after it`() {
        var play = LivePlay(columns: 80)
        play.play(Script.success, until: 1.55)
        play.view.handle(.terminal(NodeID("step", "a"), isTaken: true), at: 1.55)
        play.update()
        #expect(play.lines == "")
        play.play(Script.success, until: 2.55)
        #expect(play.lines == "")
        play.view.handle(.terminal(NodeID("step", "a"), isTaken: false), at: 2.55)
        play.update()
        #expect(play.screen.lines.first == "✓ repo:web  2.1s  missing")
        #expect(play.screen.lines.count == 3)
        play.view.close()
        play.view.close()
        play.update()
        #expect(play.lines == "✓ repo:web  2.1s  missing\n")
    }

    @Test func `drawing ends with the run`() async {
        let clock = FakeClock()
        let terminal = FakeTerminal(terminals: [.error])
        let view = LiveView(terminal: terminal, clock: clock, style: utf)
        view.handle(.started(run: "r", nodes: [node("step:a")], needs: [:]), at: 0)
        view.handle(.running(node("step:a"), action: .run, reason: "never run", attempt: 1), at: 0)
        async let drawing: Void = view.keepDrawing()
        await clock.waitForSleepers(1)
        clock.advance(by: .milliseconds(100))
        await clock.waitForSleepers(1)
        #expect(terminal.error.contains("step:a"))
        view.handle(.ended(RunSummary(run: "r", status: .done, seconds: 1, nodes: [])), at: 0.1)
        clock.advance(by: .milliseconds(100))
        await drawing
    }

    @Test func `colours change no column`() {
        var colored = LivePlay(columns: 80, style: color)
        var bare = LivePlay(columns: 80)
        for events in [Script.failed] {
            colored.play(events, until: 0.45)
            bare.play(events, until: 0.45)
        }
        #expect(colored.terminal.error.contains("\u{1B}[36m"))
        #expect(colored.lines == bare.lines)
    }
}
