import Kinds
import ManifestModel

/// docs/manifest.md, made from the declarations that also check a manifest.
enum ReferencePage {
    static var text: String {
        var page = """
            # Every key of the manifest

            Made from the declarations in the code; do not edit. To make it anew:
            `DEVINIT_UPDATE_DOCS=1 swift test --filter DocumentationTests`.

            `NAME` stands for a name of your own. A list may be written as a single value. In a text, `${…}` is replaced;
            a *literal* text is taken as it is written. Keys marked † are read and checked but have no effect yet;
            `devinit plan` says so where you use one. Keys that begin with `x-` are yours.


            """
        for key in Registry.shape.object.keys {
            page += "## \(key.name)\n\n\(sentence(key))\n\n"
            let rows = rows(of: key.shape, path: "")
            if !rows.isEmpty {
                page += "| key | value | meaning |\n| --- | --- | --- |\n"
                page += rows.map { $0 + "\n" }.joined() + "\n"
            }
        }
        return page.dropLast() + ""
    }

    /// A key's meaning, its value where it has no table, its default and its mark.
    private static func sentence(_ key: KeySpec) -> String {
        "Value: \(words(key.shape)). \(meaning(key))"
    }

    private static func meaning(_ key: KeySpec) -> String {
        var text = key.help.replacing("|", with: "\\|")
        if key.isRequired { text += " Required." }
        if let standard = key.standard { text += " Default: `\(standard)`." }
        if key.availability == .later { text += " †" }
        return text
    }

    private static func rows(of shape: Shape, path: String) -> [String] {
        switch shape {
        case .object(let object):
            return object.keys.flatMap { rows(of: $0, path: path) }
        case .map(let value, _, let special):
            return special.flatMap { rows(of: $0, path: path) } + rows(of: value, path: path + "NAME.")
        case .list(let item): return rows(of: item, path: path)
        case .either(let shapes): return shapes.flatMap { rows(of: $0, path: path) }
        default: return []
        }
    }

    private static func rows(of key: KeySpec, path: String) -> [String] {
        let name = path + key.name
        return ["| `\(name)` | \(words(key.shape)) | \(meaning(key)) |"] + rows(of: key.shape, path: name + ".")
    }

    private static func words(_ shape: Shape) -> String {
        switch shape {
        case .text(let format): words(format)
        case .literal(.plain): "literal text"
        case .literal(let format): "literal " + words(format)
        case .boolean: "true or false"
        case .integer(let range):
            range.upperBound == .max
                ? "whole number from \(range.lowerBound)"
                : "whole number, \(range.lowerBound) to \(range.upperBound)"
        case .number: "number"
        case .choice(let choices): choices.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let item): "list of " + words(item)
        case .map(let value, _, _): "NAME: " + words(value)
        case .object(let object): object.title
        case .either(let shapes): shapes.map(words).joined(separator: " or ")
        case .anything(composed: true): "anything, merged by Compose's rules"
        case .anything(composed: false): "anything"
        }
    }

    private static func words(_ format: TextFormat) -> String {
        switch format {
        case .plain: "text"
        case .duration: "duration (`90s`, `1h30m`)"
        case .size: "size (`8GB`, `8GiB`)"
        case .mode: "octal mode (`0644`)"
        case .range: "version range (`>=20 <23`)"
        case .pattern: "regular expression"
        case .port: "port (`N`, `auto`, `HOST:CONTAINER`, `auto:CONTAINER`, `N/udp`)"
        }
    }
}
