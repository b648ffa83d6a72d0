import Testing
import YAML

struct WriterTests {
    @Test func `the form is block style, keys in the order given`() {
        let node = YAMLNode.mapping([
            "services": .mapping([
                "db": .mapping([
                    "image": .text("postgres:16"), "ports": .sequence([.text("5432:5432")]), "init": .bool(true),
                    "command": .sequence([
                        .text("-c"), .sequence([.text("a"), .mapping(["k": .integer(1), "l": .null()])]),
                    ]),
                ])
            ]), "empty": .mapping([YAMLEntry]()), "none": .sequence([]), "script": .text("set -e\n\nrun\n"),
            "tail": .text("a\nb"), "gone": YAMLNode(.reset, at: .nowhere),
        ])
        #expect(
            YAMLWriter.write(node, comment: "made by devinit\n\ndo not edit") == """
                # made by devinit
                #
                # do not edit
                services:
                  db:
                    image: postgres:16
                    ports:
                      - "5432:5432"
                    init: true
                    command:
                      - "-c"
                      - - a
                        - k: 1
                          l: null
                empty: {}
                none: []
                script: |
                  set -e

                  run
                tail: |-
                  a
                  b
                gone: !reset null

                """)
    }

    @Test(arguments: [
        "yes", "No", "on", "OFF", "y", "N", "true", "null", "~", "", "1", "1_000", "22:22", "1:2:3", "0b1", "0o7",
        "0x1F",
        "2024-01-01", "2024-01-01T10:00:00Z", "=", "<<", ".inf", "1e3", "3.10", "-", "- a", "?", ": a", "a: b", "a #b",
        "a:",
        " a", "a ", "#a", "*a", "&a", "!a", "%a", "@a", "`a", "'a", "\"a", "{a", "[a", ">a", "|a", "---", "...", "a\tb",
        "-1",
        "+1", ".5", "é: x", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{0}", "\u{7F}",
    ])
    func `a text that any reader takes for something else is quoted`(text: String) throws {
        let written = YAMLWriter.write(.mapping(["k": .text(text)]))
        let start = written.dropFirst(3).first
        #expect(start == "\"" || start == "'", "\(written)")
        let key = YAMLWriter.write(.mapping([YAMLEntry(key: text, keyLocation: .nowhere, value: .null())]))
        #expect(try tree(key)?.entries?.first?.key == text)
    }

    @Test(arguments: [
        "a", "postgres:16", "${X:-y}", "http://a.b/c?d=e", "a b", "it's", "/x", "1a", "redis@7", "x=y", "é",
    ])
    func `an ordinary text is not quoted`(text: String) {
        let written = YAMLWriter.write(.text(text))
        if text == "1a" { #expect(written == "\"1a\"\n") } else { #expect(written == text + "\n") }
    }

    @Test func `what is read is what was written, whatever it is`() throws {
        var random = SplitMix(state: 42)
        for round in 0..<3000 {
            let node = random.node(depth: 0)
            let text = YAMLWriter.write(node)
            let back = try tree(text) ?? .null()
            #expect(back.hasSameContent(as: node), "round \(round):\n\(text)")
            #expect(YAMLWriter.write(back) == text, "round \(round)")
        }
    }

    @Test func `long keys and deep indentation come back`() throws {
        let key = String(repeating: "k", count: 3000)
        for value in [
            YAMLNode.text("v"), .mapping([key: .text("a\nb\n\n")]), .sequence([.text("\n\nx"), .text(" x\ny")]),
        ] {
            let node = YAMLNode.mapping([key: value, "b": value])
            #expect(try tree(YAMLWriter.write(node))?.hasSameContent(as: node) == true)
        }
    }

    @Test func `numbers keep their text and their kind`() throws {
        let text = "a: 0x1F\nb: 1e3\nc: !!float 3\nd: 99999999999999999999\ne: .NaN\nf: True\n"
        #expect(YAMLWriter.write(try #require(try tree(text))) == text)
    }
}
