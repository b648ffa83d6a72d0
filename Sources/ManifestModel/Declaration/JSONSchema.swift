public import Base
import YAML

/// The manifest's shape as a JSON Schema (draft 2020-12), for editors.
public enum JSONSchema {
    /// The schema of a whole manifest (JSON Schema 2020-12).
    public static func document(_ shape: ManifestShape) -> JSON {
        let members: [JSON.Member] = [
            JSON.Member("$schema", "https://json-schema.org/draft/2020-12/schema"),
            JSON.Member("title", "devinit manifest"),
        ]
        return .object(members + (object(shape.object).object ?? []))
    }

    /// A reference may stand wherever a value is interpolated, so everything but texts also takes one.
    private static let reference: JSON = ["type": "string", "pattern": "\\$"]

    static func schema(_ shape: Shape) -> JSON {
        switch shape {
        case .text(let format): text(format, isInterpolated: true)
        case .literal(let format): text(format, isInterpolated: false)
        case .boolean: anyOf([["type": "boolean"], reference])
        case .integer(let range): anyOf([integer(range), reference])
        case .number: anyOf([["type": "number"], reference])
        case .choice(let choices): anyOf([["enum": .array(choices.map { .string($0) })], reference])
        case .list(let element): list(schema(element))
        case .map(let element, let names, let special): map(element, names, special)
        case .object(let shape): shape.hasShortForm ? anyOf([object(shape), scalar, ["type": "array"]]) : object(shape)
        case .either(let shapes): anyOf(shapes.map(schema))
        case .anything: true
        }
    }

    private static let scalar: JSON = ["type": ["string", "number", "boolean"]]

    /// YAML reads `version: 16` as a number, and a text field takes it as it is written.
    private static func text(_ format: TextFormat, isInterpolated: Bool) -> JSON {
        let pattern: String? =
            switch format {
            case .duration: "^([0-9]+(ms|s|m|h|d))+$"
            case .size: "^[0-9.]+(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$"
            case .mode: "^(0o)?[0-7]{3,4}$"
            case .port: "^(auto|[0-9]{1,5})(:[0-9]{1,5})?(/(tcp|udp))?$"
            case .plain, .range, .pattern: nil
            }
        guard let pattern else { return ["type": ["string", "number", "boolean", "null"]] }
        let own: JSON = ["type": "string", "pattern": .string(isInterpolated ? "(\(pattern))|\\$" : pattern)]
        return anyOf([own, ["type": "integer"]])
    }

    private static func integer(_ range: ClosedRange<Int>) -> JSON {
        var members: [JSON.Member] = [
            JSON.Member("type", "integer"), JSON.Member("minimum", .integer(range.lowerBound)),
        ]
        if range.upperBound < Int.max { members.append(JSON.Member("maximum", .integer(range.upperBound))) }
        return .object(members)
    }

    private static func list(_ element: JSON) -> JSON {
        anyOf([["type": "array", "items": element], element])
    }

    private static func map(_ element: Shape, _ names: NameRule, _ special: [KeySpec]) -> JSON {
        let pattern: String? =
            switch names {
            case .anything: nil
            case .node: "^[A-Za-z0-9_][A-Za-z0-9_-]*$"
            case .variable: "^[A-Za-z_][A-Za-z0-9_]*$"
            }
        return .members([
            "type": "object",
            "propertyNames": pattern.map { ["pattern": .string($0)] },
            "properties": special.isEmpty ? nil : properties(special),
            "additionalProperties": schema(element),
        ])
    }

    private static func object(_ shape: ObjectShape) -> JSON {
        let required = shape.keys.filter(\.isRequired).map { JSON.string($0.name) }
        return .members([
            "type": "object", "properties": properties(shape.keys), "patternProperties": ["^x-": true],
            "additionalProperties": false, "required": required.isEmpty ? nil : .array(required),
        ])
    }

    private static func properties(_ keys: [KeySpec]) -> JSON {
        .object(
            keys.map { key in
                let own = schema(key.shape)
                guard case .object(let members) = own else { return JSON.Member(key.name, own) }
                let help = key.help + (key.standard.map { " Default: \($0)." } ?? "")
                return JSON.Member(key.name, .object([JSON.Member("description", .string(help))] + members))
            })
    }

    private static func anyOf(_ schemas: [JSON]) -> JSON {
        var unique: [JSON] = []
        for schema in schemas where !unique.contains(schema) { unique.append(schema) }
        return unique.count == 1 ? unique[0] : ["anyOf": .array(unique)]
    }
}

extension ObjectShape {
    /// Whether something else than a mapping may stand for it.
    var hasShortForm: Bool { Shape.object(self).accepts(.plain("x")) }
}
