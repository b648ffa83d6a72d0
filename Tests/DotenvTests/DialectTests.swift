import Base
import Dotenv
import Testing

@Suite struct DialectTests {
    private func read(_ text: String, _ dialect: Dialect, _ environment: [String: String] = [:]) -> [String: String]? {
        try? DotenvReader.values(of: text, dialect: dialect, environment: environment).dictionary
    }

    @Test func `node cuts a bare value at a number sign and the others keep it`() {
        let text = "A=p@ss#word\n"
        #expect(read(text, .node) == ["A": "p@ss"])
        for dialect in [Dialect.compose, .python, .sh] { #expect(read(text, dialect) == ["A": "p@ss#word"]) }
    }

    @Test func `a dollar in single quotes is expanded by python and dotenv-expand only`() {
        let text = "B=x\nA='${B}'\n"
        for dialect in [Dialect.compose, .node, .sh] { #expect(read(text, dialect)?["A"] == "${B}") }
        for dialect in [Dialect.python, .dotenvExpand] { #expect(read(text, dialect)?["A"] == "x") }
    }

    @Test(arguments: ["A=$(id)", "A=\"`id`\"", "A=${B:-$(id)}", "export A=\"$(id)\""])
    func `a shell file that would run a command is refused, never run`(text: String) {
        #expect(throws: DotenvError(.commandSubstitution, line: 1)) { try DotenvReader.values(of: text, dialect: .sh) }
    }

    @Test(arguments: [
        "rm -rf x", "A = b", "A=b c", "A=1 & B=2", "A=$$", "A=$'x'", "A=~root", "A='x", "A=\"x", "if=x; fi",
        "A=1;;", "A=$\\\nB",
    ])
    func `a shell file that does more than assign is refused`(text: String) {
        #expect(throws: DotenvError.self) { try DotenvReader.values(of: text, dialect: .sh) }
    }

    @Test func `shell quoting joins its pieces and the file's own values win`() {
        let text = "B=file\nexport A='it'\\''s '\"$B ${C:-none}\" D=a\\ b # note\n"
        #expect(read(text, .sh, ["B": "outside"]) == ["B": "file", "A": "it's file none", "D": "a b"])
    }

    @Test func `words of one export do not see each other, as assignments alone do`() {
        #expect(read("export A=1 B=\"$A\"\n", .sh, ["A": "out"]) == ["A": "1", "B": "out"])
        #expect(read("A=1 B=$A\n", .sh, ["A": "out"]) == ["A": "1", "B": "1"])
    }

    @Test func `a byte order mark does not become part of the first key`() {
        for dialect in [Dialect.compose, .node, .python] { #expect(read("\u{feff}A=1\n", dialect) == ["A": "1"]) }
    }

    @Test func `an unterminated quote spares the lines below it where the reader does`() {
        let text = "A=\"\nB=2\n"
        #expect(read(text, .node) == ["A": "\"", "B": "2"])
        #expect(read(text, .python) == ["B": "2"])
        #expect(read(text, .compose) == nil)
    }

    // Recorded from dotenv-expand 12's rules and cases.
    @Test(arguments: [
        ("B=x\nA=$B", "x"), ("A=\\$B", "$B"), ("A=${B:-${C:-d}}", "d"), ("B=1\nA=${B:+on}", "on"), ("A=$A", ""),
        ("A=abcd$$1234", "abcd$$1234"), ("A=$B:-/x:y", ":-/x:y"), ("A.B=p\nA=${A.B}", "p"), ("A=$", "$"),
    ])
    func `dotenv-expand follows its published cases`(text: String, expected: String) {
        #expect(read(text, .dotenvExpand)?["A"] == expected)
    }

    @Test func `defaults nested without end are refused rather than exhaust the stack`() {
        let text = "A=" + String(repeating: "${A:-", count: 20_000) + String(repeating: "}", count: 20_000)
        for dialect in [Dialect.compose, .sh] {
            #expect(throws: DotenvError(.nestedTooDeeply, line: dialect == .sh ? 1 : 2)) {
                try DotenvReader.values(of: text, dialect: dialect)
            }
        }
    }
}
