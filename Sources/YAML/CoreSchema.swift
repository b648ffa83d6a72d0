/// The YAML 1.2 core schema (yaml.org/spec/1.2.2, section 10.3.2): what a plain scalar stands for.
/// `yes`, `no`, `on` and `off` are texts in it, dates too.
enum CoreSchema {
    static func resolve(_ text: String) -> YAMLScalar.Resolved {
        // Most scalars are other words, which their first byte shows.
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"), UInt8(ascii: "T"),
            UInt8(ascii: "f"), UInt8(ascii: "F"):
            return word(text)
        default: return number(text) ?? .text
        }
    }

    private static func word(_ text: String) -> YAMLScalar.Resolved {
        switch text {
        case "~", "null", "Null", "NULL": .null
        case "true", "True", "TRUE": .bool(true)
        case "false", "False", "FALSE": .bool(false)
        default: .text
        }
    }

    /// A whole number or a float; nil when it is neither. Whole numbers that 64 bits can't hold are floats.
    static func number(_ text: String) -> YAMLScalar.Resolved? {
        guard let first = text.utf8.first,
            first == UInt8(ascii: "+") || first == UInt8(ascii: "-")
                || first == UInt8(ascii: ".") || isDigit(first)
        else { return nil }
        if let integer = integer(text) { return integer }
        return float(text).map { .float($0) }
    }

    private static func integer(_ text: String) -> YAMLScalar.Resolved? {
        let bytes = text.utf8
        for (prefix, radix) in [("0o", 8), ("0x", 16)] where bytes.starts(with: prefix.utf8) {
            let digits = bytes.dropFirst(2)
            guard let first = digits.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
            return Int(text.dropFirst(2), radix: radix).map { .integer($0) }
        }
        let digits = bytes.dropFirst(bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") ? 1 : 0)
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
        return Int(text).map { .integer($0) } ?? Double(text).map { .float($0) }
    }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, `[-+]?.inf`, `.nan`.
    static func float(_ text: String) -> Double? {
        switch text {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .infinity
        case "-.inf", "-.Inf", "-.INF": return -.infinity
        case ".nan", ".NaN", ".NAN": return .nan
        default: break
        }
        var rest = Substring(text).utf8
        func digits() -> Int {
            let count = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(count)
            return count
        }
        func take(_ choices: String) -> Bool {
            guard let first = rest.first, choices.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = take("+-")
        let whole = digits()
        let fraction = take(".") ? digits() : 0
        guard whole + fraction > 0 else { return nil }
        if take("eE") {
            _ = take("+-")
            guard digits() > 0 else { return nil }
        }
        return rest.isEmpty ? Double(text) : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
