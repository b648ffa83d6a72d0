extension JSON {
    /// The value as text: on one line, or with two spaces of indentation and a line per member.
    public func text(pretty: Bool = false) -> String {
        String(decoding: bytes(pretty: pretty), as: UTF8.self)
    }

    /// The same as UTF-8. Control characters, and the line separators that JavaScript trips over, are escaped.
    public func bytes(pretty: Bool = false) -> [UInt8] {
        var out: [UInt8] = []
        write(to: &out, pretty: pretty, depth: 0)
        return out
    }

    private func write(to out: inout [UInt8], pretty: Bool, depth: Int) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .integer(let number): out += String(number).utf8
        case .number(let number): out += (number.isFinite ? "\(number)" : "null").utf8
        case .string(let text): JSON.write(text, to: &out)
        case .array(let values):
            JSON.writeList(values, open: "[", close: "]", to: &out, pretty: pretty, depth: depth) { value, out in
                value.write(to: &out, pretty: pretty, depth: depth + 1)
            }
        case .object(let members):
            JSON.writeList(members, open: "{", close: "}", to: &out, pretty: pretty, depth: depth) { member, out in
                JSON.write(member.key, to: &out)
                out += (pretty ? ": " : ":").utf8
                member.value.write(to: &out, pretty: pretty, depth: depth + 1)
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], open: String, close: String, to out: inout [UInt8], pretty: Bool, depth: Int,
        element write: (Element, inout [UInt8]) -> Void
    ) {
        out += open.utf8
        for (index, element) in elements.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            if pretty { newline(depth + 1, to: &out) }
            write(element, &out)
        }
        if pretty, !elements.isEmpty { newline(depth, to: &out) }
        out += close.utf8
    }

    private static func newline(_ depth: Int, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\n"))
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    private static func write(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var text = text
        let isWritten = text.withUTF8 { bytes in
            if bytes.contains(where: mayNeedEscape) { return false }
            out.append(contentsOf: bytes)
            return true
        }
        if !isWritten { writeEscaped(text, to: &out) }
        out.append(UInt8(ascii: "\""))
    }

    /// Whether a byte is a character that is escaped, or begins one: the line separators begin with 0xE2.
    private static func mayNeedEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F || byte == 0xE2
    }

    private static func writeEscaped(_ text: String, to out: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\"".utf8
            case "\\": out += "\\\\".utf8
            case "\n": out += "\\n".utf8
            case "\r": out += "\\r".utf8
            case "\t": out += "\\t".utf8
            case _
            where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0x2028 || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                out += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
            default: out += UTF8.encode(scalar)!
            }
        }
    }
}
