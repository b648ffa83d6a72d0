import Base
import HostInterfaces
import ManifestModel
import YAML

/// What makes a file (manifest, section "files").
enum FileForm: Sendable {
    case copy(StatedPath)
    case template(StatedPath)
    case link(StatedPath)
    case folder
    /// Texts of a file that others made are replaced in it.
    case edit
    /// The manifest says nothing, which is reported.
    case none
}

/// An entry of `files`, decoded.
struct FileDeclaration: Sendable {
    /// When something that is there already is written again.
    enum Occasion: String, Sendable, CaseIterable {
        case absent, changed
    }

    static let copy = Key<Text>.text("copy", "The file to copy, from the manifest's folder.")
    static let symlink = Key<Text>.text("symlink", "What the link leads to, from the root.")
    static let template = Key<Text>.text(
        "template", "The file to copy with the names in it filled in that the manifest knows.")
    static let folder = Key<Bool>.flag("dir", "Whether it is a folder.")
    static let replace = Key<OrderedMap<String, Text>>.textMap("replace", "TEXT: VALUE, replaced wherever it stands.")
    static let mode = Key<Int>.mode("mode", "Permission bits.", standard: "the source's; with a secret 0600")
    static let occasion = Key<String>.choice(
        "if", Occasion.allCases.map(\.rawValue), "Write it only where nothing is, or whenever its source changed.",
        standard: "absent for copy, changed for all else")

    static let shape = ObjectShape(
        "a file",
        keys: [copy.spec, symlink.spec, template.spec, folder.spec, replace.spec, mode.spec, occasion.spec]
            + CommonKeys.specs,
        slots: [[copy.spec.name, symlink.spec.name, template.spec.name, folder.spec.name]])

    /// Absolute.
    var place: Path
    var form: FileForm
    var replacements: OrderedMap<String, Text>
    var mode: UInt16?
    var occasion: Occasion
    var common: CommonKeys

    init(_ fields: Fields, place: Path, _ reading: Reading) {
        self.place = place
        form = Self.form(fields, reading)
        replacements = fields[Self.replace] ?? OrderedMap()
        mode = fields[Self.mode].map { UInt16($0) }
        let standard: Occasion = if case .copy = form { .absent } else { .changed }
        occasion = fields[Self.occasion].flatMap(Occasion.init(rawValue:)) ?? standard
        common = CommonKeys(fields)
    }

    private static func form(_ fields: Fields, _ reading: Reading) -> FileForm {
        if let source = fields[copy] { return .copy(StatedPath(besideManifest: source, reading)) }
        if let source = fields[template] { return .template(StatedPath(besideManifest: source, reading)) }
        if let target = fields[symlink] { return .link(StatedPath(target, reading)) }
        if fields[folder] == true { return .folder }
        return fields.has(replace) ? .edit : .none
    }

    /// The file that its content comes from.
    var source: StatedPath? {
        switch form {
        case .copy(let source), .template(let source): source
        case .link, .folder, .edit, .none: nil
        }
    }

    /// Every text in it that may hold `${…}`.
    var texts: [Text] {
        var texts = replacements.map(\.value)
        switch form {
        case .copy(let path), .template(let path), .link(let path): texts.append(path.text)
        case .folder, .edit, .none: break
        }
        return texts
    }
}
