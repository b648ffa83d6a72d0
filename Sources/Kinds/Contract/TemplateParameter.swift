import Base
import ManifestModel
import YAML

/// What a template can be told: one entry of its `parameters`.
struct TemplateParameter: Sendable {
    enum Sort: String, CaseIterable, Sendable { case text, number, list, secret, bool }

    var name: String
    var sort: Sort
    /// Nil: it has no value unless one is given.
    var standard: [Template]?
    var choices: [String]
    var description: String

    /// The variable that it is for commands.
    var variable: String { StepParameters.variable(name) }

    private static let keys = ["type", "default", "choices", "description"]

    init?(_ entry: YAMLEntry, _ diagnostics: inout Diagnostics) {
        func fail(_ message: String, _ location: SourceLocation, _ suggestion: String? = nil) {
            diagnostics.add(Diagnostic(code: "bad-template", message, at: location, suggestion: suggestion))
        }
        name = entry.key
        let node = entry.value
        guard node.entries != nil, let word = node["type"]?.text, let sort = Sort(rawValue: word) else {
            let sorts = Sort.allCases.map(\.rawValue).joined(separator: ", ")
            fail("parameter '\(name)' needs a 'type': one of \(sorts)", node.location)
            return nil
        }
        self.sort = sort
        for key in node.entries ?? [] where !Self.keys.contains(key.key) {
            fail(
                "a parameter has no key '\(key.key)'", key.keyLocation,
                TextDistance.nearest(to: key.key, among: Self.keys).map { "did you mean '\($0)'?" })
        }
        choices = node["choices"]?.items?.compactMap { $0.scalar?.text } ?? []
        description = node["description"]?.text ?? ""
        standard = node["default"].map { value in
            (value.items ?? (value.isAbsent ? [] : [value])).compactMap { $0.interpolated?.template }
        }
    }

    /// What is wrong with a value; nil when it fits, or when it is known only later.
    func problem(with values: [Text]) -> String? {
        guard sort != .list else { return nil }
        guard values.count == 1, let text = values.first?.literal else {
            return values.count > 1 ? "it takes one value, not a list" : nil
        }
        if !choices.isEmpty, !choices.contains(text) {
            return "'\(text)' is not one of \(choices.joined(separator: ", "))"
        }
        switch sort {
        case .number: return Double(text) == nil ? "'\(text)' is no number" : nil
        case .bool: return text == "true" || text == "false" ? nil : "'\(text)' must be true or false"
        case .text, .list, .secret: return nil
        }
    }
}
