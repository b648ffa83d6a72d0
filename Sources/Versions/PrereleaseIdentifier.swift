/// One part of a pre-release, between dots. Numbers come before words (SemVer §11.4).
public enum PrereleaseIdentifier: Hashable, Sendable {
    case number(Int)
    /// A word; or digits too large for a number, which still count as one in order.
    case text(String)

    /// An identifier from text that is known to be one.
    init(_ text: Substring) {
        if text.utf8.allSatisfy(\.isDigit), let number = Int(text), number < Version.largestNumber {
            self = .number(number)
        } else {
            self = .text(String(text))
        }
    }
}

extension PrereleaseIdentifier: Comparable {
    public static func < (left: Self, right: Self) -> Bool {
        if case .number(let first) = left, case .number(let second) = right { return first < second }
        let first = left.description
        let second = right.description
        switch (first.utf8.allSatisfy(\.isDigit), second.utf8.allSatisfy(\.isDigit)) {
        case (true, true):
            // Without leading zeros, the longer number is the larger one.
            let lengths = (first.utf8.count, second.utf8.count)
            return lengths.0 == lengths.1 ? first < second : lengths.0 < lengths.1
        case (true, false): return true
        case (false, true): return false
        case (false, false): return first < second
        }
    }
}

extension PrereleaseIdentifier: CustomStringConvertible {
    public var description: String {
        switch self {
        case .number(let number): String(number)
        case .text(let text): text
        }
    }
}

extension UInt8 {
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    var isLetter: Bool {
        let lower = self | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }
}
