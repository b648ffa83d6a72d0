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
        #expect(Path("/a//b").normalized == "/a/b")
        #expect(Path("/a/..").normalized == "/")
        #expect(Path("/a/.").normalized == "/a")
        #expect(Path("/.../.x/x.").normalized == "/.../.x/x.")
        #expect(Path("/").normalized == "/")
        #expect(Path("/a/b/c").relative(to: "/a") == "b/c")
        #expect(Path("/a").relative(to: "/") == "a")
        #expect(Path("/a").relative(to: "/a") == ".")
        #expect(Path("/a//b").segments == ["a", "b"])
    }

    @Test func `names that look alike but differ in bytes are two folders`() {
        #expect(Path("/caf\u{e9}/x").isInside("/cafe\u{301}") == false)
    }

    @Test func `a cycle is named in order and a long chain is no deep recursion`() {
        var edges = Dictionary(uniqueKeysWithValues: (0..<100_000).map { ($0, [$0 + 1]) })
        #expect(Graph(edges).cycle == nil)
        #expect(Graph(edges).order.first == 100_000)
        edges[100_000] = [99_998]
        #expect(Graph(edges).cycle == [99_998, 99_999, 100_000])
        #expect(Graph(edges).order.isEmpty)
        #expect(Graph([1: [1]]).cycle == [1])
    }

    @Test func `the longest way goes by weight, then by name, and an edge counts once`() {
        let graph = Graph(["test": ["build", "build", "lint"], "build": ["fetch"], "lint": ["fetch"]])
        #expect(graph.order == ["fetch", "build", "lint", "test"])
        #expect(graph.longestWay { _ in 1 } == ["fetch", "build", "test"])
        #expect(graph.longestWay { $0 == "lint" ? 2 : 1 } == ["fetch", "lint", "test"])
        #expect(graph.longestWays { _ in 1 } == ["fetch": 3, "build": 2, "lint": 2, "test": 1])
    }

    @Test func `a rank waits only for ranks before it, however long the way`() {
        let graph = Graph(["test": ["build", "fetch"], "build": ["fetch"], "lint": ["fetch"], "alone": []])
        #expect(graph.ranks == [["alone", "fetch"], ["build", "lint"], ["test"]])
    }

    @Test func `a node's position is found among all, and a stranger has none`() {
        let graph = Graph(["test": ["build"], "build": ["fetch"], "lint": []])
        #expect(["build", "fetch", "lint", "test"].map { graph.position(of: $0) } == [0, 1, 2, 3])
        #expect(["a", "g", "z"].allSatisfy { graph.position(of: $0) == nil })
        #expect(Array(graph.needs(at: 3)) == [0])
    }

    @Test func `the nearest word is offered only when it is near`() {
        #expect(TextDistance.nearest(to: "servcies", among: ["services", "secrets"]) == "services")
        #expect(TextDistance.nearest(to: "zebra", among: ["services", "secrets"]) == nil)
    }
}
