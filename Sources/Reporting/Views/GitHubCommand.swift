/// A workflow command of GitHub Actions: a line that its runner acts on
/// (docs.github.com, "Workflow commands for GitHub Actions").
enum GitHubCommand {
    case error(title: String, String)
    case group(String)
    case endGroup

    var text: String {
        switch self {
        case .error(let title, let message):
            "::error title=\(Self.escaped(title, isProperty: true))::\(Self.escaped(message))"
        case .group(let title): "::group::\(Self.escaped(title))"
        case .endGroup: "::endgroup::"
        }
    }

    /// Output of a step, so that it can't command the runner. The old form `##[…]` is read anywhere in a line;
    /// the new one only at its start, where our prefix stands.
    static func guarded(_ output: String) -> String {
        var result = ""
        var isHash = false
        for character in output {
            if isHash, character == "[" { result.append(" ") }
            isHash = character == "#"
            result.append(character)
        }
        return result
    }

    private static func escaped(_ text: String, isProperty: Bool = false) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": result += "%25"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            case ":" where isProperty: result += "%3A"
            case "," where isProperty: result += "%2C"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: break
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
