import Execution
import HostInterfaces
import Testing

@testable import Reporting

/// A generator that a seed repeats (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite struct LivePropertyTests {
    private static let words = [
        "api", "数据库", "👩‍👩‍👧‍👦", "é", "e\u{301}", "❤️", "🇨🇭", "👍🏽", "a\tb", "\u{1B}[31mred\u{1B}[0m", "\u{1B}]0;title\u{07}",
        "x\ry", "\u{202E}abc", "\u{9B}2J", "한국어", "ｆｕｌｌ", "\u{200B}", "a\nb", "\u{7}", "\r\n", "\u{1B}", "한",
        "looooooooooooooooooooooooooooooooooooooooooooooooooooooooooong",
    ]

    private static func text(_ random: inout SeededGenerator) -> String {
        (0..<Int.random(in: 0...6, using: &random)).map { _ in words.randomElement(using: &random)! }.joined(
            separator: " ")
    }

    private static func event(_ ids: [NodeID], _ random: inout SeededGenerator) -> RunEvent {
        let id = ids.randomElement(using: &random)!
        let failure = NodeFailure(.failed, text(&random), output: [text(&random)])
        let number = { (random: inout SeededGenerator) -> Int? in
            [nil, 0, -1, 7, 100, Int.max, Int.min].randomElement(using: &random)!
        }
        switch Int.random(in: 0..<12, using: &random) {
        case 0...3:
            return .running(id, action: .run, reason: text(&random), attempt: Int.random(in: 1...3, using: &random))
        case 4, 5:
            return .progress(
                id,
                NodeProgress(
                    text(&random), done: number(&random), total: number(&random), bytes: number(&random)))
        case 6: return .output(id, line: text(&random), isError: false)
        case 7: return .retrying(id, failure: failure, after: Double.random(in: -1...1e12, using: &random))
        case 8, 9:
            let status = [NodeResult.Status.done, .upToDate, .failed, .skipped, .cancelled].randomElement(
                using: &random)!
            return .finished(
                id,
                NodeResult(
                    status, text(&random), seconds: Double.random(in: 0...1e5, using: &random), failure: failure,
                    cause: id))
        case 10: return .notice(text(&random), isWarning: Bool.random(using: &random))
        default: return .interrupted(signal: 2)
        }
    }

    @Test(arguments: 0..<60) func `no sequence of events draws beyond the last column or hides the cursor`(seed: Int) {
        var random = SeededGenerator(state: UInt64(seed))
        let columns = Int.random(in: seed < 15 ? 1...20 : 20...300, using: &random)
        let rows = Int.random(in: 1...50, using: &random)
        var play = LivePlay(
            columns: columns, rows: rows, isVerbose: Bool.random(using: &random),
            style: seed % 2 == 0 ? color : Style(isColored: false, isUnicode: false))
        let ids = (0..<Int.random(in: 1...30, using: &random)).map { NodeID("step", "\(Self.text(&random))\($0)") }
        play.view.handle(.started(run: "r", nodes: ids, needs: [:]), at: 0)
        var at = 0.0
        var isClean = true
        for _ in 0..<60 {
            at += Double.random(in: 0...0.2, using: &random)
            play.view.handle(Self.event(ids, &random), at: at)
            play.view.tick(at: at)
            play.update()
            isClean = isClean && !play.screen.hasOverflowed && play.screen.isCursorVisible && play.screen.isWrapping
        }
        #expect(isClean)
        // What has ended is drawn before the live part is taken away.
        play.view.tick(at: at + 1)
        play.update()
        let above = play.screen.all
        play.view.close()
        play.update()
        #expect(play.screen.all.count <= above.count, "closing takes the live part away")
    }

    @Test func `no code point is counted narrower than the system counts it`() {
        _ = Screen(columns: 1, rows: 1)
        var narrow: [String] = []
        // Without the great blocks of ideographs and syllables, which are all alike.
        let blocks: [ClosedRange<UInt32>] = [0x20...0x3500, 0x9F00...0xAC10, 0xD700...0x17010, 0x18A00...0x20010]
        for value in blocks.joined() {
            guard let scalar = Unicode.Scalar(value), scalar.properties.generalCategory != .unassigned else { continue }
            let own = DisplayWidth.of(SafeText.line(String(scalar)))
            if own < Int(systemWidth(Int32(value))) { narrow.append(String(value, radix: 16)) }
        }
        #expect(narrow == [])
    }
}
