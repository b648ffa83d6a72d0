import Base
import HostInterfaces
import ManifestModel

/// A file with names in it. Only those that the manifest knows are filled in; everything else, `$$` and the names of
/// other programs included, stays byte for byte (manifest, "files").
struct FileTemplate: Sendable {
    /// Larger files are no templates, in bytes.
    static let largest = 16 << 20

    enum Piece: Sendable {
        case bytes(ArraySlice<UInt8>)
        /// A name in the form `$NAME` or `${…}`, and how it stands there.
        case name(Template, ArraySlice<UInt8>)
    }

    let pieces: [Piece]

    init(parsing bytes: [UInt8]) {
        var pieces: [Piece] = []
        var start = 0
        var place = 0
        while let dollar = bytes[place...].firstIndex(of: UInt8(ascii: "$")) {
            if dollar + 1 < bytes.count, bytes[dollar + 1] == UInt8(ascii: "$") {
                place = dollar + 2
                continue
            }
            guard let end = Self.end(of: bytes, from: dollar), let template = Self.name(bytes[dollar..<end]) else {
                place = dollar + 1
                continue
            }
            if start < dollar { pieces.append(.bytes(bytes[start..<dollar])) }
            pieces.append(.name(template, bytes[dollar..<end]))
            start = end
            place = end
        }
        if start < bytes.count { pieces.append(.bytes(bytes[start...])) }
        self.pieces = pieces
    }

    /// Every dotted reference in it, known or not.
    var references: [Reference] {
        pieces.flatMap { piece -> [Reference] in
            if case .name(let template, _) = piece { template.references } else { [] }
        }
    }

    /// Where the name that begins with this dollar ends; nil when none begins there.
    private static func end(of bytes: [UInt8], from dollar: Int) -> Int? {
        guard dollar + 1 < bytes.count else { return nil }
        if bytes[dollar + 1] == UInt8(ascii: "{") {
            var depth = 0
            // A name of ours is short and stands in one line.
            for place in (dollar + 1)..<min(bytes.count, dollar + 1024) {
                switch bytes[place] {
                case UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "}"):
                    depth -= 1
                    if depth == 0 { return place + 1 }
                case UInt8(ascii: "\n"): return nil
                default: break
                }
            }
            return nil
        }
        let end = bytes[(dollar + 1)...].firstIndex { !isNamePart($0) } ?? bytes.count
        return end > dollar + 1 ? end : nil
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }

    private static func name(_ bytes: ArraySlice<UInt8>) -> Template? {
        guard let template = try? Template(parsing: String(decoding: bytes, as: UTF8.self)),
            template.segments.count == 1
        else { return nil }
        if case .literal = template.segments[0] { return nil }
        return template
    }
}

extension FileTemplate {
    /// The content with all filled in, and the names that have no value yet.
    struct Filled {
        var bytes: [UInt8] = []
        var isSecret = false
        var open: [String] = []
    }

    /// - Parameter scope: looks up references to nodes.
    func filled(_ workspace: Workspace, _ host: Host, _ scope: Scope) throws(SubstitutionError) -> Filled {
        let scope = Self.scope(workspace, host, scope)
        var filled = Filled()
        for piece in pieces {
            switch piece {
            case .bytes(let bytes): filled.bytes += bytes
            case .name(let template, let bytes):
                guard Self.isKnown(template, workspace, host) else {
                    filled.bytes += bytes
                    continue
                }
                let result = try template.substituting(scope)
                filled.isSecret = filled.isSecret || result.isSecret
                if let text = result.text {
                    filled.bytes += text.utf8
                } else {
                    filled.bytes += bytes
                    filled.open += result.template.references.map(\.description) + result.template.variables
                }
            }
        }
        return filled
    }

    private static func isKnown(_ template: Template, _ workspace: Workspace, _ host: Host) -> Bool {
        switch template.segments[0] {
        case .literal: return false
        case .variable(let name, _):
            return variable(name, workspace, host) != nil || workspace.manifest.questions.contains { $0.name == name }
        case .reference(let reference, _):
            if own(reference, workspace) != nil { return true }
            guard reference.path.count > 1, let kind = workspace.namespaces[reference.namespace] else { return false }
            return workspace.node(kind, reference.path[1]) != nil
        }
    }

    private static func variable(_ name: String, _ workspace: Workspace, _ host: Host) -> String? {
        switch name {
        case "os": workspace.manifest.variables[name] ?? host.machine.operatingSystem
        case "arch": workspace.manifest.variables[name] ?? host.machine.architecture
        default: workspace.manifest.variables[name]
        }
    }

    /// What is known of the workspace itself.
    private static func own(_ reference: Reference, _ workspace: Workspace) -> String? {
        switch reference.description {
        case "workspace.name": workspace.name
        case "workspace.instance": workspace.instance ?? ""
        case "workspace.root": workspace.root.text
        case "manifest.dir": workspace.manifest.file.parent.text
        default: nil
        }
    }

    private static func scope(_ workspace: Workspace, _ host: Host, _ scope: Scope) -> Scope {
        Scope(
            variable: { name in
                if let value = variable(name, workspace, host) { return .value(value) }
                if workspace.manifest.questions.contains(where: { $0.name == name }) { return .later }
                return host.environment[name].map { .value($0) } ?? .missing
            },
            reference: { own($0, workspace).map { .value($0) } ?? scope.reference($0) })
    }
}
