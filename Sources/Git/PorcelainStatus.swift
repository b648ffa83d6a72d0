extension CheckoutState {
    /// Reads `git status --porcelain=v2 --branch -z`.
    init(porcelain output: [UInt8]) {
        self.init()
        var isOldName = false
        for record in output.split(separator: 0) {
            // A renamed file is followed by a record with its old name.
            if isOldName { isOldName = false; continue }
            let line = String(decoding: record, as: UTF8.self)
            switch record.first {
            case UInt8(ascii: "#"): takeHeader(line.split(separator: " ").map(String.init))
            case UInt8(ascii: "1"): changed += 1
            case UInt8(ascii: "2"):
                changed += 1
                isOldName = true
            case UInt8(ascii: "u"): conflicts += 1
            case UInt8(ascii: "?"): untracked += 1
            default: break
            }
        }
    }

    private mutating func takeHeader(_ words: [String]) {
        guard words.count >= 3 else { return }
        switch words[1] {
        case "branch.oid": commit = words[2] == "(initial)" ? nil : words[2]
        case "branch.head": branch = words[2] == "(detached)" ? nil : words[2]
        case "branch.upstream": upstream = words[2]
        case "branch.ab" where words.count >= 4:
            ahead = Int(words[2].dropFirst()) ?? 0
            behind = Int(words[3].dropFirst()) ?? 0
        default: break
        }
    }
}
