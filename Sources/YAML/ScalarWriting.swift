/// How one text is written: plain, quoted or as a literal block.
enum ScalarWriting {
    /// A scalar in one line.
    static func inline(_ scalar: YAMLScalar) -> String {
        switch scalar.resolved {
        case .text: return text(scalar.text)
        case .null: return "null"
        case let resolved where CoreSchema.resolve(scalar.text).isSameKind(as: resolved): return scalar.text
        // `!!float 3` is the only way to a float without a dot.
        case .float where CoreSchema.float(scalar.text) != nil: return "!!float \(scalar.text)"
        case .bool(let value): return value ? "true" : "false"
        case .integer(let value): return String(value)
        case .float(let value): return number(value)
        }
    }

    /// A key: always a text, always in one line.
    static func key(_ key: String) -> String { text(key) }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return ".nan" }
        return value.isInfinite ? (value < 0 ? "-.inf" : ".inf") : "\(value)"
    }

    private static func text(_ text: String) -> String {
        if isPlain(text) { return text }
        let needsEscape = text.unicodeScalars.contains { !isPrintable($0) }
        let hasSpecial = text.unicodeScalars.contains { $0 == "\"" || $0 == "\\" }
        if hasSpecial, !needsEscape {
            return "'" + text.unicodeScalars.reduce(into: "") { $0 += $1 == "'" ? "''" : String($1) } + "'"
        }
        return doubleQuoted(text)
    }

    private static func doubleQuoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where isPrintable(scalar): out.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let (mark, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
                out += "\\\(mark)" + String(repeating: "0", count: width - digits.count) + digits
            }
        }
        return out + "\""
    }

    /// A literal block (YAML 1.2.2, section 8.1.2) with its lines indented, or nil where the text has none or
    /// would not come back byte for byte.
    static func literal(_ text: String, indent: Int) -> String? {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        guard lines.count > 1, let first = lines.first, let start = first.unicodeScalars.first, start != " ",
            text.unicodeScalars.allSatisfy({ $0 == "\n" || $0 == "\t" || isPrintable($0) }),
            // Lines of blanks only, and tabs where indentation is counted, are read differently by many parsers.
            lines.allSatisfy({ line in
                line.isEmpty
                    || line.unicodeScalars.contains { $0 != " " && $0 != "\t" } && !line.utf8.starts(with: "\t".utf8)
            })
        else { return nil }
        let content = lines.last == "" ? lines.dropLast() : lines[...]
        let chomping = lines.last != "" ? "-" : content.last == "" ? "+" : ""
        var out = "|\(chomping)\n"
        for line in content { out += line.isEmpty ? "\n" : String(repeating: " ", count: indent) + line + "\n" }
        return out
    }

    /// Whether the text reads back as itself without quotes, in YAML 1.2 and 1.1.
    private static func isPlain(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        guard let first = scalars.first, let last = scalars.last, scalars.allSatisfy(isPrintable) else { return false }
        guard first.properties.isAlphabetic || "_/.$(+^~0123456789".unicodeScalars.contains(first) else { return false }
        guard last != " ", last != ":", !isAmbiguous(text) else { return false }
        return !scalars.indices.dropLast().contains { index in
            scalars[index] == ":" && scalars[index + 1] == " " || scalars[index] == " " && scalars[index + 1] == "#"
        }
    }

    /// Words and numbers of the core schema and of YAML 1.1: booleans, `1_000`, `22:22`, `0b1`, dates, `=`, `<<`.
    private static func isAmbiguous(_ text: String) -> Bool {
        if CoreSchema.resolve(text) != .text { return true }
        switch text.lowercased() {
        case "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<", "...", "---": return true
        default: break
        }
        let bytes = text.utf8
        guard let start = bytes.first, "+-.0123456789".utf8.contains(start) else { return false }
        return bytes.allSatisfy { "0123456789abcdefABCDEF_.,:+-xXoOtTzZ ".utf8.contains($0) }
    }

    /// Printable in YAML 1.2 (section 5.1) and no line break in YAML 1.1 either.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
