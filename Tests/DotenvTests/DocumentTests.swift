import Dotenv
import Testing

@Suite struct DocumentTests {
    private func text(_ document: DotenvDocument) -> String { String(decoding: document.bytes, as: UTF8.self) }

    @Test func `any bytes come back as they were`() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            let bytes = RandomFile.bytes(using: &random)
            #expect(DotenvDocument(parsing: bytes).bytes == bytes)
        }
    }

    @Test func `setting a key changes its value and no other byte`() {
        var random = SeededGenerator(seed: 2)
        var changed = 0
        for _ in 0..<5_000 {
            let before = DotenvDocument(parsing: RandomFile.bytes(using: &random))
            guard let key = before.keys.randomElement(using: &random) else { continue }
            var after = before
            guard after.set(key, rawText: "\"new value\"") else { continue }
            changed += 1
            #expect(DotenvDocument(parsing: after.bytes).value(of: key) == "new value")
            #expect(before.keys == after.keys)
            for other in before.keys where other != key {
                #expect(before.rawValue(of: other) == after.rawValue(of: other))
            }
            let again = after
            after.set(key, rawText: "\"new value\"")
            #expect(after == again)
        }
        #expect(changed > 1_000)
    }

    @Test(arguments: [
        ("A=1", "A=2"), ("export A = 'x' # note\r\n", "export A = 2 # note\r\n"), ("A=1\nA=3\n", "A=1\nA=2\n"),
        ("A= # note\n", "A=2 # note\n"), ("A=\"x\"#c\n", "A=2 #c\n"), ("\u{feff}A=\n", "\u{feff}A=2\n"),
        ("A=\"x\ny\" # n\nB=1", "A=2 # n\nB=1"), ("A: x\n", "A: 2\n"), ("\tA=a#b\n", "\tA=2\n"),
    ])
    func `what stands around a value stays`(before: String, after: String) {
        var document = DotenvDocument(parsing: Array(before.utf8))
        let isSet = document.set("A", rawText: "2")
        #expect(isSet)
        #expect(text(document) == after)
    }

    @Test(arguments: ["x\ny", "\"x", "'a' b'", "x # y", " x", "x "])
    func `text that is not one value is not written`(raw: String) {
        var document = DotenvDocument(parsing: Array("A=1\nB='\n".utf8))
        let isSet = document.set("A", rawText: raw)
        let isInserted = document.insert("C", rawText: raw)
        #expect(!isSet && !isInserted)
        #expect(text(document) == "A=1\nB='\n")
    }

    @Test func `an emptied value before a comment is quoted, or some would read the comment`() {
        var document = DotenvDocument(parsing: Array("A=1 # note\n".utf8))
        document.set("A", rawText: "")
        #expect(text(document) == "A=\"\" # note\n")
    }

    @Test func `a new key stands beside its neighbour with its comments and line ending`() {
        var document = DotenvDocument(parsing: Array("# a\r\nA=1\r\n\r\n# z\r\nZ=1\r\n".utf8))
        let from = DotenvDocument(parsing: Array("A=1\n\n# about B\n# more\nB=2\n".utf8))
        document.insert("B", rawText: "2", at: .after("A"), comments: from.comments(above: "B"))
        document.insert("Y", rawText: "3", at: .before("Z"))
        #expect(text(document) == "# a\r\nA=1\r\n# about B\r\n# more\r\nB=2\r\n\r\nY=3\r\n# z\r\nZ=1\r\n")
    }

    @Test func `a missing last newline stays missing behind an appended key`() {
        var document = DotenvDocument(parsing: Array("A=1".utf8))
        document.insert("B", rawText: "2", comments: ["note"])
        #expect(text(document) == "A=1\n# note\nB=2")
    }

    @Test func `the first key of a file with a byte order mark goes behind the mark`() {
        var document = DotenvDocument(parsing: Array("\u{feff}B=1\n".utf8))
        document.insert("A", rawText: "1", at: .start)
        #expect(text(document) == "\u{feff}A=1\nB=1\n")
    }

    @Test func `removing takes every duplicate and leaves what nobody can read`() {
        var document = DotenvDocument(parsing: Array("A=1\nnot a line\nA=2\n<<<<<<< x\nB=1\n".utf8))
        #expect(document.duplicates == ["A"])
        document.remove("A")
        #expect(text(document) == "not a line\n<<<<<<< x\nB=1\n")
        #expect(document.keys == ["B"])
    }

    @Test func `a renamed key keeps its value, export and comment`() {
        var document = DotenvDocument(parsing: Array("export OLD='v' # c\n".utf8))
        document.rename("OLD", to: "NEW")
        #expect(text(document) == "export NEW='v' # c\n")
        let isRenamed = document.rename("NEW", to: "not a name")
        #expect(!isRenamed && document.value(of: "NEW") == "v")
    }

    @Test func `an unterminated quote takes no other line with it`() {
        let document = DotenvDocument(parsing: Array("A=\"x\nB='y'\nC=\"z\"\n".utf8))
        #expect(document.keys == ["A", "B", "C"])
        #expect(document.value(of: "C") == "z")
    }

    @Test func `a windows path's last backslash does not hide the closing quote`() {
        let document = DotenvDocument(parsing: Array("A='C:\\'\nB=1\n".utf8))
        #expect(document.rawValue(of: "A") == "'C:\\'")
        #expect(document.keys == ["A", "B"])
    }

    @Test func `five thousand keys are changed in milliseconds`() {
        let lines = (0..<5_000).map { "# about \($0)\nKEY_\($0)=value \($0)\n" }.joined()
        let bytes = Array(lines.utf8)
        let spent = ContinuousClock().measure {
            var document = DotenvDocument(parsing: bytes)
            for number in 0..<5_000 { document.set("KEY_\(number)", rawText: "new") }
            for number in 0..<500 { document.insert("NEW_\(number)", rawText: "1", at: .after("KEY_\(number)")) }
            #expect(document.keys.count == 5_500)
        }
        // Generous: debug builds on a busy machine. It fails when a change costs the whole file.
        #expect(spent < .seconds(3))
    }
}
