import Testing

struct HintTests {
    /// What people trip over: the text, then the problem as line, column, code, and the suggestion's end.
    @Test(arguments: [
        ("repos:\n  api: { url: ${API} }\n", "2:15 yaml-quotes", "put quotes around it: \"${API}\""),
        (
            "a: { url: http://${HOST}:80/x, b: 1 }\n", "1:11 yaml-quotes",
            "put quotes around it: \"http://${HOST}:80/x\""
        ),
        ("a: [x, ${X:-*}]\n", "1:8 yaml-quotes", "put quotes around it: \"${X:-*}\""),
        ("a: {\n  b: ${X},\n}\n", "2:6 yaml-quotes", "put quotes around it: \"${X}\""),
        ("git: >=2.30\nb: 1\n", "1:6 yaml-quotes", "put quotes around it: '>=2.30'"),
        ("a: {git: >=2.30, b: 1}\n", "1:10 yaml-quotes", "put quotes around it: '>=2.30'"),
        ("- > 2\n", "1:3 yaml-quotes", "put quotes around it: '> 2'"),
        ("node: >2\nb: 1\n", "1:7 yaml-quotes", "put quotes around it: '>2'"),
        ("node: >20\nb: 1\n", "1:7 yaml-quotes", "put quotes around it: '>20'"),
        (
            "run: | echo hi\n", "1:6 yaml-quotes",
            "start the text in the next line, or put quotes around it: '| echo hi'"
        ),
        ("a: &x b: c\n", "1:7 yaml-quotes", "put quotes around it: 'b: c'"),
        ("a: |x\n", "1:4 yaml-quotes", "put quotes around it: '|x'"),
        ("inputs: [a, **/x.js]\n", "1:13 yaml-quotes", "put quotes around it: '**/x.js'"),
        ("inputs:\n  - src\n  - *.js\n", "3:5 yaml-quotes", "put quotes around it: '*.js'"),
        ("a: *\n", "1:4 yaml-quotes", "put quotes around it: '*'"),
        ("a: *foo\n", "1:4 yaml-alias", "put quotes around it: '*foo'"),
        ("a: *foo*\n", "1:4 yaml-quotes", "put quotes around it: '*foo*'"),
        ("*x y: 1\n", "1:1 yaml-quotes", "put quotes around it: '*x y'"),
        ("a: && b\n", "1:4 yaml-quotes", "put quotes around it: '&& b'"),
        ("a: @acme/x\n", "1:4 yaml-quotes", "put quotes around it: '@acme/x'"),
        ("a: [b, @acme/x]\n", "1:8 yaml-quotes", "put quotes around it: '@acme/x'"),
        ("@a: 1\n", "1:1 yaml-quotes", "put quotes around it: '@a'"),
        ("a: `date`\n", "1:4 yaml-quotes", "put quotes around it: '`date`'"),
        ("a: %d\n", "1:4 yaml-quotes", "put quotes around it: '%d'"),
        ("%d: 1\n", "1:1 yaml-quotes", "put quotes around it: '%d'"),
        ("a: !{x}\n", "1:4 yaml-quotes", "put quotes around it: '!{x}'"),
        ("a: !x!y z\n", "1:4 yaml-quotes", "put quotes around it: '!x!y z'"),
        ("run: echo a: b\n", "1:6 yaml-quotes", "put quotes around it: 'echo a: b'"),
        ("é: [1]\nrün: echo 'a: b'\n", "2:6 yaml-quotes", "put quotes around it: \"echo 'a: b'\""),
        ("- k: v: w # c\n", "1:6 yaml-quotes", "put quotes around it: 'v: w'"),
        ("a: 'it's'\n", "1:4 yaml-quotes", "put quotes around it: \"'it's'\""),
        ("a: \"x\" y\n", "1:4 yaml-quotes", "put quotes around it: '\"x\" y'"),
        ("a: [x] y\nb: 1\n", "1:4 yaml-quotes", "put quotes around it: '[x] y'"),
        ("a: }\n", "1:4 yaml-quotes", "put quotes around it: '}'"),
        ("a: - b\n", "1:4 yaml-quotes", "put quotes around it: '- b'"),
        ("a:\n\tb: 1\n", "2:1 yaml-tab", "use spaces"),
        ("a:\n  b: 1\n  \tc: 1\n", "3:3 yaml-tab", "use spaces"),
        ("a:\n  - b\n\t- c\n", "3:1 yaml-tab", "use spaces"),
        ("a: 1\n  b: 2\n", "2:4 yaml-syntax", "check the indentation of this line"),
        ("a:\n  b: 1\n c: 2\n", "3:2 yaml-syntax", "check the indentation of this line"),
        ("a:\n  - b\n  c: 2\n", "3:3 yaml-syntax", "check the indentation of this line, or start it with '- '"),
        ("a: 1\nfoo\nb: 2\n", "2:1 yaml-syntax", "write 'key: value', or check the indentation"),
        ("a: 1\nb:2\nc: 2\n", "2:1 yaml-syntax", "put a space after the colon: 'b: …'"),
        ("a: \"x\nb: 1\n", "1:4 yaml-syntax", "this quote is never closed"),
        ("a: \"x\nb: \"y\"\n", "2:5 yaml-syntax", "look for a missing closing quote in line 1"),
        ("a: \"\\d+\"\n", "1:5 yaml-syntax", "use single quotes, or double the backslash"),
        ("a: [1, 2\nb: 3\n", "2:2 yaml-syntax", "a ',' or ']' should stand here: the '[' in line 1 is open"),
        ("a: {b: 1\n", "2:1 yaml-syntax", "a ',' or '}' should stand here: the '{' in line 1 is open"),
        ("\u{FEFF}😀: [1]\r\nb: >=2\r\n", "2:4 yaml-quotes", "put quotes around it: '>=2'"),
        ("😀: >=2\n", "1:4 yaml-quotes", "put quotes around it: '>=2'"),
    ])
    func `a slip is named where it stands, with what mends it`(text: String, place: String, ending: String) {
        let found = problems(text)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(place + ":") == true && found.first?.hasSuffix(ending) == true, "\(found)")
    }

    @Test func `the words say what YAML took it for`() {
        #expect(problems("a: >=2\n").first?.contains("read as the head of a text block") == true)
        #expect(problems("a:\n\tb: 1\n").first?.contains("YAML does not allow tabs for indentation") == true)
        #expect(problems("a: {b: ${X}}\n").first?.contains("'${' without quotes starts a mapping inside") == true)
    }

    @Test(arguments: [
        "a: ${X}\n", "a: >\n  x\n", "a: >2\n    x\n", "a: |+\n\nb: 1\n", "a: ^20 || ^22\n", "a: <2\n", "a: b*c\n",
        "a: \"${X}\"\n",
        "a: { b: \"${X}\", c: $X }\n", "a:\tb\n", "a: x:y\n", "a: 'it''s'\n",
    ])
    func `what is right gets no hint`(text: String) { #expect(problems(text).isEmpty) }

    @Test func `problems before a syntax error are not lost`() {
        #expect(problems("a: 1\na: 2\nb: >=2\n").map { $0.prefix(8) } == ["2:1 dupl", "3:4 yaml"])
    }
}
