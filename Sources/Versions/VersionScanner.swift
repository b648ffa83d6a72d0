/// Reads versions and parts of them from the front of a text.
struct VersionScanner {
    private var rest: Substring.UTF8View
    private let whole: Substring

    init(_ text: Substring) {
        whole = text
        rest = text.utf8
    }

    var isAtEnd: Bool { rest.isEmpty }
    var remaining: Substring { Substring(rest) }

    /// Takes the character when it is next.
    @discardableResult mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// Takes every next character that is one of these, and returns them.
    @discardableResult mutating func skip(anyOf characters: String) -> Substring {
        take { characters.utf8.contains($0) }
    }

    /// Moves to the next ASCII digit; false at the end.
    mutating func skipToDigit() -> Bool {
        _ = take { !$0.isDigit }
        return !isAtEnd
    }

    /// Takes the digits that are next, maybe none.
    mutating func digits() -> Substring { take { $0.isDigit } }

    /// Takes a dot and the digits behind it, if those are between 1 and `atMost`; else nothing.
    mutating func dottedDigits(atMost longest: Int) -> Substring? {
        let start = rest
        if skip(".") {
            let digits = digits()
            if !digits.isEmpty, digits.utf8.count <= longest { return digits }
        }
        rest = start
        return nil
    }

    /// A number of a version from its digits: no leading zero (SemVer §2), none above the largest.
    static func number(_ digits: Substring) -> Int? {
        guard let number = Int(digits), number <= Version.largestNumber else { return nil }
        return digits.utf8.first == UInt8(ascii: "0") && digits.utf8.count > 1 ? nil : number
    }

    /// Takes `1`, `1.x`, `1.2.*`, `1.2.3-rc.1+build`; nil where none is next or its pre-release is malformed. A
    /// pre-release or build can only follow the third part.
    mutating func partialVersion() -> PartialVersion? {
        guard let major = part() else { return nil }
        var version = PartialVersion(major: major)
        guard skip(".") else { return version }
        guard let minor = part() else { return nil }
        version.minor = minor
        guard skip(".") else { return version }
        guard let patch = part() else { return nil }
        version.patch = patch
        if skip("-") {
            guard let identifiers = identifiers(), identifiers.allSatisfy(Self.isPrereleaseIdentifier) else {
                return nil
            }
            version.prerelease = identifiers.map { PrereleaseIdentifier($0) }
        }
        if skip("+") {
            guard let identifiers = identifiers() else { return nil }
            version.build = identifiers.map(String.init)
        }
        return version
    }

    /// Takes letters, digits and hyphens, by dots; nil where one of them is empty.
    mutating func identifiers() -> [Substring]? {
        var found: [Substring] = []
        repeat {
            let identifier = take { $0.isDigit || $0.isLetter || $0 == UInt8(ascii: "-") }
            if identifier.isEmpty { return nil }
            found.append(identifier)
        } while skip(".")
        return found
    }

    /// SemVer §9: numeric identifiers have no leading zeros.
    private static func isPrereleaseIdentifier(_ text: Substring) -> Bool {
        text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0") || !text.utf8.allSatisfy(\.isDigit)
    }

    private mutating func part() -> PartialVersion.Part? {
        if skip("x") || skip("X") || skip("*") { return .any }
        let digits = digits()
        if digits.isEmpty || (digits.utf8.first == UInt8(ascii: "0") && digits.utf8.count > 1) { return nil }
        return .digits(digits)
    }

    private mutating func take(while condition: (UInt8) -> Bool) -> Substring {
        let end = rest.firstIndex { !condition($0) } ?? rest.endIndex
        defer { rest = rest[end...] }
        return whole[rest.startIndex..<end]
    }
}

/// A version with parts left open, as ranges hold them.
struct PartialVersion {
    enum Part: Equatable {
        case any
        /// Digits without a leading zero. They become a number only where it counts, since one that does not may be
        /// of any size (`^1.x.99999999999999999999`).
        case digits(Substring)
    }

    var major: Part
    /// nil where it is not written.
    var minor: Part?
    var patch: Part?
    var prerelease: [PrereleaseIdentifier] = []
    var build: [String] = []

    var majorNumber: Int? { Self.number(major) }
    var minorNumber: Int? { Self.number(minor) }
    var patchNumber: Int? { Self.number(patch) }

    /// The first part is left open: any version at all.
    var anyMajor: Bool { major == .any }
    var anyMinor: Bool { minor == nil || minor == .any }
    var anyPatch: Bool { patch == nil || patch == .any }

    /// The version, when every part is a number in bounds.
    var exact: Version? {
        guard let major = majorNumber, let minor = minorNumber, let patch = patchNumber else { return nil }
        return Version(major, minor, patch, prerelease: prerelease, build: build)
    }

    private static func number(_ part: Part?) -> Int? {
        if case .digits(let digits)? = part { VersionScanner.number(digits) } else { nil }
    }
}

extension String {
    /// Without the white space at both ends, as JavaScript's `trim` takes it.
    func trimmingSpaces() -> Substring {
        var text = Substring(self)
        while let first = text.unicodeScalars.first, first.isSpace { text.unicodeScalars.removeFirst() }
        while let last = text.unicodeScalars.last, last.isSpace { text.unicodeScalars.removeLast() }
        return text
    }
}

extension Unicode.Scalar {
    /// White space in ECMAScript's sense: Unicode's, with the byte order mark and without U+0085.
    var isSpace: Bool { value == 0xFEFF || (properties.isWhitespace && value != 0x85) }
}
