import Base
import Testing
import YAML

struct ReadingTests {
    @Test(arguments: [
        ("yes", "text"), ("no", "text"), ("on", "text"), ("off", "text"), ("y", "text"), ("2024-01-01", "text"),
        ("1_000", "text"), ("22:22", "text"), ("0b1", "text"), ("+0x1F", "text"), ("0x", "text"), ("0o8", "text"),
        ("0x-1", "text"), ("tRue", "text"), ("nUll", "text"), (".", "text"), ("-", "text"), ("1e", "text"),
        (".e1", "text"),
        ("1.2.3", "text"), ("+.nan", "text"), ("infinity", "text"), ("nan", "text"), ("0x1p3", "text"), ("1 2", "text"),
        ("true", "bool(true)"), ("FALSE", "bool(false)"), ("~", "null"), ("", "null"), ("Null", "null"),
        ("0o17", "integer(15)"), ("0x1F", "integer(31)"), ("010", "integer(10)"), ("-7", "integer(-7)"),
        ("+7", "integer(7)"), ("3.10", "float(3.1)"), ("1.", "float(1.0)"), (".5", "float(0.5)"),
        ("1e3", "float(1000.0)"),
        ("-1.5E-1", "float(-0.15)"), (".inf", "float(inf)"), ("-.INF", "float(-inf)"), (".NaN", "float(nan)"),
        ("99999999999999999999", "float(1e+20)"),
    ])
    func `a plain scalar is what the core schema says`(text: String, kind: String) {
        #expect("\(YAMLScalar(plain: text).resolved)" == kind)
    }

    @Test func `quotes and texts as written keep what a number would lose`() throws {
        let root = try #require(try tree("a: 3.10\nb: '3'\nc: \"true\"\nd: !!str 4\ne: !!int '5'\nf: |\n  6\n"))
        #expect(root["a"]?.text == "3.10")
        #expect(root["b"]?.scalar?.resolved == .text)
        #expect(root["c"]?.scalar?.isPlain == false)
        #expect(root["d"]?.scalar?.resolved == .text)
        #expect(root["e"]?.integer == 5)
        #expect(root["f"]?.text == "6\n")
    }

    @Test(arguments: ["", "\n", "# only a comment\n", "---\n", "--- # nothing\n...\n", "\u{FEFF}"])
    func `a document without a value is empty`(text: String) throws {
        #expect(try tree(text) == nil)
    }

    @Test func `places are counted in code points, not bytes or graphemes`() throws {
        let root = try #require(try tree("ключ: {\"👨‍👩‍👧é\": x, ж: [y]}\r\n\r\nb: 2\r\n"))
        let flow = try #require(root["ключ"])
        #expect(flow.location.description == "f.yaml:1:7")
        // Five code points make the family; é is one.
        #expect(flow["👨‍👩‍👧é"]?.location.column == 18)
        #expect(flow.entries?[1].keyLocation.column == 21)
        #expect(flow["ж"]?.items?[0].location.column == 25)
        #expect(root.entry("b")?.keyLocation.description == "f.yaml:3:1")
        #expect(root["b"]?.location.description == "f.yaml:3:4")
    }

    @Test func `line separators that editors do not count move no line`() throws {
        let root = try #require(try tree("a: \"x\u{2028}y\u{85}z\"\nb: 1\rc: 2\n"))
        #expect(root["b"]?.location.description == "f.yaml:2:4")
        #expect(root["c"]?.location.description == "f.yaml:3:4")
    }

    @Test func `a value stands after its anchor and tag`() throws {
        let root = try #require(
            try tree("a: &x !!str  v\nb: &y\n  # why\n  c: 1\nd: &z [1]\ne: *z\nf: !!map {}\ng: &n\n"))
        #expect(root["a"]?.location.description == "f.yaml:1:14")
        #expect(root["b"]?.location.description == "f.yaml:4:3")
        #expect(root["d"]?.location.description == "f.yaml:5:7")
        #expect(root["e"]?.location.description == "f.yaml:5:7")
        #expect(root.entry("e")?.keyLocation.line == 6)
        #expect(root["f"]?.location.description == "f.yaml:7:10")
        #expect(root["g"]?.isNull == true)
        #expect(root["g"]?.location.description == "f.yaml:8:6")
    }

    @Test func `a byte order mark and UTF-16 change neither value nor place`() throws {
        let text = "a: é\nb: [😀, x]\n"
        let plain = try read(text).root
        let units = Array(text.utf16)
        let little: [UInt8] = [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big: [UInt8] = [0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for bytes in [Array("\u{FEFF}\(text)".utf8), little, big] {
            #expect(try YAMLReader.read(bytes, file: "f.yaml").root == plain)
        }
        #expect(plain?["b"]?.items?[1].location.column == 8)
    }

    @Test(
        arguments: [
            ([0x61, 0x3A, 0x20, 0xFF], "byte 3", 4), ([0x61, 0x0A, 0xC3, 0xA9, 0xED, 0xA0, 0x80], "byte 4", 2),
            ([0x7F, 0x45, 0x4C, 0x46, 0x00], "U+007F", 1), ([0x61, 0x00], "byte 1", 2),
            ([0xFF, 0xFE, 0x61], "byte 2", 1),
            ([0xFF, 0xFE, 0x61, 0x00, 0x00, 0xDC], "byte 4", 2), ([0xC0, 0x80], "byte 0", 1),
            ([0xEF, 0xBB, 0xBF, 0xFF], "byte 3", 1),
        ] as [([UInt8], String, Int)])
    func `a binary file is named as such, with the byte`(bytes: [UInt8], words: String, column: Int) {
        let problem = #expect(throws: Diagnostic.self) { try YAMLReader.read(bytes, file: "f.yaml") }
        #expect(problem?.message.contains(words) == true, "\(problem?.message ?? "")")
        #expect(problem?.location?.column == column)
    }

    @Test func `a byte order mark inside the file is shown, not guessed at`() {
        #expect(
            problems("a: 1\nb\u{FEFF}: 2\n").first?.hasPrefix("2:2 yaml-character: an invisible byte order mark")
                == true)
        #expect(problems("a: \u{1B}[0m\n").first?.hasPrefix("1:4 yaml-character: the control character U+001B") == true)
    }

    @Test func `a reset is kept apart from null`() throws {
        let root = try #require(try tree("a: !reset\nb: !reset null\nc: !reset []\nd: null\n"))
        #expect(root.entries?.map(\.value.isReset) == [true, true, true, false])
        #expect(root["a"]?.kindWord == "!reset")
    }

    @Test func `lines for carets come without their line breaks`() throws {
        let document = try read("a: 1\r\nb: é\n")
        #expect([0, 1, 2, 3, 4].map(document.line) == [nil, "a: 1", "b: é", "", nil])
    }
}
