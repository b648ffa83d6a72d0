import Base
import Catalog
import ManifestModel
import YAML

/// A template file of steps: what it is for, its parameters, the tools it implies, its variants, a step's keys.
struct StepTemplate: Sendable {
    /// What the work is: installs do not read env files, all else does.
    enum Purpose: String, Sendable, CaseIterable { case install, build, migration, seed }

    /// Which keys count when these files are there; the first that fits is taken.
    struct Variant: Sendable {
        /// Any of them decides; empty: always.
        var files: [String]
        var node: YAMLNode
    }

    struct Parameter: Sendable {
        var name: String
        var type: String
        var standard: YAMLNode?
        var choices: [String]
    }

    var description: Text?
    var purpose: Purpose
    var tools: [String]
    var parameters: [Parameter]
    /// The step's keys, without those of the template itself.
    var body: YAMLNode
    var variants: [Variant]
    var location: SourceLocation

    static let types = ["text", "number", "list", "secret", "bool"]
    private static let parameterShape = ObjectShape(
        "a parameter",
        keys: [
            KeySpec("type", .choice(types), "What it is.", standard: "text"),
            KeySpec("default", .anything(composed: false), "Its value when nothing is said."),
            KeySpec("choices", .list(.text), "The values that are allowed."),
            KeySpec("description", .text, "One line for people."),
        ])
    private static let files = Key<[Text]>.names("file", "Files of which one must be there; none: always.")
    static let own: [KeySpec] = [
        KeySpec("description", .text, "One line for people."),
        KeySpec("verified", .choice(["real", "recorded", "no"]), "How far it was tried."),
        KeySpec("purpose", .choice(Purpose.allCases.map(\.rawValue)), "What the work is.", standard: "build"),
        KeySpec("tools", .names, "Tools that it needs."),
        KeySpec("parameters", .map(.object(parameterShape), names: .node), "What 'with' may say."),
        KeySpec("detect", .list(.object(variantShape)), "Variants; the first whose file is there counts."),
    ]
    private static let variantShape = ObjectShape("a variant", keys: [files.spec] + StepKeys.work)
    static let shape = ObjectShape("a step template", keys: own + StepKeys.work)

    init(_ root: YAMLNode) {
        location = root.location
        let ownNames = Set(Self.own.map(\.name))
        description = Fields(root)[CommonKeys.description]
        purpose = root["purpose"]?.text.flatMap(Purpose.init) ?? .build
        tools = root["tools"].map { ($0.items ?? [$0]).compactMap(\.text) } ?? []
        parameters = (root["parameters"]?.entries ?? []).map { entry in
            Parameter(
                name: entry.key, type: entry.value["type"]?.text ?? "text",
                standard: entry.value["default"].flatMap { $0.isAbsent ? nil : $0 },
                choices: (entry.value["choices"]?.items ?? []).compactMap(\.text))
        }
        body = .mapping((root.entries ?? []).filter { !ownNames.contains($0.key) }, at: root.location)
        variants = (root["detect"]?.items ?? []).map { item in
            Variant(
                files: (Fields(item)[Self.files] ?? []).map(\.source),
                node: .mapping((item.entries ?? []).filter { $0.key != "file" }, at: item.location))
        }
    }
}
