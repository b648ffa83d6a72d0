public import ManifestModel
import Base
import YAML

/// The section `packages` (manifest specification, "requires, packages").
public enum PackageKind: NodeKind {
    public static let name = "package"
    public static let namespace: String? = nil
    public static let sections: [KeySpec] = [
        KeySpec(
            "packages",
            .object(
                ObjectShape(
                    "a list of packages by manager",
                    keys: PackageManager.allCases.map { manager in
                        KeySpec(
                            manager.rawValue, .object(PackageKeys.shape), "Packages of \(manager.rawValue).",
                            availability: manager == .winget ? .later : .works)
                    })),
            "Packages of the system, by manager; only those of this machine's managers count.")
    ]

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] {
        let memory = PackageMemory()
        return (reading.manifest.section("packages")?.entries ?? []).compactMap { entry in
            guard let manager = PackageManager(rawValue: entry.key) else { return nil }
            checkNames(Fields(entry.value)[PackageKeys.packages] ?? [], &reading)
            return PackageNode(manager, entry.value, location: entry.keyLocation, memory: memory)
        }
    }

    /// A word that a manager takes for an option, or for "remove it" (apt's closing `-`), is no package.
    static func checkNames(_ names: [Text], _ reading: inout Reading) {
        for name in names {
            let text = name.source.utf8
            guard let first = text.first, let last = text.last else { continue }
            let isName =
                first != UInt8(ascii: "-") && last != UInt8(ascii: "-") && text.allSatisfy { $0 > 0x20 && $0 != 0x7F }
            if !isName {
                reading.report(
                    "bad-package", "'\(name.source)' is no name of a package", at: name.location,
                    suggestion: "write the name alone, without options and signs")
            }
        }
    }
}

/// The keys of one manager's packages.
enum PackageKeys {
    static let packages = Key<[Text]>.names("packages", "Names of packages, as the manager knows them.")

    /// A list, or one name, stands for `{packages: …}`.
    static let shape = ObjectShape("a list of packages", keys: [packages.spec] + CommonKeys.specs) { node in
        switch node.value {
        case .mapping, .reset: return node
        case .scalar, .sequence:
            return .mapping([YAMLEntry(key: "packages", keyLocation: node.location, value: node)], at: node.location)
        }
    }
}
