import YAML

/// A seeded generator: a failing round can be run again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private static let pieces = [
        "a", "b", "é", "😀", "e\u{301}", " ", " ", "\n", "\n", "\t", "\r", ":", ": ", "#", " #", "-", "- ", "?", "*",
        "&", "!", "%",
        "@", "`", "'", "\"", "\\", "{", "}", "[", "]", ",", ">", "|", "0", "1", "_", ".", "=", "<<", "~", "yes", "null",
        "true",
        "${X}", "---", "...", "\u{0}", "\u{7F}", "\u{85}", "\u{A0}", "\u{2028}", "\u{FEFF}", "\u{FFFE}", "\u{10FFFF}",
    ]

    mutating func text() -> String {
        (0..<Int.random(in: 0...8, using: &self)).map { _ in Self.pieces.randomElement(using: &self) ?? "" }.joined()
    }

    mutating func node(depth: Int) -> YAMLNode {
        switch Int.random(in: 0..<(depth > 3 ? 5 : 10), using: &self) {
        case 0: return .plain(["1", "true", "null", "3.10", "0o17", ".inf", "-2e5"].randomElement(using: &self) ?? "1")
        case 1 where depth > 0: return YAMLNode(.reset, at: .nowhere)
        case 0...4: return .text(text())
        case 5...7:
            var seen: Set<String> = []
            let entries = (0..<Int.random(in: 0...4, using: &self)).compactMap { _ -> YAMLEntry? in
                let key = text()
                guard seen.insert(key).inserted else { return nil }
                return YAMLEntry(key: key, keyLocation: .nowhere, value: node(depth: depth + 1))
            }
            return .mapping(entries)
        default: return .sequence((0..<Int.random(in: 0...4, using: &self)).map { _ in node(depth: depth + 1) })
        }
    }
}
