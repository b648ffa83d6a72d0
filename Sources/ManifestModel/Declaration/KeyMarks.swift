/// Which keys may stand in a mapping, a bit for some of all names each: most keys that a kind can have are not there, and
/// this tells so without comparing texts.
struct KeyMarks: OptionSet, Sendable {
    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The mark of a name: by its length, its first and its last byte, which nearly no two keys of one shape share.
    init(of name: String) {
        let bytes = name.utf8
        let sum = bytes.count &+ 5 &* Int(bytes.first ?? 0) &+ 17 &* Int(bytes.last ?? 0)
        rawValue = 1 << UInt64(sum & 63)
    }
}
