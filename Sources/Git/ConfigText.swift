/// The few things that are read straight from a git configuration file: `remote.NAME.url`.
///
/// Not a full reader: `include` is not followed, for what is asked here stands in the repository's own file.
enum ConfigText {
    /// Name → first URL.
    static func remotes(_ bytes: [UInt8]) -> [String: String] {
        var all: [String: String] = [:]
        var section: String?
        for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let line = trimmed(line)
            guard let first = line.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";") else { continue }
            if first == UInt8(ascii: "[") {
                section = remoteName(line)
            } else if let section, all[section] == nil, let value = value(of: "url", in: line) {
                all[section] = value
            }
        }
        return all
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while line.first == 0x20 || line.first == 0x09 { line.removeFirst() }
        while line.last == 0x20 || line.last == 0x09 { line.removeLast() }
        return line
    }

    /// The name in `[remote "NAME"]`; nil for another section.
    private static func remoteName(_ line: ArraySlice<UInt8>) -> String? {
        let head = line.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
        guard String(decoding: trimmed(head), as: UTF8.self).lowercased() == "remote",
            let open = line.firstIndex(of: UInt8(ascii: "\"")), let close = line.lastIndex(of: UInt8(ascii: "\"")),
            open < close
        else { return nil }
        return unescaped(line[(open + 1)..<close])
    }

    private static func value(of key: String, in line: ArraySlice<UInt8>) -> String? {
        guard let equals = line.firstIndex(of: UInt8(ascii: "=")),
            String(decoding: trimmed(line[..<equals]), as: UTF8.self).lowercased() == key
        else { return nil }
        var rest = trimmed(line[(equals + 1)...])
        if rest.first == UInt8(ascii: "\""), let close = rest.dropFirst().lastIndex(of: UInt8(ascii: "\"")) {
            rest = rest[(rest.startIndex + 1)..<close]
        }
        return unescaped(rest)
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
        var out: [UInt8] = []
        var isEscaped = false
        for byte in bytes {
            if byte == UInt8(ascii: "\\"), !isEscaped { isEscaped = true; continue }
            out.append(byte)
            isEscaped = false
        }
        return String(decoding: out, as: UTF8.self)
    }
}
