public import Base
import Execution
import ManifestModel
import Secrets
public import YAML

/// The manifest's tree with everything filled in that can be without running anything; secrets are masked.
public struct ResolvedTree: Sendable {
    private let workspace: Workspace
    private let values: Values

    public init(workspace: Workspace, values: Values) {
        self.workspace = workspace
        self.values = values
    }

    public var tree: YAMLNode { resolve(workspace.manifest.tree, as: .object(Registry.shape.object)) }

    private func resolve(_ node: YAMLNode, as shape: Shape) -> YAMLNode {
        switch node.value {
        case .mapping(let entries):
            return .mapping(
                entries.map { entry in
                    YAMLEntry(
                        key: entry.key, keyLocation: entry.keyLocation,
                        value: resolve(entry.value, as: shape.child(entry.key)))
                }, at: node.location)
        case .sequence(let items):
            return .sequence(items.map { resolve($0, as: shape.element) }, at: node.location)
        case .scalar(let scalar):
            guard !shape.isLiteral, scalar.text.contains("$"), let template = try? Template(parsing: scalar.text) else {
                let text = URLPassword.masked(scalar.text)
                return shape.isText && !node.isAbsent || text != scalar.text ? .text(text, at: node.location) : node
            }
            let text = URLPassword.masked(text(of: template))
            return scalar.isPlain && !shape.isText ? .plain(text, at: node.location) : .text(text, at: node.location)
        case .reset: return node
        }
    }

    /// What stays open is shown as it is written.
    private func text(of template: Template) -> String {
        let scope = workspace.scope(values)
        let masked = Scope(
            variable: scope.variable,
            reference: { reference in
                if reference.namespace == "secrets" { return .value("***") }
                switch scope.reference(reference) {
                case .secret: return .value("***")
                case .missing, .failure: return .later
                case let found: return found
                }
            })
        let result = try? template.substituting(masked)
        return result?.text ?? result?.template.source ?? template.source
    }
}

extension Shape {
    /// The shape of what is in a list of this shape.
    var element: Shape {
        switch self {
        case .list(let element): element
        case .either(let shapes):
            shapes.compactMap { if case .list(let element) = $0 { element } else { nil } }.first ?? self
        default: self
        }
    }

    /// Whether a scalar here is a text as it is written, whatever it looks like: `3.10`.
    var isText: Bool {
        switch self {
        case .text, .literal, .choice: true
        case .list(let element): element.isText
        case .either(let shapes):
            shapes.contains(where: \.isText)
                && !shapes.contains {
                    switch $0 {
                    case .boolean, .integer, .number, .anything: true
                    default: false
                    }
                }
        default: false
        }
    }

    /// Whether texts here are never interpolated.
    var isLiteral: Bool {
        switch self {
        case .literal: true
        case .list(let element): element.isLiteral
        case .either(let shapes): shapes.allSatisfy(\.isLiteral)
        default: false
        }
    }
}

extension YAMLNode {
    /// The same as JSON, scalars by the core schema.
    public var json: JSON {
        switch value {
        case .mapping(let entries): .object(entries.map { JSON.Member($0.key, $0.value.json) })
        case .sequence(let items): .array(items.map(\.json))
        case .reset: .null
        case .scalar(let scalar):
            switch scalar.resolved {
            case .null: .null
            case .bool(let value): .bool(value)
            case .integer(let number): .integer(number)
            case .float(let number): .number(number)
            case .text: .string(scalar.text)
            }
        }
    }
}
