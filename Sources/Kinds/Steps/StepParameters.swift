import Base
import ManifestModel
import YAML

/// What `with` gives to a template: checked values, put in where the template says `${with.NAME}` and handed to
/// commands as `WITH_NAME`.
struct StepParameters: Sendable {
    /// In the template's order. A list is several texts.
    private(set) var values: [(name: String, texts: [Text])] = []
    private(set) var diagnostics: [Diagnostic] = []

    init(_ with: YAMLNode?, for template: StepTemplate, named use: String) {
        for entry in with?.entries ?? [] where !template.parameters.contains(where: { $0.name == entry.key }) {
            let names = template.parameters.map(\.name)
            let near = TextDistance.nearest(to: entry.key, among: names)
            diagnostics.append(
                Diagnostic(
                    code: "unknown-parameter", "the template '\(use)' has no parameter '\(entry.key)'",
                    at: entry.keyLocation,
                    suggestion: near.map { "did you mean '\($0)'?" }
                        ?? (names.isEmpty ? "it takes none" : "known: \(names.joined(separator: ", "))")))
        }
        for parameter in template.parameters {
            let given = with?[parameter.name].flatMap { $0.isAbsent ? nil : $0 }
            guard let node = given ?? parameter.standard else { continue }
            if let problem = Self.problem(with: node, as: parameter) {
                diagnostics.append(
                    Diagnostic(code: "bad-parameter", "'\(parameter.name)' \(problem)", at: node.location))
            }
            values.append((parameter.name, (node.items ?? [node]).compactMap(\.interpolatedText)))
        }
    }

    private static func problem(with node: YAMLNode, as parameter: StepTemplate.Parameter) -> String? {
        if parameter.type == "list" {
            let isList = (node.items ?? [node]).allSatisfy { $0.scalar != nil }
            return isList ? nil : "must be a list of texts, not \(node.kindWord)"
        }
        guard let text = node.text else { return "must be a text, not \(node.kindWord)" }
        if text.contains("${") { return nil }
        if !parameter.choices.isEmpty, !parameter.choices.contains(text) {
            return "must be one of \(parameter.choices.joined(separator: ", ")), not '\(text)'"
        }
        switch parameter.type {
        case "bool": return node.bool == nil ? "must be true or false, not '\(text)'" : nil
        case "number": return Double(text) == nil ? "must be a number, not '\(text)'" : nil
        default: return nil
        }
    }

    func texts(_ name: String) -> [Text]? { values.first { $0.name == name }?.texts }

    /// The variable that a parameter is for commands.
    static func variable(_ name: String) -> String {
        "WITH_" + name.uppercased().split(separator: "-", omittingEmptySubsequences: false).joined(separator: "_")
    }

    // MARK: ${with.NAME}

    /// The template's keys with every `${with.NAME}` replaced, commands left alone.
    func apply(to node: YAMLNode, as shape: Shape) -> YAMLNode {
        switch node.value {
        case .mapping(let entries):
            return .mapping(
                entries.map { entry in
                    YAMLEntry(
                        key: entry.key, keyLocation: entry.keyLocation,
                        value: apply(to: entry.value, as: shape.child(entry.key)))
                }, at: node.location)
        case .sequence(let items):
            // A list that stands for a parameter alone takes the parameter's place in the list.
            return .sequence(
                items.flatMap { item in list(item) ?? [apply(to: item, as: shape.element)] }, at: node.location)
        case .scalar(let scalar):
            guard !shape.isLiteral, scalar.text.contains("${"), let template = try? Template(parsing: scalar.text)
            else { return node }
            let text = Template(segments: substitute(template)).source
            return scalar.isPlain ? .plain(text, at: node.location) : .text(text, at: node.location)
        case .reset: return node
        }
    }

    private func list(_ node: YAMLNode) -> [YAMLNode]? {
        guard let text = node.text, let template = try? Template(parsing: text), template.segments.count == 1,
            case .reference(let reference, nil) = template.segments[0], reference.namespace == "with",
            reference.path.count == 2
        else { return nil }
        return (texts(reference.path[1]) ?? []).map { .text($0.template.source, at: node.location) }
    }

    private func substitute(_ template: Template) -> [Template.Segment] {
        template.segments.flatMap { segment -> [Template.Segment] in
            guard case .reference(let reference, let operation) = segment, reference.namespace == "with",
                reference.path.count == 2
            else { return [segment] }
            let texts = texts(reference.path[1]) ?? []
            let value = texts.enumerated().flatMap { index, text -> [Template.Segment] in
                (index > 0 ? [.literal("\n")] : []) + text.template.segments
            }
            guard let operation else { return value }
            switch operation.kind {
            case .fallback: return value.isEmpty ? substitute(operation.operand) : value
            case .replace: return value.isEmpty ? [] : substitute(operation.operand)
            case .require: return value
            }
        }
    }
}
