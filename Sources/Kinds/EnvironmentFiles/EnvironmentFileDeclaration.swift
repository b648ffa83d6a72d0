import Base
import Dotenv
import ManifestModel
import YAML

/// An entry of `env_files`, decoded (manifest, section "env_files").
struct EnvironmentFileDeclaration: Sendable {
    static let from = Key<Text>.text("from", "The file whose keys, order and comments it follows, from the root.")
    static let set = Key<OrderedMap<String, Text>>.textMap(
        "set", "Keys and their values; quoted so that all dialects read the same.", names: .variable)
    static let unset = Key<[Text]>.names("unset", "Keys of 'from' that are left out.")
    static let mode = Key<Int>.mode("mode", "Permission bits.", standard: "0644, with a secret 0600")
    static let dialects = Key<[Text]>(
        KeySpec(
            "dialects", .list(.choice(Dialect.allCases.map(\.rawValue))),
            "Who reads the file; docs/dialects.md compares them.",
            standard: "compose, node, python, sh")
    ) { node in (node.items ?? [node]).compactMap(\.literalText) }
    static let renamed = Key<OrderedMap<String, Text>>.textMap(
        "renamed", "NEW: OLD, for keys that had another name in files already written.", names: .variable)

    static let shape = ObjectShape(
        "an env file",
        keys: [from.spec, set.spec, unset.spec, mode.spec, dialects.spec, renamed.spec] + CommonKeys.specs)

    /// Absolute.
    var place: Path
    var from: StatedPath?
    var set: OrderedMap<String, Text>
    var unset: Set<String>
    var mode: UInt16?
    var renamed: [(new: String, old: String)]
    /// By the word of the manifest; dotenv-expand is added to those of `defaults` where a dependency reads so.
    var dialects: Set<Dialect>
    var hasOwnDialects: Bool
    var common: CommonKeys

    static let standardDialects: Set<Dialect> = [.compose, .node, .python, .sh]

    init(_ fields: Fields, place: Path, _ reading: Reading) {
        self.place = place
        from = fields[Self.from].map { StatedPath($0, reading) }
        set = fields[Self.set] ?? OrderedMap()
        unset = Set((fields[Self.unset] ?? []).map(\.source))
        mode = fields[Self.mode].map { UInt16($0) }
        renamed = (fields[Self.renamed] ?? OrderedMap()).map { ($0.key, $0.value.source) }
        let own = fields[Self.dialects]?.compactMap { Dialect(rawValue: $0.source) } ?? []
        let common = reading.manifest.defaults?[DefaultsKeys.environmentFiles]?[DefaultsKeys.dialects]
        hasOwnDialects = !own.isEmpty
        dialects = hasOwnDialects ? Set(own) : Self.known(common) ?? Self.standardDialects
        self.common = CommonKeys(fields)
    }

    private static func known(_ names: [Text]?) -> Set<Dialect>? {
        let known = Set((names ?? []).compactMap { Dialect(rawValue: $0.source) })
        return known.isEmpty ? nil : known
    }

    /// Every text in it that may hold `${…}`.
    var texts: [Text] { self.set.map(\.value) + [from?.text].compactMap(\.self) }
}
