/// A text with `${…}` in it, taken apart once: what the Compose specification calls interpolation
/// (compose-spec, "Interpolation"), with dotted references of our own.
public struct Template: Hashable, Sendable {
    /// A piece of the text.
    public indirect enum Segment: Hashable, Sendable {
        case literal(String)
        /// `$NAME` or `${NAME…}`: a variable of the manifest or of the process environment.
        case variable(name: String, operation: Operation?)
        /// `${a.b.c…}`: something that the manifest knows.
        case reference(Reference, operation: Operation?)
    }

    /// What follows a name inside the braces.
    public struct Operation: Hashable, Sendable {
        /// The operators of the Compose specification's interpolation.
        public enum Kind: String, Hashable, Sendable {
            /// Use the operand instead of a missing value.
            case fallback = "-"
            /// Fail with the operand as the message when the value is missing.
            case require = "?"
            /// Use the operand where there is a value, nothing where it is missing.
            case replace = "+"
        }

        public var kind: Kind
        /// With a colon an empty value counts as missing.
        public var emptyIsMissing: Bool
        public var operand: Template
    }

    /// Nearly every text is one literal, which needs no list around it.
    private enum Form: Hashable, Sendable {
        case literal(String)
        case segments([Segment])

        init(_ segments: [Segment]) {
            if segments.isEmpty {
                self = .literal("")
            } else if segments.count == 1, case .literal(let text) = segments[0] {
                self = .literal(text)
            } else {
                self = .segments(segments)
            }
        }
    }

    private var form: Form

    public var segments: [Segment] {
        get {
            switch form {
            case .literal(let text): text.isEmpty ? [] : [.literal(text)]
            case .segments(let segments): segments
            }
        }
        set { form = Form(newValue) }
    }

    /// Neighbouring literals become one.
    public init(segments: [Segment]) {
        var joined: [Segment] = []
        for segment in segments {
            if case .literal(let next) = segment, case .literal(let last)? = joined.last {
                joined[joined.count - 1] = .literal(last + next)
            } else if segment != .literal("") {
                joined.append(segment)
            }
        }
        form = Form(joined)
    }

    /// A text that stands for itself, whatever it holds.
    public init(literal text: String) { form = .literal(text) }

    /// The text when nothing in it has to be looked up; nil otherwise.
    public var literal: String? {
        switch form {
        case .literal(let text): return text
        case .segments(let segments):
            var text = ""
            for segment in segments {
                guard case .literal(let part) = segment else { return nil }
                text += part
            }
            return text
        }
    }

    /// Every dotted reference in it, operands included.
    public var references: [Reference] {
        if literal != nil { return [] }
        return segments.flatMap { segment -> [Reference] in
            switch segment {
            case .literal: []
            case .variable(_, let operation): operation?.operand.references ?? []
            case .reference(let reference, let operation): [reference] + (operation?.operand.references ?? [])
            }
        }
    }

    /// Every variable name in it, operands included.
    public var variables: [String] {
        segments.flatMap { segment -> [String] in
            switch segment {
            case .literal: []
            case .variable(let name, let operation): [name] + (operation?.operand.variables ?? [])
            case .reference(_, let operation): operation?.operand.variables ?? []
            }
        }
    }

    /// The text form: reading it again gives the same template.
    public var source: String { source(insideBraces: false) }

    private func source(insideBraces: Bool) -> String {
        segments.map { segment in
            switch segment {
            case .literal(let text):
                text.split(separator: "$", omittingEmptySubsequences: false).joined(separator: "$$")
            case .variable(let name, let operation): "${\(name)\(operation?.source ?? "")}"
            case .reference(let reference, let operation): "${\(reference)\(operation?.source ?? "")}"
            }
        }.joined()
    }
}

extension Template.Operation {
    var source: String { (emptyIsMissing ? ":" : "") + kind.rawValue + operand.source }
}

/// A dotted name: `services.postgres.url.app` is the namespace `services` and the path after it.
public struct Reference: Hashable, Sendable, CustomStringConvertible {
    public var path: [String]

    public init(path: [String]) { self.path = path }

    public var namespace: String { path[0] }
    public var description: String { path.joined(separator: ".") }
}
