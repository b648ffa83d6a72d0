import Dotenv
import Testing

@Suite struct ComparisonTests {
    private let common: Set<Dialect> = [.compose, .node, .python, .sh]

    private func differences(_ text: String, _ dialects: Set<Dialect>? = nil) -> [String] {
        DotenvComparison.differences(in: Array(text.utf8), dialects: dialects ?? common, home: "/home/me").map {
            difference in
            let readings = difference.readings.map { reading in
                reading.dialects.map(\.rawValue).joined(separator: "+") + "="
                    + (reading.value ?? reading.refusal?.words() ?? "-")
            }
            return "\(difference.line) \(difference.key ?? "-"): " + readings.joined(separator: " | ")
        }
    }

    @Test func `a file that all read alike has no differences`() {
        #expect(differences("# c\nA=1\nexport B=\"x y\"\nC='a\nb'\nD=${A}\n", [.compose, .sh]) == [])
        #expect(differences("A=1\nB=\"x y\"\nC=\n") == [])
    }

    @Test func `a carriage return that becomes part of a value is told`() {
        #expect(differences("A=1\r\n") == ["1 A: compose+node+python=1 | sh=1\r"])
    }

    @Test func `each line is named with what each reads`() {
        #expect(
            differences("A=1\n# c\nB=a#b\nC='$A'\nD=$A\n") == [
                "3 B: compose+python+sh=a#b | node=a", "5 D: compose+sh=1 | node+python=$A",
            ])
    }

    @Test func `lines below one that spans several keep their numbers`() {
        #expect(differences("A='x\ny'\nB=a#b\n", [.compose, .node]) == ["3 B: compose=a#b | node=a"])
    }

    @Test func `a line that a reader refuses does not hide what stands below it`() {
        #expect(
            differences("A=1 2\nB=3\nC=4 5\nD=a#b\n", [.node, .sh]) == [
                "1 A: node=1 2 | sh=a shell would run \"2\" here", "3 C: node=4 5 | sh=a shell would run \"5\" here",
                "4 D: node=a | sh=a#b",
            ])
        #expect(
            differences("A=1\nB=\"open\nC=2\n", [.compose, .sh]) == [
                "2 B: compose=unterminated quoted value \"open | sh=unterminated quoted value \""
            ])
    }

    @Test func `a line of no key is told where a reader stumbles over it`() {
        #expect(differences("A=1\n<<<<<<< HEAD\n", [.compose, .node]).count == 1)
    }

    @Test func `what hangs on the process that reads is no difference`() {
        #expect(
            differences("A=${NEEDED:?must be set}\nB=~/x\n", [.compose, .sh]) == ["2 B: compose=~/x | sh=/home/me/x"])
    }

    @Test func `words about a refused line can do without what stands there`() {
        let found = DotenvComparison.differences(in: Array("PASSWORD=my s3cret\n".utf8), dialects: [.sh])
        #expect(found.first?.readings.first?.refusal?.words(hidingText: true) == "a shell would run *** here")
    }

    @Test func `five thousand lines are compared in no time`() {
        let text = (0..<5000).map { "KEY_\($0)=value \($0)\n" }.joined()
        let clock = ContinuousClock()
        var count = 0
        let time = clock.measure { count = differences(text, [.compose, .node, .python]).count }
        #expect(count == 0 && time < .seconds(10), "\(time)")
    }
}
