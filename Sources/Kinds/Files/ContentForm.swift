import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State

/// A file with content: a copy, a template filled in, or a file of others in which texts are replaced. What a developer
/// changed since it was written stays.
struct ContentForm {
    /// Larger files are not copied, in bytes.
    static let largest = 256 << 20

    let node: FileNode
    let context: NodeContext

    private var declaration: FileDeclaration { node.declaration }
    private var name: String { context.display(declaration.place) }

    private var isEdit: Bool { if case .edit = declaration.form { true } else { false } }

    // MARK: What is wanted

    /// The content as it should be.
    struct Wanted {
        var bytes: [UInt8]
        var mode: UInt16
        var hasSecret = false
        var places: [TextReplacement.Place] = []
        /// What has no value yet.
        var open: [String] = []
    }

    private func wanted(_ found: Found?) throws(NodeFailure) -> Wanted {
        var wanted: Wanted
        if isEdit {
            guard let found else {
                throw NodeFailure(
                    .prerequisite, "\(name) is not there, so nothing can be replaced in it",
                    remedy: "correct the path, or add 'copy' or 'template'")
            }
            wanted = Wanted(bytes: original(of: found), mode: found.status.mode)
        } else {
            wanted = try made()
        }
        let replacement = try replacement(&wanted)
        (wanted.bytes, wanted.places) = replacement.applied(to: wanted.bytes)
        if let mode = declaration.mode {
            wanted.mode = mode
        } else if wanted.hasSecret, wanted.mode & 0o077 != 0 {
            wanted.mode = 0o600
        }
        return wanted
    }

    /// The source's content, names filled in where it is a template.
    private func made() throws(NodeFailure) -> Wanted {
        guard let source = try declaration.source?.path(in: context.workspace, context.values) else {
            throw NodeFailure(.failed, "\(name) has no source")
        }
        let bytes: [UInt8]
        let mode: UInt16
        do throws(SystemError) {
            bytes = try context.host.files.read(source, limit: Self.largest)
            mode = try context.host.files.status(of: source, followingLinks: true)?.mode ?? 0o644
        } catch {
            throw NodeFailure(.failed, "\(context.display(source)) can't be read: \(error)")
        }
        guard case .template = declaration.form else { return Wanted(bytes: bytes, mode: mode) }
        let template = FileTemplate(parsing: bytes)
        if !context.isPlanning {
            context.recallSecrets(in: [
                Text(
                    template: Template(segments: template.references.map { .reference($0, operation: nil) }),
                    location: node.location)
            ])
        }
        do throws(SubstitutionError) {
            let filled = try template.filled(context.workspace, context.host, context.comparingScope)
            return Wanted(bytes: filled.bytes, mode: mode, hasSecret: filled.isSecret, open: filled.open)
        } catch {
            throw NodeFailure(.prerequisite, "\(context.display(source)): \(error.message)")
        }
    }

    private func replacement(_ wanted: inout Wanted) throws(NodeFailure) -> TextReplacement {
        var pairs: [(text: String, value: String)] = []
        if !context.isPlanning { context.recallSecrets(in: declaration.replacements.map(\.value)) }
        for (text, value) in declaration.replacements {
            do throws(SubstitutionError) {
                let found = try value.template.substituting(context.comparingScope)
                if found.isSecret { wanted.hasSecret = true }
                guard let resolved = found.text else {
                    wanted.open += found.template.references.map(\.description) + found.template.variables
                    continue
                }
                pairs.append((text, resolved))
            } catch {
                throw NodeFailure(.prerequisite, "\(value.location): \(error.message)")
            }
        }
        return TextReplacement(pairs)
    }

    // MARK: What is there

    struct Found {
        var bytes: [UInt8]
        var status: FileStatus
        /// Whether it is as devinit left it.
        var isOurs: Bool
    }

    private func found() throws(NodeFailure) -> Found? {
        do throws(SystemError) {
            guard let status = try context.host.files.status(of: declaration.place, followingLinks: true) else {
                return nil
            }
            guard status.kind == .file else {
                throw SystemError(
                    call: "open", subject: name, code: 22, reason: status.kind == .folder ? "Is a folder" : "Is no file"
                )
            }
            let bytes = try context.host.files.read(declaration.place, limit: Self.largest)
            return Found(bytes: bytes, status: status, isOurs: isSealed(bytes))
        } catch {
            throw NodeFailure(.failed, "\(name) can't be read: \(error)", remedy: "move away what is there")
        }
    }

    private var record: JSON? { context.journal.lastDone("\(node.id)")?.fingerprint }

