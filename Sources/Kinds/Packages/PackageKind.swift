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
            PackageManager(rawValue: entry.key).map { manager in
                PackageNode(manager, entry.value, location: entry.keyLocation, memory: memory)
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
