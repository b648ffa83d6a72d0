import Base
import Catalog
import YAML

/// The tools that devinit knows: the files under `templates/tools/`.
enum ToolCatalog {
    private static let folder = "tools/"

    /// The file that a name or an alias means; nil where the catalog has none. Reads no YAML unless it is an alias.
    static func fileName(of word: String) -> String? {
        if EmbeddedTemplates.text(path(word)) != nil { return word }
        return names.first { name in aliases(of: name).contains(word) }
    }

    /// Names and aliases, for suggestions.
    static var words: [String] { names + names.flatMap(aliases) }

    static var names: [String] {
        EmbeddedTemplates.documents(in: "tools").map { String($0.dropFirst(folder.utf8.count).dropLast(5)) }
    }

    /// The file's text as it is embedded; a change of it makes remembered versions void.
    static func text(of name: String) -> String? { EmbeddedTemplates.text(path(name)) }

    /// The file, read; nil where it can't be, which the catalog's own tests rule out.
    static func recipe(_ name: String) -> ToolRecipe? {
        guard let text = text(of: name),
            let document = try? YAMLReader.read(Array(text.utf8), file: "templates/\(path(name))"),
            let root = document.root
        else { return nil }
        return ToolRecipe(name: name, root)
    }

    private static func path(_ name: String) -> String { folder + name + ".yaml" }

    /// `aliases` stand in a list on one line; reading 77 files as YAML for one word would take milliseconds.
    private static func aliases(of name: String) -> [String] {
        let key = "\naliases: ["
        guard let text = text(of: name), let start = text.utf8.firstRange(of: key.utf8)?.upperBound else { return [] }
        return text[start...].prefix { $0 != "]" && $0 != "\n" }.split(separator: ",").map { alias in
            String(alias.drop { $0 == " " || $0 == "'" }.prefix { $0 != "'" && $0 != " " })
        }
    }
}
