import Base
import ManifestModel
import YAML

/// A template's parameters with their values for one service. Binding puts them into texts: `${with.NAME}` becomes
/// the value, with what it refers to itself; `${self.…}` becomes a reference to the service.
struct TemplateBinding: Sendable {
    let service: String
    /// A list for each parameter that has a value; one entry where it is no list.
    private var values: [String: [Template]] = [:]
    private var lists: Set<String> = []
    private let known: [String]

    /// A text that can't be bound, and why.
    struct Failure: Error {
        var message: String
    }

    /// Binds `with`, defaults for the rest. Problems are reported where the value stands.
    init(_ declaration: ServiceDeclaration, _ parameters: [TemplateParameter], _ reading: inout Reading) {
        service = declaration.name
        known = parameters.map(\.name)
        var given: [String: [Text]] = [:]
        for (name, location, texts) in declaration.with {
            guard let parameter = parameters.first(where: { $0.name == name }) else {
                let near = TextDistance.nearest(to: name, among: known)
                reading.report(
                    "unknown-parameter", "the template of '\(service)' has no parameter '\(name)'", at: location,
                    suggestion: near.map { "did you mean '\($0)'?" }
                        ?? (known.isEmpty ? "it has none" : "its parameters: \(known.joined(separator: ", "))"))
                continue
            }
            if let problem = parameter.problem(with: texts) {
                reading.report("bad-value", "parameter '\(name)': \(problem)", at: texts.first?.location ?? location)
                continue
            }
            if !texts.isEmpty { given[name] = texts }
        }
        for parameter in parameters {
            if parameter.sort == .list { lists.insert(parameter.name) }
            if let texts = given[parameter.name] {
                values[parameter.name] = texts.map(\.template)
            } else if let standard = parameter.standard {
                // A default may use parameters that stand before it.
                values[parameter.name] = standard.map { (try? bind($0)) ?? $0 }
            }
        }
    }

    /// Without a template: only `self` is known.
    init(service: String) {
        self.service = service
        known = []
    }

    /// The items of a list parameter.
    func items(of name: String) -> [Template] { values[name] ?? [] }

    /// Nil when the text is nothing but a parameter that has no value: its entry is left out.
    func bind(_ template: Template, item: Template? = nil, encoding: Bool = false) throws(Failure) -> Template? {
        if template.segments.count == 1, case .reference(let reference, nil) = template.segments[0],
            reference.namespace == "with", try value(of: reference, item) == nil
        {
            return nil
        }
        var segments: [Template.Segment] = []
        for segment in template.segments {
            switch segment {
            case .literal: segments.append(segment)
            case .variable(let name, _):
                throw Failure(message: "a template knows no variable ${\(name)}; give it a parameter")
            case .reference(let reference, let operation):
                segments += try bind(reference, operation, item, encoding)
            }
        }
        return Template(segments: segments)
    }

    private func bind(
        _ reference: Reference, _ operation: Template.Operation?, _ item: Template?, _ encoding: Bool
    ) throws(Failure) -> [Template.Segment] {
        if reference.namespace == "with" { return try value(reference, operation, item, encoding) }
        var bound = operation
        if let operand = operation?.operand {
            bound?.operand = try bind(operand, item: item, encoding: encoding) ?? Template(literal: "")
        }
        guard reference.namespace == "self" else { return [.reference(reference, operation: bound)] }
        return [.reference(Reference(path: ["services", service] + reference.path.dropFirst()), operation: bound)]
    }

    /// A parameter's value, or what its operator makes of it. The operand is bound only where it counts: it may
    /// refer to parameters that have no value.
    private func value(
        _ reference: Reference, _ operation: Template.Operation?, _ item: Template?, _ encoding: Bool
    ) throws(Failure) -> [Template.Segment] {
        func operand() throws(Failure) -> [Template.Segment] {
            guard let operand = operation?.operand else { return [] }
            return try bind(operand, item: item, encoding: encoding)?.segments ?? []
        }
        let found = try value(of: reference, item)
        let isMissing = found == nil || (operation?.emptyIsMissing == true && found?.literal == "")
        switch operation?.kind {
        case .fallback where isMissing: return try operand()
        case .replace: return isMissing ? [] : try operand()
        case .require where isMissing:
            throw Failure(message: "\(reference) is missing a value: \(operation?.operand.source ?? "")")
        default: break
        }
        guard let found else { throw Failure(message: "\(reference) has no value and no default") }
        return encoding ? found.segments.map { $0.encoded } : found.segments
    }

    /// The value; a list's items are joined by newlines, `first` is its first.
    private func value(of reference: Reference, _ item: Template?) throws(Failure) -> Template? {
        let path = reference.path
        if path == ["with", "item"], let item { return item }
        guard path.count == 2 || (path.count == 3 && path[2] == "first"), known.contains(path[1]) else {
            let near = path.count > 1 ? TextDistance.nearest(to: path[1], among: known) : nil
            throw Failure(
                message: "\(reference): the template has no such parameter"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""))
        }
        guard let values = values[path[1]], !values.isEmpty else { return nil }
        if path.count == 3 { return values[0] }
        guard lists.contains(path[1]) else { return values[0] }
        var joined: [Template.Segment] = []
        for value in values { joined += (joined.isEmpty ? [] : [.literal("\n")]) + value.segments }
        return Template(segments: joined)
    }

    /// A tree with every text bound; what has no value is left out. Problems carry the text's place.
    func bind(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> YAMLNode? {
        switch node.value {
        case .mapping(let entries):
            return .mapping(
                entries.compactMap { entry in
                    bind(entry.value, &diagnostics).map {
                        YAMLEntry(key: entry.key, keyLocation: entry.keyLocation, value: $0)
                    }
                }, at: node.location)
        case .sequence(let items):
            return .sequence(items.flatMap { self.items(in: $0, &diagnostics) }, at: node.location)
        case .scalar(let scalar):
            guard scalar.text.utf8.contains(UInt8(ascii: "$")) else { return node }
            do throws(Failure) {
                guard let template = try? Template(parsing: scalar.text) else {
                    throw Failure(message: "'\(scalar.text)' can't be read; a '$' that stands for itself is written $$")
                }
                return try bind(template).map { .text($0.source, at: node.location) }
            } catch {
                diagnostics.add(Diagnostic(code: "bad-template", error.message, at: node.location))
                return node
            }
        case .reset: return node
        }
    }

    /// An item that is nothing but a list parameter stands for all its items.
    private func items(in node: YAMLNode, _ diagnostics: inout Diagnostics) -> [YAMLNode] {
        if let text = node.interpolated?.template, text.segments.count == 1,
            case .reference(let reference, nil) = text.segments[0], reference.path.count == 2,
            reference.namespace == "with", lists.contains(reference.path[1])
        {
            return items(of: reference.path[1]).map { .text($0.source, at: node.location) }
        }
        return bind(node, &diagnostics).map { [$0] } ?? []
    }
}
