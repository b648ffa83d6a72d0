import Base
import YAML

/// One file of `templates/tools/`, read; its README gives the form.
struct ToolRecipe: Sendable {
    /// What to run, and where the version stands in the output.
    struct Probe: Hashable, Sendable {
        var command: [String]
        var pattern: String?

        /// Whether only the program itself decides what it prints, so that its file stands for the version: not
        /// `docker compose version`, which a plugin answers, nor `python3 -m pip`.
        var asksProgramAlone: Bool {
            command.dropFirst().allSatisfy { $0.utf8.first == UInt8(ascii: "-") || $0 == "version" }
        }
    }

    /// A package that may bring the tool.
    struct Package: Hashable, Sendable {
        var name: String
        /// The only versions that it brings; nil where the name does not tell.
        var series: String?
        var isCask = false
    }

    var name: String
    var probes: [Probe]
    /// All probes are run and the newest version counts.
    var choosesNewest: Bool
    var optionalPrefix: String?
    /// Paths that only look like the tool, by operating system; `*` stands for any text.
    var stubs: [String: [String]]
    /// Paths one of which shows that the stubs are real.
    var stubExceptions: [String]
    var packages: [PackageManager: [Package]]
    var homepage: String?

    init(name: String, _ root: YAMLNode) {
        self.name = name
        probes = (root["probes"]?.items ?? []).map { probe in
            Probe(command: probe["command"]?.items?.compactMap(\.text) ?? [], pattern: probe["pattern"]?.text)
        }.filter { !$0.command.isEmpty }
        choosesNewest = root["choose"]?.text == "newest"
        optionalPrefix = root["optional_prefix"]?.text
        stubs = [:]
        for entry in root["stubs"]?.entries ?? [] { stubs[entry.key] = entry.value.items?.compactMap(\.text) ?? [] }
        stubExceptions = root["stub_unless"]?.items?.compactMap(\.text) ?? []
        packages = [:]
        for entry in root["install"]?.entries ?? [] {
            guard let manager = PackageManager(rawValue: entry.key), !entry.value.isNull else { continue }
            packages[manager] = (entry.value.items ?? [entry.value]).compactMap { Package($0) }
        }
        homepage = root["homepage"]?.text
    }

    /// For a program that the catalog does not know: it is there when PATH has it.
    init(program: String) {
        name = program
        probes = []
        choosesNewest = false
        stubs = [:]
        stubExceptions = []
        packages = [:]
    }
}

extension ToolRecipe.Package {
    fileprivate init?(_ node: YAMLNode) {
        if let name = node.text {
            self.init(name: name)
        } else if let cask = node["cask"]?.text {
            self.init(name: cask, isCask: true)
        } else if let name = node["package"]?.text {
            self.init(name: name, series: node["series"]?.text)
        } else {
            return nil
        }
    }
}
