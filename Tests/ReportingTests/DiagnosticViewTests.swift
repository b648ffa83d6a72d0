import Base
import HostFakes
import HostInterfaces
import Reporting
import Testing

@Suite struct DiagnosticViewTests {
    private func shown(_ line: String?, column: Int, columns: Int? = nil, suggestion: String? = nil) -> String {
        let problem = Diagnostic(
            code: "unknown-key", "unknown key 'imge'", at: SourceLocation(file: "init.yaml", line: 12, column: column),
            suggestion: suggestion)
        return utf.text(DiagnosticView(style: utf, columns: columns) { _ in line }.lines(problem))
    }

    @Test func `the place, the line, the caret and the way out`() {
        #expect(
            shown("      imge: postgres", column: 7, suggestion: "did you mean 'image'?") == """
                init.yaml:12:7: error: unknown key 'imge'
                 12 |       imge: postgres
                    |       ^
                    = did you mean 'image'?

                """)
    }

    @Test func `the caret stands right behind tabs, wide characters and control characters`() {
        #expect(shown("\t日本: x", column: 6).hasSuffix(" 12 |     日本: x\n    |           ^\n"))
        #expect(shown("a\u{7}b", column: 3).hasSuffix(" 12 | a^Gb\n    |    ^\n"))
        #expect(shown("ab", column: 99).hasSuffix(" 12 | ab\n    |   ^\n"))
    }

    @Test func `of a long line the part around the place is shown`() throws {
        let line = String(repeating: "a", count: 50) + "X" + String(repeating: "b", count: 50)
        let text = shown(line, column: 51, columns: 40)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines[1].count <= 40 && lines[1].contains("…aaa") && lines[1].hasSuffix("bb…"))
        let caret = try #require(Array(lines[2]).firstIndex(of: "^"))
        #expect(Array(lines[1])[caret] == "X")
    }

    @Test func `without a source or a place there is still a message`() {
        #expect(shown(nil, column: 7) == "init.yaml:12:7: error: unknown key 'imge'\n")
        let view = DiagnosticView(style: utf, columns: nil) { _ in nil }
        let terminal = FakeTerminal()
        view.write(
            Diagnostics([Diagnostic(.warning, code: "x", "two\nlines", suggestion: "do it")]), to: terminal)
        #expect(terminal.error == "warning: two\n  lines\n  = do it\n")
        #expect(terminal.output == "")
    }

    @Test func `the validate document names every problem by its place`() {
        let place = SourceLocation(file: "init.yaml", line: 2, column: 3)
        let problems = Diagnostics([
            Diagnostic(code: "a", "first", at: place, suggestion: "mend"), Diagnostic(.warning, code: "b", "second"),
        ])
        #expect(
            ValidateDocument.json(problems).text()
                == #"{"schema":"devinit.validate/1","problems":[{"file":null,"line":null,"column":null,"severity":"warning","code":"b","message":"second","suggestion":null},{"file":"init.yaml","line":2,"column":3,"severity":"error","code":"a","message":"first","suggestion":"mend"}]}"#
        )
    }
}
