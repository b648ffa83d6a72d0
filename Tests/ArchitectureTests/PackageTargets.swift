/// The targets of Package.swift with what they depend on, read from its text.
enum PackageTargets {
    static let dependencies: [String: Set<String>] = read(SourceTree.text("Package.swift"))

    /// What is built for libFuzzer alone, behind the list of targets, is no room.
    static func read(_ source: String) -> [String: Set<String>] {
        let targets = source.firstRange(of: "\nif isFuzzing").map { source[..<$0.lowerBound] } ?? source[...]
        let lines = targets.split(separator: "\n").map { line in
            line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
        }
        let text = String(lines.joined(separator: "\n"))
        var found: [String: Set<String>] = [:]
        let call = /\b(?:room|\.target|\.executableTarget|\.systemLibrary)\(\s*(?:name:\s*)?"([^"]+)"/
        for match in text.matches(of: call) {
            let rest = arguments(text[match.range.upperBound...])
            found[String(match.1)] = strings(firstList(rest))
        }
        return found
    }

    /// Up to the parenthesis that closes the call.
    private static func arguments(_ text: Substring) -> Substring {
        var depth = 0
        for index in text.indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" {
                if depth == 0 { return text[..<index] }
                depth -= 1
            }
        }
        return text
    }

    /// The dependencies are the first list; lists under another label are none.
    private static func firstList(_ arguments: Substring) -> Substring {
        guard let open = arguments.firstIndex(of: "["), let close = arguments[open...].firstIndex(of: "]") else {
            return ""
        }
        let label = arguments[..<open].reversed().drop { $0 == " " || $0 == "\n" }
        if label.first == ":", !String(label.reversed()).hasSuffix("dependencies:") { return "" }
        return arguments[open...close]
    }

    private static func strings(_ list: Substring) -> Set<String> {
        Set(list.matches(of: /"([^"]+)"/).map { String($0.1) })
    }
}
