import Base
import Testing

@Suite struct ValueTests {
    @Test(arguments: [("250ms", 250), ("90s", 90_000), ("15m", 900_000), ("1h30m", 5_400_000)])
    func `spans of time are read in milliseconds`(text: String, milliseconds: Int) {
        #expect(TimeSpan.milliseconds(text) == milliseconds)
    }

    @Test(arguments: ["", "5", "s", "1x", "1h30", "-1s", "99999999999999999999s"])
    func `a span without a unit or with nonsense is refused`(text: String) {
        #expect(TimeSpan.milliseconds(text) == nil)
    }

    @Test func `GB is decimal and GiB binary`() {
        #expect(ByteSize.parse("8GB") == 8_000_000_000)
        #expect(ByteSize.parse("8GiB") == 8 << 30)
        #expect(ByteSize.parse("8") == nil)
    }

    @Test func `a path leaves no dots behind and knows what it is inside of`() {
        #expect(Path("/a/./b/../c").normalized == "/a/c")
        #expect(Path("../x/..").normalized == "..")
        #expect(Path("/a/bc").isInside("/a/b") == false)
        #expect(Path("/a/b/c").relative(to: "/a/d") == "../b/c")
    }

    @Test func `a cycle is named in order and a long chain is no deep recursion`() {
        var graph = Graph<Int>()
        for number in 0..<100_000 { graph.addEdge(from: number, to: number + 1) }
        #expect(graph.cycle == nil)
        #expect(graph.sorted.first == 100_000)
        graph.addEdge(from: 100_000, to: 99_998)
        #expect(graph.cycle == [99_998, 99_999, 100_000])
    }

    @Test func `the nearest word is offered only when it is near`() {
        #expect(TextDistance.nearest(to: "servcies", among: ["services", "secrets"]) == "services")
        #expect(TextDistance.nearest(to: "zebra", among: ["services", "secrets"]) == nil)
    }
}
