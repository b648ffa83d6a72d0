import Base
import ManifestModel
import YAML

/// `native` of a service's template: how the same service runs as a process of this machine.
///
/// The command gets `HOST`, `PORT` and `PORT_NAME`, each parameter as `WITH_NAME`, secrets as files of the folder
/// `SECRETS`, and where `data` is set a folder of its own, `DATA`, that outlives it.
struct NativeTemplate: Sendable {
    static let keys = ["run", "shell", "data", "health"]

    let run: CommandText
    let shell: String?
    let keepsData: Bool
    let health: HealthDeclaration?

    /// Reports what is wrong through `fail`; nil where there is no command.
    init?(_ node: YAMLNode, _ fail: (_ code: String, _ message: String, SourceLocation, _ suggestion: String?) -> Void)
    {
        guard let entries = node.entries else {
            fail("bad-template", "'native' must be a mapping", node.location, nil)
            return nil
        }
        for entry in entries where !Self.keys.contains(entry.key) {
            fail(
                "unknown-key", "'native' of a template has no key '\(entry.key)'", entry.keyLocation,
                TextDistance.nearest(to: entry.key, among: Self.keys).map { "did you mean '\($0)'?" }
                    ?? "known keys: \(Self.keys.joined(separator: ", "))")
        }
        guard let run = node["run"].flatMap({ CommandText($0) }) else {
            fail("bad-template", "'native' needs the key 'run'", node.location, nil)
            return nil
        }
        self.run = run
        shell = node["shell"]?.text
        keepsData = node["data"]?.bool ?? false
        health = node["health"].flatMap { $0.entries == nil ? nil : HealthDeclaration(Fields($0)) }
        if health?.check == nil {
            fail("bad-template", "'native' needs a 'health' that shows that it serves", node.location, nil)
        }
    }
}

/// What a template gives to one native service.
struct NativeTemplateUse: Sendable {
    let name: String
    /// A team's own file, which has to be approved.
    let source: (path: Path, bytes: [UInt8])?
    /// Parameters that are no secrets, by the variable's name; a list's items are joined by newlines.
    let variables: [(name: String, texts: [Text])]
    /// What the process reads from files for the owner alone, by their name.
    let secrets: [(name: String, text: Text)]
    let keepsData: Bool
}
