/// Why a template has no value.
public struct SubstitutionError: Error, Hashable, Sendable {
    /// Why a value could not be filled in.
    public enum Kind: Hashable, Sendable {
        /// No value and no default.
        case unset
        /// `${X:?message}`: the author's own message.
        case required(String)
        /// The reference names nothing that the manifest has.
        case unknown(String)
        /// There is no value yet: known only later, or a person must be asked.
        case notYet(String)
    }

    public var name: String
    public var kind: Kind

    public init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    public var message: String {
        switch kind {
        case .unset: "\(name) is not set and has no default; set it, or write ${\(name):-default}"
        case .required(let message):
            "required variable \(name) is missing a value" + (message.isEmpty ? "" : ": \(message)")
        case .unknown(let message), .notYet(let message): message
        }
    }
}

/// What a name stands for.
public enum Lookup: Hashable, Sendable {
    case value(String)
    /// A value that no output may show.
    case secret(String)
    /// Nothing of that name: defaults apply.
    case missing
    /// Known only later: the template keeps it.
    case later
    case failure(SubstitutionError.Kind)
}

/// Where names are looked up.
public struct Scope: Sendable {
    public var variable: @Sendable (String) -> Lookup
    public var reference: @Sendable (Reference) -> Lookup

    public init(
        variable: @escaping @Sendable (String) -> Lookup, reference: @escaping @Sendable (Reference) -> Lookup
    ) {
        self.variable = variable
        self.reference = reference
    }
}

/// A text with all looked up that could be.
public struct Substituted: Hashable, Sendable {
    public var template: Template
    public var isSecret: Bool

    /// The text, once nothing is left for later.
    public var text: String? { template.literal }
}

extension Template {
    /// Puts in what the scope knows; what is known only later stays.
    public func substituting(_ scope: Scope) throws(SubstitutionError) -> Substituted {
        var segments: [Segment] = []
        var isSecret = false
        for segment in self.segments {
            switch segment {
            case .literal: segments.append(segment)
            case .variable(let name, let operation):
                let part = try resolve(segment, name: name, found: scope.variable(name), operation: operation, scope)
                segments += part.template.segments
                isSecret = isSecret || part.isSecret
            case .reference(let reference, let operation):
                let part = try resolve(
                    segment, name: reference.description, found: scope.reference(reference), operation: operation,
                    scope)
                segments += part.template.segments
                isSecret = isSecret || part.isSecret
            }
        }
        return Substituted(template: Template(segments: segments), isSecret: isSecret)
    }

    private func resolve(
        _ segment: Segment, name: String, found: Lookup, operation: Operation?, _ scope: Scope
    ) throws(SubstitutionError) -> Substituted {
        let value: String?
        var isSecret = false
        switch found {
        case .later: return Substituted(template: Template(segments: [segment]), isSecret: false)
        case .failure(let kind): throw SubstitutionError(name: name, kind: kind)
        case .missing: value = nil
        case .value(let text): value = text
        case .secret(let text):
            value = text
            isSecret = true
        }
        let own = Substituted(template: Template(literal: value ?? ""), isSecret: isSecret)
        guard let operation else {
            if value == nil { throw SubstitutionError(name: name, kind: .unset) }
            return own
        }
        let isMissing = value == nil || (operation.emptyIsMissing && value == "")
        switch (operation.kind, isMissing) {
        case (.fallback, false), (.require, false): return own
        case (.fallback, true), (.replace, false): return try operation.operand.substituting(scope)
        case (.replace, true): return Substituted(template: Template(literal: ""), isSecret: false)
        case (.require, true):
            let message = try operation.operand.substituting(scope).text ?? operation.operand.source
            throw SubstitutionError(name: name, kind: .required(message))
        }
    }
}
