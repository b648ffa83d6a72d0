import Base
import Testing
import YAML

struct StructureTests {
    @Test func `every duplicate key is reported with both places`() {
        #expect(
            problems("a: 1\nb: {c: 1, c: 2}\na: 3\n") == [
                "2:11 duplicate-key: the key 'c' is given twice: first in line 2, column 5 | remove one of the two",
                "3:1 duplicate-key: the key 'a' is given twice: first in line 1, column 1 | remove one of the two",
            ])
        #expect(problems("1: a\n'1': b\n").count == 1)
    }

    @Test func `a merge key yields to written keys wherever they stand`() throws {
        let root = try #require(
            try tree("base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\nuse: {x: 0, <<: [*b, *m], z: 5}\n"))
        #expect(root["use"]?.json == ["x": 0, "y": 2, "z": 5])
        #expect(root["use"]?.entries?.map(\.key) == ["x", "y", "z"])
        #expect(root["use"]?["y"]?.location.line == 1)
        #expect(try tree("a: {<<: {x: 1}, x: 2}\n")?["a"]?.json == ["x": 2])
        #expect(try tree("a: {'<<': 1}\n")?["a"]?.json == ["<<": 1])
    }

    @Test func `what can not be merged is refused`() {
        #expect(
            problems("a: {<<: 1}\n") == ["1:5 yaml-merge: '<<' merges a mapping or a list of mappings, not a number"])
        #expect(
            problems("a: &a {}\nb: {<<: *a, <<: *a}\n").first?.hasPrefix("2:13 duplicate-key: the key '<<'") == true)
    }

    @Test func `an alias that contains itself is an error`() {
        #expect(
            problems("a: &x [1, *x]\n") == [
                "1:11 yaml-alias: '*x' stands inside the value that it names: that has no end"
            ])
        #expect(problems("a: &x {<<: *x}\n").first?.hasPrefix("1:12 yaml-alias") == true)
    }

    @Test func `an anchor may be named again, and keys may be aliases`() throws {
        #expect(try tree("- &a 1\n- *a\n- &a 2\n- *a\n")?.json == [1, 1, 2, 2])
        #expect(try tree("a: &k name\n*k : 2\n")?.json == ["a": "name", "name": 2])
    }

    @Test func `a key that is no text is refused, the rest is still checked`() {
        #expect(
            problems("? [a]\n: 1\nb: 1\nb: 2\n").map { $0.prefix(14) } == ["1:3 yaml-key: ", "4:1 duplicate-"])
        #expect(problems("a: {{ x }}\n").first?.hasSuffix("put quotes around a text that starts with '{{'") == true)
    }

    @Test func `a second document is an error where it starts`() {
        #expect(
            problems("---\na: 1\n---\nb: 1\n") == [
                "3:1 several-documents: a second document starts here; one file holds one | put it in a file of its own"
            ])
        #expect(problems("---\na: 1\n...\n").isEmpty)
    }

    @Test func `tags that are not known are reported with the quotes that mend them`() {
        #expect(
            problems("a: [!a, b]\nb: !CI && x\n").first
                == "1:5 yaml-tag: '!a' without quotes is a YAML tag, and the only one known is '!reset' | "
                + "if it is a text, put quotes around it: '!a'")
        #expect(problems("w: {env: !CI yes}\n").first?.hasSuffix("put quotes around it: '!CI yes'") == true)
        #expect(
            problems("a: !!int x\nb: !!set {}\nc: !!map 1\nd: !reset x\ne: &q !n v\n").map { $0.prefix(13) }
                == ["1:4 yaml-tag:", "2:4 yaml-tag:", "3:4 yaml-tag:", "4:4 yaml-tag:", "5:7 yaml-tag:"])
    }
}

struct BoundsTests {
    @Test func `a billion laughs end at once`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...60 {
            text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ","))]\n"
        }
        let clock = ContinuousClock()
        var found: [String] = []
        let time = clock.measure { found = problems(text) }
        #expect(found.count == 1)
        #expect(found.first?.contains("more than 200000 values once its aliases are expanded") == true)
        #expect(time < .milliseconds(100))
    }

    @Test func `a bomb of merge keys and one of long texts end too`() {
        var text = "a0: &a0 {k0: 1, l0: 1}\n"
        for level in 1...60 {
            text += "a\(level): &a\(level) {<<: [*a\(level - 1), *a\(level - 1)], k\(level): *a\(level - 1)}\n"
        }
        #expect(problems(text).first?.contains("200000 values") == true)
        let long =
            "a: &a \(String(repeating: "x", count: 10_000))\nb: [\(Array(repeating: "*a", count: 2000).joined(separator: ","))]\n"
        #expect(problems(long).first?.contains("10000000 bytes once") == true)
    }

    @Test func `nesting is bounded, through aliases too`() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(problems(deep) == ["1:101 yaml-bound: lists and mappings are nested more than 100 deep"])
        #expect(problems(String(repeating: "- ", count: 50_000)).first?.hasPrefix("1:201 yaml-bound") == true)
        #expect(problems(String(repeating: "{a: ", count: 100) + "1" + String(repeating: "}", count: 100)).isEmpty)
        let half = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        #expect(
            problems("- &a \(half)\n- \(half.replacing("[]", with: "[*a]"))\n").first?.contains("nested more than 100")
                == true)
    }

    @Test func `the size and the number of values are bounded`() {
        #expect(
            problems("a: 12345\n", bounds: YAMLBounds(bytes: 4)) == [
                "1:1 yaml-bound: the file has 9 bytes; at most 4 are read"
            ])
        #expect(problems("[1, 2, 3]", bounds: YAMLBounds(nodes: 4)).isEmpty)
        #expect(problems("[1, 2, 3]", bounds: YAMLBounds(nodes: 3)).first?.hasPrefix("1:8 yaml-bound") == true)
    }

    @Test func `one long line of aliases and errors is not read in square time`() {
        let text = "é: [" + Array(repeating: "&a x, *a", count: 30_000).joined(separator: ", ") + "]\n"
        let time = ContinuousClock().measure { #expect(problems(text).isEmpty) }
        #expect(time < .seconds(5))
    }
}
