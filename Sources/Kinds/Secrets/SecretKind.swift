import Base
import Catalog
public import ManifestModel
import YAML

/// The section `secrets`.
public enum SecretKind: NodeKind {
    public static let name = "secret"
    public static let namespace: String? = "secrets"
    public static let sections: [KeySpec] = [
        KeySpec(
            "secrets", .map(.object(SecretDeclaration.shape), names: .node),
            "Values that no output may show: generated, asked for, or fetched.")
    ]

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] {
        var nodes: [any WorkspaceNode] = []
        var presets = PresetReader()
        for entry in reading.manifest.section("secrets")?.entries ?? [] {
            let fields = Fields(entry.value)
            let preset = presets.use(fields, &reading)
            let declaration = SecretDeclaration(fields, preset, reading)
            if fields.has(SecretDeclaration.with), !fields.has(SecretDeclaration.use) {
                reading.report(
                    "with-alone", "'with' gives parameters to a preset, and there is no 'use'",
                    at: fields.location(of: SecretDeclaration.with))
            }
            if case .none = declaration.source, SecretDeclaration.shape.slots[0].allSatisfy({ fields.node($0) == nil })
            {
                reading.report(
                    "missing-key", "the secret '\(entry.key)' does not say where it comes from", at: entry.keyLocation,
                    suggestion: "add generate, prompt, command, use, env or file")
            }
            nodes.append(SecretNode(name: entry.key, declaration: declaration, location: entry.keyLocation))
        }
        return nodes
    }
}

/// Reads each preset once, however many secrets use it.
private struct PresetReader {
    private var known: [String: SecretPreset?] = [:]

    /// The preset that a secret uses; nil where it uses none, or one that can't be used, which is reported.
    mutating func use(_ fields: Fields, _ reading: inout Reading) -> PresetUse? {
        guard let use = fields[SecretDeclaration.use] else { return nil }
        let folder = reading.manifest.folder(stating: use.location)
        let key = TemplateLibrary.isPath(use.source) ? folder.appending(Path(use.source)).normalized.text : use.source
        if known[key] == nil { known[key] = .some(load(use, from: folder, &reading)) }
        guard let preset = known[key] ?? nil else { return nil }
        return PresetUse(preset, with: fields[SecretDeclaration.with], at: use.location, &reading.diagnostics)
    }

    private func load(_ use: Text, from folder: Path, _ reading: inout Reading) -> SecretPreset? {
        do throws(Diagnostic) {
            let loaded = try reading.templates.load(use.source, of: "secrets", from: folder, at: use.location)
            return SecretPreset(loaded, name: use.source, &reading.diagnostics)
        } catch {
            reading.diagnostics.add(error)
            return nil
        }
    }
}
