import Base
import Dotenv
import Testing

/// Ruby's dotenv, by its parser's rules and its own cases (bkeepers/dotenv, spec/dotenv/parser_spec.rb).
@Suite struct RubyTests {
    @Test(arguments: [
        ("FOO=bar", "bar"), ("FOO =bar", "bar"), ("FOO= bar", "bar"), ("FOO=\"bar\"", "bar"), ("FOO='bar'", "bar"),
        ("FOO=\"escaped\\\"bar\"", "escaped\"bar"), ("FOO=", ""), ("FOO=''", ""), ("FOO=\"  \"", "  "),
        ("FOO=\"bar\nbaz\"", "bar\nbaz"), ("FOO: bar", "bar"), ("FOO: ", ""), ("export FOO=bar", "bar"),
        ("FOO=bar # this is foo", "bar"), ("FOO=\"bar#baz\" # comment", "bar#baz"), ("FOO='ba#r'", "ba#r"),
        ("FOO=foo\\ bar", "foo bar"), ("FOO=bar ", "bar"), ("FOO='$BAR'", "$BAR"), ("FOO=\\$BAR", "$BAR"),
        ("FOO=\"foo\\$BAR\"", "foo$BAR"), ("FOO='first\\$'", "first\\$"), ("FOO=$", "$"), ("FOO=a$$b", "a$"),
        ("FOO=a\r\nB=1", "a"), ("FOO='a' b", "'a' b"), ("FOO", ""),
    ])
    func `its published cases hold`(text: String, expected: String) throws {
        #expect(try DotenvReader.values(of: text, dialect: .ruby)["FOO"] == expected)
    }

    @Test func `names are expanded in both forms and operators are no part of them`() throws {
        let values = try DotenvReader.values(
            of: "A=x\nB=$A\nC=\"${A}y\"\nD=${NONE}z\nE=${A:-d}\nF=$A_B\n", dialect: .ruby, environment: ["H": "1"])
        #expect(values.dictionary == ["A": "x", "B": "x", "C": "xy", "D": "z", "E": "x:-d}", "F": ""])
    }

    @Test func `what the process has already wins`() throws {
        #expect(try DotenvReader.values(of: "A=1\n", dialect: .ruby, environment: ["A": "2"])["A"] == "2")
    }

    @Test func `a command is refused, never run`() {
        for text in ["A=$(id)", "A=\"x $(echo $(id))\""] {
            #expect(throws: DotenvError(.commandSubstitution, line: 1)) {
                try DotenvReader.values(of: text, dialect: .ruby)
            }
        }
        #expect(throws: DotenvError(.unsetExport("B"), line: 2)) {
            try DotenvReader.values(of: "A=1\nexport B\n", dialect: .ruby)
        }
    }

    @Test func `nothing behind export is written in quotes, for without them it is refused`() throws {
        #expect(throws: DotenvError.self) { try DotenvReader.values(of: "export A=\n", dialect: .ruby) }
        #expect(try DotenvWriter.text(for: "", dialects: [.ruby, .sh], behindExport: true) == "\"\"")
    }

    @Test func `a line feed is never written as an escape, which releases read differently`() throws {
        #expect(try DotenvWriter.text(for: "a\nb", dialects: [.ruby]) == "'a\nb'")
        #expect(throws: DotenvInexpressible.self) { try DotenvWriter.text(for: "it's\\n\"", dialects: [.ruby]) }
    }
}
