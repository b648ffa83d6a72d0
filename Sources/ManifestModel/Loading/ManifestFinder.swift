public import Base
public import HostInterfaces
import YAML

/// Finds the manifest: the named file, or the nearest one on the way up.
public struct ManifestFinder: Sendable {
    static let names = ["devinit.yaml", "init.yaml", "init.yml"]

    private let host: Host
    private let shape: ManifestShape

    public init(host: Host, shape: ManifestShape) {
        self.host = host
        self.shape = shape
    }

    /// The file, absolute, and the files of other tools that were walked past.
    public func find(named file: String?) throws(Diagnostic) -> (file: Path, passed: [Path]) {
        if let file {
            let path = host.currentFolder.appending(Path(file)).normalized
            guard host.files.exists(path) else {
                throw Diagnostic(
                    code: "no-manifest", "\(file): there is no such file",
                    suggestion: "check the path, or run devinit in the folder that holds the manifest")
            }
            return (path, [])
        }
        var folder = host.currentFolder.normalized
        var passed: [Path] = []
        while true {
            for name in Self.names where host.files.isFile(folder / name) {
                if isOurs(folder / name) { return (folder / name, passed) }
                passed.append(folder / name)
            }
            if folder.text == "/" { break }
            folder = folder.parent
        }
        let others = passed.isEmpty ? "" : "; \(passed.map(\.text).joined(separator: ", ")) belongs to another tool"
        throw Diagnostic(
            code: "no-manifest",
            "no devinit.yaml, init.yaml or init.yml in \(host.currentFolder) or a folder above it\(others)",
            suggestion: "write an init.yaml that begins with 'version: 1', or name the file with --file")
    }

    /// `devinit.yaml` always is; another name when it has `version` or one of our sections, or can't be read as
    /// YAML and so must be shown to its author.
    private func isOurs(_ path: Path) -> Bool {
        if path.name == "devinit.yaml" { return true }
        guard let bytes = try? host.files.read(path, limit: ManifestReader.sizeLimit) else { return true }
        let names = shape.sectionNames
        if Self.hasLine(beginningWith: names, bytes) { return true }
        guard let document = try? YAMLReader.read(bytes, file: path.text) else { return true }
        guard let root = document.root, !root.isAbsent else { return true }
        guard let entries = root.entries else { return false }
        return entries.contains { names.contains($0.key) }
    }

    /// Whether a section's name stands at the start of a line, as nearly every manifest has it: that is told without
    /// reading the whole file as YAML, which the loader does right after.
    private static func hasLine(beginningWith names: Set<String>, _ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            if let name = sectionName(line), names.contains(name) { return true }
            rest = rest[line.endIndex...].dropFirst()
        }
        return false
    }

    /// What stands before the colon of a line that begins with a letter.
    private static func sectionName(_ line: ArraySlice<UInt8>) -> String? {
        guard let first = line.first, first >= UInt8(ascii: "a"), first <= UInt8(ascii: "z"),
            let colon = line.firstIndex(of: UInt8(ascii: ":")), colon - line.startIndex <= 20,
            colon + 1 == line.endIndex || line[colon + 1] == UInt8(ascii: " ")
        else { return nil }
        return String(decoding: line[..<colon], as: UTF8.self)
    }
}
