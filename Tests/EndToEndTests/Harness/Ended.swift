import Base
import HostInterfaces
import Testing

/// A call that has ended: what it said and how.
struct Ended: Sendable {
    /// As a shell counts: 128 and the number of a signal.
    let status: Int32
    let stdout: String
    let stderr: String
    let seconds: Double
    let words: String
    let isTimedOut: Bool

    /// Paths of the workspace are written `<root>` and `<folder>`, so that tests can state them.
    init(_ result: ProcessResult, root: Path, folder: Path, words: String) {
        func stated(_ text: String) -> String {
            text.replacing(root.text, with: "<root>").replacing(folder.text, with: "<folder>")
        }
        switch result.end {
        case .exited(let status): self.status = status
        case .signalled(let signal): status = 128 + signal
        case .timedOut, .cancelled: status = -1
        }
        isTimedOut = result.end == .timedOut
        stdout = stated(result.text)
        stderr = stated(result.errorText)
        seconds = result.seconds
        self.words = words
    }

    /// States how the call ended and what it said; `…` stands for any text, an absent stream is not looked at.
    @discardableResult
    func expect(
        stdout: String? = nil, stderr: String? = nil, status: Int32,
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) -> Ended {
        if isTimedOut { Issue.record("\(self)\nwas ended because it took too long", sourceLocation: sourceLocation) }
        if self.status != status {
            Issue.record("status \(self.status) instead of \(status)\n\(self)", sourceLocation: sourceLocation)
        }
        for (name, text, pattern) in [("stdout", self.stdout, stdout), ("stderr", self.stderr, stderr)] {
            guard let pattern, !Pattern(pattern).matches(text) else { continue }
            Issue.record("\(name) is not\n\(pattern)\n\(self)", sourceLocation: sourceLocation)
        }
        return self
    }

    /// The one document on standard output.
    func json(sourceLocation: Testing.SourceLocation = #_sourceLocation) throws -> JSON {
        do { return try JSON(parsing: stdout) } catch {
            Issue.record("standard output is not one JSON document: \(error)\n\(self)", sourceLocation: sourceLocation)
            throw error
        }
    }

    /// What a member of each of the nodes, checks or problems says, by id.
    func members(_ list: String, by key: String = "id", _ member: String) throws -> [String: String] {
        var found: [String: String] = [:]
        for item in try json()[list]?.array ?? [] { found[item[key]?.string ?? ""] = item[member]?.string }
        return found
    }
}

extension Ended: CustomStringConvertible {
    var description: String { "--- devinit \(words): \(status)\n--- stdout\n\(stdout)\n--- stderr\n\(stderr)\n---" }
}

/// Text in which `…` stands for anything, also over lines. A newline at the end does not count.
struct Pattern {
    private let parts: [Substring]

    init(_ text: String) { parts = Self.trimmed(text).split(separator: "…", omittingEmptySubsequences: false) }

    func matches(_ text: String) -> Bool {
        var rest = Self.trimmed(text)[...]
        guard let first = parts.first, rest.hasPrefix(first) else { return false }
        if parts.count == 1 { return rest == first }
        rest = rest.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }

    private static func trimmed(_ text: String) -> String { text.hasSuffix("\n") ? String(text.dropLast()) : text }
}

extension JSON {
    /// A member of an array; nil where there is none.
    subscript(index: Int) -> JSON? { array.flatMap { $0.indices.contains(index) ? $0[index] : nil } }
}
