/// What a tool printed, made plain.
enum ToolOutput {
    /// Without terminal sequences and without lines in which a runtime talks about itself; lines end in LF.
    static func plain(_ output: String) -> String {
        var kept: [Substring] = []
        let text = withoutControls(output)
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let line = Substring(line)
            if !isNotice(line) { kept.append(line) }
        }
        return kept.joined(separator: "\n")
    }

    /// Lines that come before the version or instead of it, and often hold numbers of their own.
    private static func isNotice(_ line: Substring) -> Bool {
        let lower = line.lowercased()
        let start = lower.drop { $0 == " " || $0 == "\t" }
        let beginnings = ["picked up ", "note:", "notice:", "warn", "npm warn", "npm notice", "deprecat"]
        return beginnings.contains { start.hasPrefix($0) } || lower.contains("warning:")
    }

    /// Removes ANSI sequences (ECMA-48: CSI to its final byte, OSC to BEL or ST, other escapes with one byte) and
    /// other control characters; CR becomes LF, since a progress line is overwritten by it.
    private static func withoutControls(_ output: String) -> String {
        var bytes: [UInt8] = []
        var rest = output.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x1B: skipSequence(&rest)
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: " "))
            case 0..<0x20, 0x7F: continue
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func skipSequence(_ rest: inout Substring.UTF8View) {
        switch rest.popFirst() {
        case UInt8(ascii: "["):
            while let byte = rest.popFirst(), !(0x40...0x7E).contains(byte) {}
        case UInt8(ascii: "]"):
            while let byte = rest.popFirst() {
                if byte == 0x07 { return }
                if byte == 0x1B { _ = rest.popFirst(); return }
            }
        case UInt8(ascii: "("), UInt8(ascii: ")"): _ = rest.popFirst()
        default: return
        }
    }
}
