public import YAML
import Base

/// A command of the manifest: a text for a shell, or an argument vector. Never interpolated.
public enum CommandText: Hashable, Sendable {
    case shell(String)
    case arguments([String])

    /// A text or a list of texts; nil for anything else.
    public init?(_ node: YAMLNode) {
        if let items = node.items {
            let words = items.compactMap { $0.scalar?.text }
            guard words.count == items.count, !words.isEmpty else { return nil }
            self = .arguments(words)
        } else if let text = node.text, !text.isEmpty {
            self = .shell(text)
        } else {
            return nil
        }
    }

    /// The words to start: a text goes to `sh -eu -c`, or to bash with `pipefail`.
    public func arguments(shell: [String] = ["sh", "-eu", "-c"]) -> [String] {
        switch self {
        case .shell(let text): shell + [text]
        case .arguments(let words): words
        }
    }

    /// What is approved: words stand as a list, because a text of the same words would be another command.
    public var approvalText: String {
        switch self {
        case .shell(let text): text
        case .arguments(let words): JSON.array(words.map { .string($0) }).text(pretty: false)
        }
    }

    /// The same as a person would write it.
    public var description: String {
        switch self {
        case .shell(let text): text
        case .arguments(let words): words.map { $0.contains(" ") || $0.isEmpty ? "'\($0)'" : $0 }.joined(separator: " ")
        }
    }
}

/// The shells that `shell` may name.
public enum ShellChoice {
    /// The words before the command's text (manifest, "run"): a failing command ends the script.
    public static func arguments(_ name: String) -> [String] {
        name == "bash" ? ["bash", "-eu", "-o", "pipefail", "-c"] : ["sh", "-eu", "-c"]
    }
}
