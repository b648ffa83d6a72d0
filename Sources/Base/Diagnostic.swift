/// One problem found in what the user wrote: where, what, and how to mend it.
///
/// `code` is a stable word for programs (`unknown-key`), `message` is a sentence for people.
public struct Diagnostic: Error, Hashable, Sendable {
    /// How bad it is; only errors stop a command.
    public enum Severity: String, Sendable { case error, warning, note }

    public var severity: Severity
    public var code: String
    public var message: String
    /// Where it stands; nil when the problem is in no file.
    public var location: SourceLocation?
    /// What to do next, in one sentence; nil when the message says it.
    public var suggestion: String?

    public init(
        _ severity: Severity = .error, code: String, _ message: String, at location: SourceLocation? = nil,
        suggestion: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.location = location
        self.suggestion = suggestion
    }
}

/// Gathers problems, so that one pass reports them all.
public struct Diagnostics: Error, Sendable {
    public private(set) var all: [Diagnostic] = []

    public init(_ all: [Diagnostic] = []) { self.all = all }

    public var hasErrors: Bool { all.contains { $0.severity == .error } }
    public var isEmpty: Bool { all.isEmpty }

    /// Adds a problem; the same one twice shows once.
    public mutating func add(_ diagnostic: Diagnostic) { all.append(diagnostic) }
    /// Adds all of another list.
    public mutating func add(contentsOf other: Diagnostics) { all.append(contentsOf: other.all) }

    /// Ordered by file, line and column, each problem once; those in no file come first.
    public var sorted: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return all.filter { seen.insert($0).inserted }.enumerated().sorted { left, right in
            switch (left.element.location, right.element.location) {
            case (let first?, let second?): first == second ? left.offset < right.offset : first < second
            case (nil, nil): left.offset < right.offset
            case (nil, _): true
            case (_, nil): false
            }
        }.map(\.element)
    }
}
