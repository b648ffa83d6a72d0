// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is built under the same strict rules; see CONTRIBUTING.md.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// Set by scripts/fuzz: the rooms tell libFuzzer which way they go, and there are targets for it.
let isFuzzing = Context.environment["DEVINIT_FUZZ"] != nil
let instrumented = strict + (isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer"])] : [])

/// A room of the house: a library target with its dependencies, which are its layer.
func room(_ name: String, _ dependencies: [Target.Dependency] = [], plugins: [Target.PluginUsage] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: instrumented, plugins: plugins)
}

/// The tests of one room, with the fakes at hand.
func tests(_ name: String, _ dependencies: [Target.Dependency], plugins: [Target.PluginUsage] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict, plugins: plugins)
}

let package = Package(
    name: "devinit",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "devinit", targets: ["devinit"]),
        .executable(name: "devinit-worker", targets: ["devinit-worker"]),
    ],
    targets: [
        // C libraries of the system, one module map each.
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
        .systemLibrary(name: "CGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"]), .brew(["libgit2"])]),

        // C that Swift cannot say.
        .target(name: "CSpawn"),
        .target(name: "CMessageDigest", linkerSettings: [.linkedLibrary("crypto", .when(platforms: [.linux]))]),
        .target(name: "CGitSupport", dependencies: ["CGit2"]),

        // Leaves: values and arithmetic, no input or output.
        room("Base"),
        room("Versions", ["Base"]),
        room("Dotenv", ["Base"]),
        room("Arguments", ["Base"]),

        // The seams to the machine, and what stands behind them.
        room("HostInterfaces", ["Base"]),
        room("POSIXHost", ["Base", "HostInterfaces", "CSpawn", "CMessageDigest"]),
        room("HostFakes", ["Base", "HostInterfaces"]),

        // Text → YAML nodes → manifest.
        room("YAML", ["Base", "CYAML"]),
        room("ManifestModel", ["Base", "HostInterfaces", "YAML", "Versions"]),
        room(
            "Catalog", ["Base", "HostInterfaces", "YAML", "ManifestModel"],
            plugins: [.plugin(name: "EmbedTemplates")]),

        // Records, approval, secrets, git work.
        room("State", ["Base", "HostInterfaces"]),
        room("Trust", ["Base", "HostInterfaces", "State"]),
        room("Secrets", ["Base", "HostInterfaces", "State"]),
        room("Git", ["Base", "HostInterfaces"]),

        // Graph → plan → scheduler → events, and the kinds of nodes.
        room("Execution", ["Base", "HostInterfaces", "State"]),
        room(
            "Kinds",
            [
                "Base", "HostInterfaces", "YAML", "Versions", "Dotenv", "ManifestModel", "Catalog", "State", "Trust",
                "Secrets", "Git", "Execution",
            ]),
        room(
            "Doctor",
            ["Base", "HostInterfaces", "YAML", "ManifestModel", "State", "Execution", "Kinds", "Reporting"]),
        room("Reporting", ["Base", "HostInterfaces", "Execution"]),
        room(
            "CLI",
            [
                "Base", "HostInterfaces", "POSIXHost", "YAML", "ManifestModel", "Catalog", "State", "Trust", "Secrets",
                "Git", "Execution", "Kinds", "Doctor", "Reporting", "Arguments",
            ]),

        // The programs.
        .executableTarget(name: "devinit", dependencies: ["CLI"], swiftSettings: strict),
        .executableTarget(
            name: "devinit-worker", dependencies: ["Base", "HostInterfaces", "Git", "CGit2", "CGitSupport"],
            path: "Sources/Worker", swiftSettings: strict),

        // Build tools.
        .executableTarget(name: "embed-templates", swiftSettings: strict),
        .plugin(name: "EmbedTemplates", capability: .buildTool(), dependencies: ["embed-templates"]),

        tests("ArchitectureTests", []),
        tests(
            "DocumentationTests",
            ["Base", "HostInterfaces", "POSIXHost", "YAML", "ManifestModel", "Catalog", "Kinds"]),
        tests("BaseTests", ["Base"]),
        tests("ManifestModelTests", ["Base", "ManifestModel", "YAML", "HostInterfaces", "HostFakes"]),
        tests("CLITests", ["CLI", "Arguments"]),
        tests("ExecutionTests", ["Base", "Execution", "HostInterfaces", "HostFakes", "State"]),
        tests("YAMLTests", ["Base", "YAML"]),
        tests("ArgumentsTests", ["Arguments", "Base"]),
        tests("VersionsTests", ["Versions", "Base"]),
        tests("CatalogTests", ["Base", "Catalog", "YAML", "Versions"], plugins: [.plugin(name: "EmbedTemplates")]),
        tests("ReportingTests", ["Reporting", "Base", "HostInterfaces", "Execution", "HostFakes"]),
        tests("POSIXHostTests", ["Base", "HostInterfaces", "POSIXHost", "HostFakes", "CSpawn"]),
        tests("GitTests", ["Base", "HostInterfaces", "POSIXHost", "Git", "devinit-worker"]),
        tests("DotenvTests", ["Base", "Dotenv"]),
        tests("StateTests", ["Base", "HostInterfaces", "HostFakes", "POSIXHost", "State"]),
        tests("TrustTests", ["Base", "HostInterfaces", "HostFakes", "Trust"]),
        tests(
            "KindsTests",
            [
                "Kinds", "ManifestModel", "Execution", "State", "Secrets", "Trust", "Git", "POSIXHost", "HostFakes",
                "HostInterfaces", "Base", "YAML", "Catalog", "Versions", "Dotenv", "devinit-worker",
            ]),
        tests(
            "DoctorTests",
            [
                "Base", "HostInterfaces", "POSIXHost", "HostFakes", "ManifestModel", "State", "Secrets", "Git",
                "Execution", "Kinds", "Doctor", "Reporting",
            ]),
        tests("SecretsTests", ["Base", "HostInterfaces", "HostFakes", "State", "Secrets"]),
        tests(
            "EndToEndTests", ["Base", "HostInterfaces", "POSIXHost", "devinit", "devinit-worker"]),
    ],
    swiftLanguageModes: [.v6]
)

if isFuzzing {
    func fuzz(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
        .executableTarget(
            name: "fuzz-\(name.lowercased())", dependencies: dependencies + ["CFuzzer"], path: "Tests/Fuzz/\(name)",
            swiftSettings: instrumented)
    }
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
        fuzz("Dotenv", ["Base", "Dotenv"]),
        fuzz("Manifest", ["Base", "Execution", "HostFakes", "HostInterfaces", "Kinds", "ManifestModel", "YAML"]),
    ]
}

// With DEVINIT_TESTS only the named test targets and what they are made of are built: for builds with other switches,
// such as the thread sanitizer's, that need not take all of it.
if let chosen = Context.environment["DEVINIT_TESTS"] {
    var wanted: Set<String> = []
    var open = chosen.split(separator: " ").map(String.init)
    while let name = open.popLast() {
        guard wanted.insert(name).inserted, let target = package.targets.first(where: { $0.name == name }) else {
            continue
        }
        for case .byNameItem(let dependency, _) in target.dependencies { open.append(dependency) }
    }
    package.targets.removeAll { !wanted.contains($0.name) }
    package.products = []
}
