extension DotenvDocument {
    /// What the bytes of a value mean to the dialects' common ground.
    static func decoded(_ raw: ArraySlice<UInt8>, _ quoting: DotenvQuoting) -> String {
        guard quoting != .bare else { return String(decoding: raw, as: UTF8.self) }
        let content = raw.dropFirst().dropLast()
        guard quoting != .backtick else { return String(decoding: content, as: UTF8.self) }
        var result: [UInt8] = []
        var index = content.startIndex
        while index < content.endIndex {
            let next = index + 1 < content.endIndex ? content[index + 1] : 0
            guard content[index] == UInt8(ascii: "\\"), let byte = escape(next, quoting) else {
                result.append(content[index])
                index += 1
                continue
            }
            result.append(byte)
            index += 2
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func escape(_ code: UInt8, _ quoting: DotenvQuoting) -> UInt8? {
        if quoting == .single { return code == UInt8(ascii: "'") ? code : nil }
        switch code {
        case UInt8(ascii: "n"): return UInt8(ascii: "\n")
        case UInt8(ascii: "r"): return UInt8(ascii: "\r")
        case UInt8(ascii: "t"): return UInt8(ascii: "\t")
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"): return code
        default: return nil
        }
    }
}
