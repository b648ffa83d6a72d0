import Base
import Dotenv
public import ManifestModel
import YAML

/// The section `env_files`.
public enum EnvironmentFileKind: NodeKind {
    public static let name = "env"
    public static let namespace: String? = nil
    public static let sections: [KeySpec] = [
        KeySpec(
            "env_files", .map(.object(EnvironmentFileDeclaration.shape)),
            "Files of NAME=value that programs read, by their paths from the root.")
    ]

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] {
        checkDefaults(&reading)
        var nodes: [any WorkspaceNode] = []
        for entry in reading.manifest.section("env_files")?.entries ?? [] {
            let fields = Fields(entry.value)
            let place = reading.path(entry.key)
            let declaration = EnvironmentFileDeclaration(fields, place: place, reading)
            check(declaration, fields, entry, &reading)
            nodes.append(EnvironmentFileNode(name: entry.key, declaration: declaration, location: entry.keyLocation))
        }
        return nodes
    }

    private static func check(
        _ declaration: EnvironmentFileDeclaration, _ fields: Fields, _ entry: YAMLEntry, _ reading: inout Reading
    ) {
        reading.checkInside(entry)
        for (key, value) in declaration.set where declaration.unset.contains(key) {
            reading.report("conflicting-keys", "\(key) stands in 'set' and in 'unset'", at: value.location)
        }
        for (new, old) in declaration.renamed where declaration.set[old] != nil || new == old {
            reading.report(
                "conflicting-keys", "\(old) was renamed to \(new) and is set as well",
                at: fields.location(of: EnvironmentFileDeclaration.renamed))
        }
        let hasSecret = declaration.set.contains { text in
            text.value.references.contains { $0.namespace == SecretKind.namespace }
        }
        if hasSecret, let mode = declaration.mode, mode & 0o007 != 0 {
            reading.report(
                "bad-value", "a file with a secret can't be open to everybody on the machine",
                at: fields.location(of: EnvironmentFileDeclaration.mode), suggestion: "write 0600 or 0640")
        }
    }

    private static func checkDefaults(_ reading: inout Reading) {
        let known = Dialect.allCases.map(\.rawValue)
        let dialects = reading.manifest.defaults?[DefaultsKeys.environmentFiles]?[DefaultsKeys.dialects] ?? []
        for name in dialects where !known.contains(name.source) {
            reading.report(
                "wrong-type", "'dialects' must be one of \(known.joined(separator: ", ")), not '\(name.source)'",
                at: name.location,
                suggestion: TextDistance.nearest(to: name.source, among: known).map { "did you mean '\($0)'?" })
        }
    }
}
