/// SplitMix64: the same seed gives the same cases everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}

/// Files made of what env files are made of, and of noise.
enum RandomFile {
    private static let pieces: [[UInt8]] =
        [
            "A=", "B=", "export ", "LONG_KEY = ", "x", "value", "'", "\"", "`", "\\", "\\n", "\n", "\n", "\r\n", "\r",
            " ",
            "\t", "#", " # note", "=", ": ", "$B", "${B}", "\u{feff}", "é", "<<<<<<<", "A='x'\n", "B=\"y z\"\n", "\0",
        ].map { Array($0.utf8) } + [[0xff], [0xc3]]

    static func bytes(using random: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...24, using: &random)).flatMap { _ in pieces.randomElement(using: &random) ?? [] }
    }
}
