/// `{a,b}` in globs: one text becomes several, as a shell does it. Braces without a comma stand for themselves.
enum BraceExpansion {
    /// More alternatives than this are a mistake; the rest is left out.
    static let limit = 1000

    static func expand(_ text: String) -> [String] {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return [text] }
        var open = [Array(text.unicodeScalars)]
        var done: [String] = []
        while let scalars = open.popLast() {
            if let (before, choices, after) = split(scalars), done.count + open.count + choices.count <= limit {
                for choice in choices.reversed() { open.append(before + choice + after) }
            } else {
                var view = String.UnicodeScalarView()
                view.append(contentsOf: scalars)
                done.append(String(view))
            }
        }
        return done
    }

    /// What stands before the first braces that have a comma, in them, and after them.
    private static func split(
        _ scalars: [Unicode.Scalar]
    ) -> (before: [Unicode.Scalar], choices: [[Unicode.Scalar]], after: [Unicode.Scalar])? {
        var start = 0
        while start < scalars.count {
            if scalars[start] == "\\" {
                start += 2
                continue
            }
            if scalars[start] == "{", let (choices, end) = choices(scalars, from: start + 1), choices.count > 1 {
                return (Array(scalars[..<start]), choices, Array(scalars[end...]))
            }
            start += 1
        }
        return nil
    }

    /// The choices up to the closing brace, and the place after it.
    private static func choices(_ scalars: [Unicode.Scalar], from start: Int) -> ([[Unicode.Scalar]], Int)? {
        var choices: [[Unicode.Scalar]] = [[]]
        var depth = 0
        var index = start
        while index < scalars.count {
            let scalar = scalars[index]
            if scalar == "\\", index + 1 < scalars.count {
                choices[choices.count - 1] += scalars[index...(index + 1)]
                index += 2
                continue
            }
            if scalar == "}", depth == 0 { return (choices, index + 1) }
            if scalar == ",", depth == 0 {
                choices.append([])
            } else {
                if scalar == "{" { depth += 1 }
                if scalar == "}" { depth -= 1 }
                choices[choices.count - 1].append(scalar)
            }
            index += 1
        }
        return nil
    }
}
