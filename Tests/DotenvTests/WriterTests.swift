import Base
import Testing

@testable import Dotenv

@Suite struct WriterTests {
    @Test func `the list of nasty strings has no string twice`() {
        #expect(NastyStrings.all.count == 500 && Set(NastyStrings.all.map { Array($0.utf8) }).count == 500)
    }

    private let common: Set<Dialect> = [.compose, .node, .python, .sh]

    @Test(arguments: [
        ("plain", "plain"), ("http://localhost:3000/a?b=c", "http://localhost:3000/a?b=c"),
        ("two words", "\"two words\""),
        ("a$b", "'a$b'"), ("it's", "\"it's\""), ("p@ss#word", "\"p@ss#word\""), ("C:\\dir\\", nil), ("a\nb", "'a\nb'"),
        ("say \"hi\"", "'say \"hi\"'"), (" padded ", "\" padded \""), ("", ""),
    ])
    func `the plainest text that all read alike is taken`(value: String, expected: String?) throws {
        let found = try? DotenvWriter.text(for: value, dialects: common)
        #expect(found == expected)
    }

    @Test func `values that are written without being read back are read alike by every dialect`() {
        var random = SeededGenerator(seed: 11)
        let plain = (0..<0x80).compactMap { Unicode.Scalar($0).map { String($0) } }.filter(DotenvWriter.isPlain)
        #expect(plain.count == 72)
        var values = plain + ["", "export", "export=1", "A=B=C", "://", "-", "--", "=", "=="]
        while values.count < 600 {
            values.append((0...5).map { _ in plain.randomElement(using: &random) ?? "" }.joined())
        }
        for value in values {
            for dialect in Dialect.allCases {
                #expect(DotenvWriter.reads(value, as: value, in: dialect), "\(value) \(dialect)")
            }
        }
    }

    @Test func `what a shell could take for file names is quoted behind export`() throws {
        #expect(try DotenvWriter.text(for: "http://h/a?b=*", dialects: common) == "http://h/a?b=*")
        #expect(
            try DotenvWriter.text(for: "http://h/a?b=*", dialects: common, behindExport: true) == "\"http://h/a?b=*\"")
    }

    @Test func `what it refuses it blames on the right dialect`() {
        func blamed(_ value: String, _ dialects: Set<Dialect>) -> [Dialect] {
            do {
                _ = try DotenvWriter.text(for: value, dialects: dialects)
                return []
            } catch { return error.dialects }
        }
        #expect(blamed("${HOME}", common) == [.python])
        #expect(blamed("${HOME}", [.compose, .node, .sh]) == [])
        #expect(blamed("$HOME", [.node, .dotenvExpand]) != [])
        #expect(blamed("$HOME", [.compose, .dotenvExpand]) == [])
        #expect(blamed("it's \"so\"", common) == [.node])
        #expect(blamed("it's \"so\"", [.compose, .python, .sh]) == [])
        #expect(blamed("a\0b", [.sh, .python]) == [.python, .sh])
    }

    @Test func `an error never shows the value`() {
        #expect(throws: DotenvInexpressible.self) { try DotenvWriter.text(for: "s3cret's \"${X}\"", dialects: common) }
        do { _ = try DotenvWriter.text(for: "s3cret's \"${X}\"", dialects: common) } catch {
            #expect(!error.description.contains("s3cret"))
        }
    }

    @Test(arguments: Dialect.allCases)
    func `every nasty string that one dialect writes it reads back`(dialect: Dialect) throws {
        var written = 0
        for value in NastyStrings.all {
            guard let text = try? DotenvWriter.text(for: value, dialects: [dialect]) else { continue }
            written += 1
            let read = try DotenvReader.values(of: "A=1\nK=\(text)\nZ=2\n", dialect: dialect)
            #expect(read["K"].map { Array($0.utf8) } == Array(value.utf8))
            #expect(read.keys == ["A", "K", "Z"])
        }
        #expect(written > NastyStrings.all.count / 2)
    }

    @Test func `every text that the writer gives fits a line of the document`() {
        for value in NastyStrings.all {
            guard let text = try? DotenvWriter.text(for: value, dialects: common) else { continue }
            var document = DotenvDocument(parsing: Array("A=1\n".utf8))
            let isInserted = document.insert("K", rawText: text)
            #expect(isInserted && document.rawValue(of: "K") == text, "\(text.debugDescription)")
        }
    }
}