    /// Tells content apart without giving a short secret in it away.
    private func seal(_ bytes: [UInt8]) -> String? {
        context.parts.keyedHash?.hash(context.host.digests.sha256(bytes), name: "\(node.id)")
    }

    private func isSealed(_ bytes: [UInt8]) -> Bool {
        guard let known = record?["file"]?.string, let seal = seal(bytes) else { return false }
        return known == seal
    }

    /// The file without what devinit put into it, as long as nobody changed it since.
    private func original(of found: Found) -> [UInt8] {
        guard found.isOurs, let places = record?["places"]?.array else { return found.bytes }
        return TextReplacement.undone(
            found.bytes,
            places.compactMap { place in
                guard let offset = place["at"]?.integer, let length = place["length"]?.integer,
                    let text = place["text"]?.string
                else { return nil }
                return TextReplacement.Place(offset: offset, length: length, text: text)
            })
    }

    // MARK: Looking

    func assess() throws(NodeFailure) -> Assessment {
        if declaration.occasion == .absent, !isEdit, context.host.files.exists(declaration.place) {
            return .upToDate("is there")
        }
        let found = try found()
        let wanted = try wanted(found)
        guard let found else { return .work(.create, "is not there yet") }
        if !wanted.open.isEmpty {
            let words = "\(wanted.open[0]) is known later"
            return context.isPlanning ? .unknown(words) : .blocked(NodeFailure(.prerequisite, "\(name): \(words)"))
        }
        if found.bytes == wanted.bytes {
            if isEdit, wanted.places.isEmpty, !hasValues(found.bytes) { return .upToDate("holds no text to replace") }
            if let mode = wrongMode(found, wanted) { return .work(.update, mode) }
            if !isEdit, !found.isOurs { return .work(.update, "is as wanted by another hand: noted") }
            return .upToDate("is as wanted")
        }
        if isEdit { return .work(.update, found.isOurs ? "a value changed" : "texts are to be replaced") }
        if found.isOurs { return .work(.update, "what it is made from changed") }
        if context.take == "manifest" { return .work(.update, "another hand changed it") }
        return .upToDate(record == nil ? "was there before devinit: kept" : "yours kept: you changed it")
    }

    private func hasValues(_ bytes: [UInt8]) -> Bool { record != nil || declaration.replacements.isEmpty }

    private func wrongMode(_ found: Found, _ wanted: Wanted) -> String? {
        let isRight =
            declaration.mode != nil
            ? found.status.mode == wanted.mode
            : !wanted.hasSecret || found.status.mode & 0o077 == 0
        return isRight ? nil : "its mode is not 0\(String(wanted.mode, radix: 8))"
    }

    // MARK: Writing

    func make() async throws(NodeFailure) {
        let start = context.host.clock.monotonicSeconds
        let place = try WritablePlace.file(declaration.place, context)
        let found = try found()
        let wanted = try wanted(found)
        if let open = wanted.open.first {
            throw NodeFailure(.prerequisite, "\(name): \(open) has no value yet")
        }
        if wanted.hasSecret, found?.bytes != wanted.bytes { try await GitExposure.check(place.path, context) }
        let mode = found.map { wrongMode($0, wanted) == nil ? $0.status.mode : wanted.mode } ?? wanted.mode
        let folder = try place.folder(context)
        do throws(SystemError) {
            if found?.bytes == wanted.bytes {
                try folder.setMode(of: place.path.name, to: mode)
            } else {
                try folder.replace(place.path.name, with: wanted.bytes, mode: mode)
            }
        } catch {
            throw NodeFailure(
                .failed, "\(name) can't be written: \(error)",
                remedy: found == nil ? nil : "what was there is still there; make room or allow writing there")
        }
        try note(wanted, isNew: found == nil, seconds: context.host.clock.monotonicSeconds - start)
    }

    private func note(_ wanted: Wanted, isNew: Bool, seconds: Double) throws(NodeFailure) {
        let places: [JSON] = wanted.places.map {
            ["at": .integer($0.offset), "length": .integer($0.length), "text": .string($0.text)]
        }
        do throws(SystemError) {
            if isNew {
                try context.journal.append(.created(LedgerEntry(kind: .file, name: name, node: "\(node.id)")))
            }
            let fingerprint = JSON.members([
                "file": seal(wanted.bytes).map { .string($0) }, "places": isEdit ? .array(places) : nil,
            ])
            try context.journal.append(.done(node: "\(node.id)", fingerprint: fingerprint, seconds: seconds))
        } catch {
            throw NodeFailure(.failed, "\(name) is written, but this can't be recorded: \(error)")
        }
    }
}
