/// Random numbers that depend on the seed alone (SplitMix64), so that a failing round can be run again.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number below the bound, which must be above 0. Not `Int.random`, because a debug build runs millions of these.
    public mutating func below(_ bound: Int) -> Int { Int(truncatingIfNeeded: next() >> 33) % bound }

    /// True in one of so many cases.
    public mutating func oneIn(_ cases: Int) -> Bool { below(cases) == 0 }

    /// A number of the closed range.
    public mutating func within(_ low: Int, _ high: Int) -> Int { low + below(high - low + 1) }
}
