import Base
import YAML

/// Reads a text that must have no syntax error.
func read(_ text: String, bounds: YAMLBounds = .standard) throws -> YAMLDocument {
    try YAMLReader.read(Array(text.utf8), file: "f.yaml", bounds: bounds)
}

/// The tree of a text that must have no problem at all.
func tree(_ text: String) throws -> YAMLNode? {
    let document = try read(text)
    if let first = document.diagnostics.all.first { throw first }
    return document.root
}

/// What is wrong with a text, each as `line:column code: message | suggestion`.
func problems(_ text: String, bounds: YAMLBounds = .standard) -> [String] {
    YAMLReader.examine(Array(text.utf8), file: "f.yaml", bounds: bounds).diagnostics.all.map { problem in
        let place = problem.location.map { "\($0.line):\($0.column) " } ?? ""
        return "\(place)\(problem.code): \(problem.message)" + (problem.suggestion.map { " | \($0)" } ?? "")
    }
}

extension YAMLNode {
    /// The values as JSON, for comparison.
    var json: JSON {
        switch value {
        case .reset: .string("!reset")
        case .sequence(let items): .array(items.map(\.json))
        case .mapping(let entries): .object(entries.map { JSON.Member($0.key, $0.value.json) })
        case .scalar(let scalar):
            switch scalar.resolved {
            case .null: .null
            case .bool(let value): .bool(value)
            case .integer(let value): .integer(value)
            case .float(let value): .number(value)
            case .text: .string(scalar.text)
            }
        }
    }
}
