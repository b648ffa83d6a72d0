import Base
import Testing
import YAML

struct RobustnessTests {
    private static let seeds = [
        "version: 1\nrepos:\n  api: { url: \"github:acme/api\", needs: [vpn] }\nmessage: |\n  a\n  b\n",
        "a: &x {<<: *y, b: !reset null}\nc: [*x, !!int 3, 'it''s', \"\\u00e9\"]\n? k\n: >-\n  folded\n",
        "- - a\n  - b: ${X}\n# é😀\n- \"x\n  y\"\n- {a: b, c: [d, e]}\n---\n",
    ]

    @Test func `no mutation of a file crashes the reader or leaves the file's places`() {
        var random = SplitMix(state: 7)
        for _ in 0..<6000 {
            var bytes = Array((Self.seeds.randomElement(using: &random) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert("\t\n :-{}[]&*!|>'\"%@`#,?$\\".utf8.randomElement(using: &random) ?? 0, at: index)
                case 2 where bytes.count > 2: bytes.remove(at: index)
                default: bytes.insert(contentsOf: Array(bytes[index...].prefix(20)), at: 0)
                }
            }
            let document = YAMLReader.examine(bytes, file: "f.yaml")
            for problem in document.diagnostics.all {
                guard let place = problem.location, problem.code != "not-text", problem.code != "yaml-character" else {
                    continue
                }
                let line = document.line(place.line)
                #expect(line != nil && place.column >= 1 && place.column <= (line ?? "").unicodeScalars.count + 2)
            }
            if document.diagnostics.isEmpty, let root = document.root {
                let written = YAMLWriter.write(root)
                let back = YAMLReader.examine(Array(written.utf8), file: "f.yaml")
                #expect(back.diagnostics.isEmpty && (back.root ?? .null()).hasSameContent(as: root), "\(written)")
            }
        }
    }

    @Test func `bytes at random are refused or read, never fatal`() {
        var random = SplitMix(state: 9)
        for _ in 0..<2000 {
            let prefix: [UInt8] =
                [[], [0xFF, 0xFE], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF]].randomElement(using: &random) ?? []
            let count = Int.random(in: 0...64, using: &random)
            let bytes = prefix + (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = YAMLReader.examine(bytes, file: "f.yaml")
        }
    }
}
