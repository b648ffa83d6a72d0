import Base
import YAML

/// Puts what is known at load time into every text that is interpolated. What is known only later (a port, a
/// secret, an answer that nobody gave yet) stays in the text as `${…}`.
struct Interpolating {
    let scope: Scope
    var diagnostics = Diagnostics()

    mutating func apply(to node: YAMLNode, as shape: Shape) -> YAMLNode {
        switch shape {
        case .literal: return node
        case .list(let element):
            guard case .sequence(let items) = node.value else { return apply(to: node, as: element) }
            return node.with(.sequence(items.map { apply(to: $0, as: element) }))
        case .either(let shapes):
            // A number or a flag may come out of a variable, so a text is interpolated unless only commands fit.
            let chosen = shapes.first { $0.accepts(node) } ?? .text(.plain)
            return apply(to: node, as: chosen)
        case .text, .boolean, .integer, .number, .choice, .object, .map, .anything:
            switch node.value {
            case .mapping(let entries):
                return node.with(.mapping(entries.map { $0.with(apply(to: $0.value, as: shape.child($0.key))) }))
            case .sequence(let items):
                return node.with(.sequence(items.map { apply(to: $0, as: .anything(composed: false)) }))
            case .scalar(let scalar): return interpolate(scalar, node)
            default: return node
            }
        }
    }

    /// Whether a node on its own, without what is in it, holds something to look up.
    static func mayChange(_ node: YAMLNode) -> Bool {
        guard case .scalar(let scalar) = node.value else { return false }
        return scalar.text.utf8.contains(UInt8(ascii: "$"))
    }

    private mutating func interpolate(_ scalar: YAMLScalar, _ node: YAMLNode) -> YAMLNode {
        guard Self.mayChange(node) else { return node }
        do {
            let template = try Template(parsing: scalar.text)
            let result = try template.substituting(scope).template
            return scalar.isPlain
                ? .plain(result.source, at: node.location) : .text(result.source, at: node.location)
        } catch let error as TemplateError {
            diagnostics.add(
                Diagnostic(
                    code: "bad-interpolation", error.message, at: node.location, suggestion: "In: \(scalar.text)"))
        } catch let error as SubstitutionError {
            diagnostics.add(Diagnostic(code: error.code, error.message, at: node.location))
        } catch {}
        return node
    }
}

extension SubstitutionError {
    /// The stable word for programs.
    public var code: String {
        switch kind {
        case .unset: "unset-variable"
        case .required: "required-variable"
        case .unknown: "unknown-reference"
        case .notYet: "not-yet-known"
        }
    }
}
