/// The house, from the ground up. A room knows only rooms of lower layers. CONTRIBUTING.md shows the same table,
/// and a test compares the two.
enum Layers {
    struct Layer: Equatable {
        var name: String
        var rooms: [String]
    }

    static let all: [Layer] = [
        Layer(name: "C", rooms: ["CYAML", "CGit2", "CMessageDigest", "CSpawn"]),
        Layer(name: "C support", rooms: ["CGitSupport"]),
        Layer(name: "Values", rooms: ["Base"]),
        Layer(name: "Leaves and seams", rooms: ["Versions", "Dotenv", "Arguments", "HostInterfaces"]),
        Layer(name: "Machine and text", rooms: ["POSIXHost", "HostFakes", "YAML", "State", "Git"]),
        Layer(name: "Meaning", rooms: ["ManifestModel", "Trust", "Secrets", "Execution"]),
        Layer(name: "Data and views", rooms: ["Catalog", "Reporting"]),
        Layer(name: "Kinds", rooms: ["Kinds"]),
        Layer(name: "Checks", rooms: ["Doctor"]),
        Layer(name: "Commands", rooms: ["CLI"]),
        Layer(name: "Programs", rooms: ["devinit", "devinit-worker", "embed-templates"]),
    ]

    /// What a room does not know although it lies lower.
    static let strangers: [String: Set<String>] = [
        "Execution": ["YAML", "Git", "POSIXHost", "HostFakes", "Versions", "Dotenv", "Arguments"],
        "Reporting": ["YAML", "Git", "POSIXHost", "HostFakes", "ManifestModel", "Secrets", "Trust"],
        "ManifestModel": ["POSIXHost", "HostFakes", "Git", "State"],
        "Kinds": ["POSIXHost", "HostFakes", "Reporting", "Arguments"],
        "Doctor": ["POSIXHost", "HostFakes", "Arguments"],
        "CLI": ["HostFakes"],
        "devinit": ["Base", "HostInterfaces", "Kinds", "Execution"],
        "devinit-worker": ["Kinds", "CLI", "Execution", "ManifestModel", "YAML", "Secrets", "Trust", "State"],
        "embed-templates": ["Base", "CLI", "Kinds"],
    ]

    /// The rooms that alone may import a module.
    static let importers: [String: Set<String>] = [
        "CYAML": ["YAML"],
        "CGit2": ["devinit-worker", "CGitSupport"],
        "CGitSupport": ["devinit-worker"],
        "CMessageDigest": ["POSIXHost"],
        "CSpawn": ["POSIXHost"],
        "POSIXHost": ["CLI"],
        "HostFakes": [],
        "Foundation": ["embed-templates"],
        "Glibc": platform, "Darwin": platform, "Musl": platform,
    ]

    private static let platform: Set<String> = ["POSIXHost", "devinit-worker", "devinit"]

    static func height(of room: String) -> Int? { all.firstIndex { $0.rooms.contains(room) } }
}
