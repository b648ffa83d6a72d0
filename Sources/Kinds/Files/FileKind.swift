import Base
import HostInterfaces
public import ManifestModel
import YAML

/// The section `files`.
public enum FileKind: NodeKind {
    public static let name = "file"
    public static let namespace: String? = nil
    public static let sections: [KeySpec] = [
        KeySpec(
            "files", .map(.object(FileDeclaration.shape)),
            "Files, links and folders by their paths from the root: what scripts do with cp -n, ln -s, mkdir -p, sed -i."
        )
    ]

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] {
        var nodes: [any WorkspaceNode] = []
        for entry in reading.manifest.section("files")?.entries ?? [] {
            let fields = Fields(entry.value)
            let declaration = FileDeclaration(fields, place: reading.path(entry.key), reading)
            reading.checkInside(entry)
            check(declaration, fields, entry, &reading)
            var references: [Reference] = []
            if case .template(let source) = declaration.form, let path = source.known,
                let bytes = try? reading.host.files.read(path, limit: FileTemplate.largest)
            {
                references = FileTemplate(parsing: bytes).references
            }
            nodes.append(
                FileNode(
                    name: entry.key, declaration: declaration, references: references, location: entry.keyLocation))
        }
        return nodes
    }

    private static func check(
        _ declaration: FileDeclaration, _ fields: Fields, _ entry: YAMLEntry, _ reading: inout Reading
    ) {
        let takesReplacements: Bool
        switch declaration.form {
        case .copy, .template, .edit: takesReplacements = true
        case .link, .folder: takesReplacements = false
        case .none:
            // What stands there with a wrong type was reported before.
            let stated = FileDeclaration.shape.slots[0].filter { fields.node($0)?.isAbsent == false }
            guard stated.isEmpty || fields[FileDeclaration.folder] == false else { return }
            return reading.report(
                "missing-key", "'\(entry.key)' does not say what it is", at: entry.keyLocation,
                suggestion: "add copy, symlink, template, dir: true or replace")
        }
        if !takesReplacements, fields.has(FileDeclaration.replace) {
            reading.report(
                "conflicting-keys", "'replace' goes with 'copy' and 'template', or stands alone",
                at: fields.location(of: FileDeclaration.replace))
        }
        for (text, value) in declaration.replacements where text.isEmpty {
            reading.report("bad-value", "the text to replace is empty", at: value.location)
        }
        if case .link = declaration.form, declaration.mode != nil {
            reading.report(
                "conflicting-keys", "a link has no mode of its own", at: fields.location(of: FileDeclaration.mode))
        }
    }
}
