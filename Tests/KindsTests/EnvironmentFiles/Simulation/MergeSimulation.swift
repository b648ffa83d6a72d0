import Base
import Dotenv
import HostFakes

@testable import Kinds

/// One env file through a few rounds of a developer's edits and a manifest's changes, and what must hold after each.
struct MergeSimulation {
    /// What happened, so that a test can tell whether everything was tried.
    enum Event: CaseIterable {
        case created, oldFile, conflict, new, changed, renamed, removed, taken, kept, settled, keptAway, refused
        case readBack, open, notGiven
    }

    private(set) var problems: [String] = []
    private(set) var seen: Set<Event> = []
    private var draws: MergeDraws
    private let dialects: Set<Dialect>

    private var manifest = MergeManifest()
    /// The file's bytes; nil: it is not there.
    private var file: [UInt8]?
    private var record: EnvironmentFileRecord?
    private var choices = EnvironmentFileChoices()

    init(_ seed: UInt64) {
        draws = MergeDraws(seed)
        dialects = draws.dialects()
    }

    mutating func run() {
        manifest = draws.manifest()
        if draws.chance(0.3) { file = draws.file() }
        for round in 0..<(draws.chance(0.3) ? 3 : 2) {
            if round > 0 {
                if let file { self.file = draws.edited(file) }
                manifest = draws.changed(manifest)
            }
            merge()
            if !problems.isEmpty { return }
        }
    }

    private func merging(
        _ file: [UInt8]?, _ record: EnvironmentFileRecord?, _ choices: EnvironmentFileChoices,
        _ side: EnvironmentFiles.Side? = nil
    ) -> EnvironmentFileMerge {
        EnvironmentFileMerge(
            source: manifest.source.map { DotenvDocument(parsing: $0) }, wishes: manifest.wishes,
            unset: manifest.unset, renamed: manifest.renamed, found: file.map { DotenvDocument(parsing: $0) },
            record: record, choices: choices, dialects: dialects, side: side, hash: { "\($0) \($1.utf8.count) \($1)" })
    }

    private mutating func merge() {
        let side = record == nil ? draws.side() : nil
        let merge = merging(file, record, choices, side)
        let result: EnvironmentFileMerge.Result
        do throws(EnvironmentFileMerge.Failure) { result = try merge.merged() } catch {
            // Nothing is written then. With lines that all can read only a value can stand in the way.
            seen.insert(.refused)
            if draws.isTame, !error.message.contains("cannot be written") {
                fail("refused: \(error.message)", error.key)
            }
            return
        }
        note(result)
        if let file { checkKept(file, result, side) }
        checkReadBack(result)
        // A conflict is settled by a person, key by key or all at once; until then nothing is written.
        guard result.conflicts.isEmpty else {
            for key in result.conflicts {
                choices.keys[key] =
                    draws.chance(0.5)
                    ? .manifest
                    : .mine(insteadOf: result.wanted(key).flatMap { merge.written($0, at: key) })
            }
            return self.merge()
        }
        checkTwice(result)
        file = result.document.bytes
        record = result.record
        choices = result.choices
        for key in result.kept where draws.chance(0.3) {
            choices.keys[key] =
                draws.chance(0.5)
                ? .manifest : .mine(insteadOf: result.wanted(key).flatMap { merge.written($0, at: key) })
        }
    }

    private mutating func fail(_ what: String, _ key: String = "") {
        let text = file.map { String(decoding: $0, as: UTF8.self).debugDescription } ?? "none"
        problems.append(
            "\(what) \(key)\n  file \(text)\n  manifest \(manifest)\n  dialects \(dialects.map(\.rawValue))")
    }

    private mutating func note(_ result: EnvironmentFileMerge.Result) {
        seen.insert(file == nil ? .created : record == nil ? .oldFile : .kept)
        for (_, change) in result.changes {
            switch change {
            case .new: seen.insert(.new)
            case .changed: seen.insert(.changed)
            case .renamed: seen.insert(.renamed)
            case .removed: seen.insert(.removed)
            case .taken: seen.insert(.taken)
            }
        }
        if !result.conflicts.isEmpty { seen.insert(.conflict) }
        if !result.settled.isEmpty { seen.insert(.settled) }
        if !result.open.isEmpty { seen.insert(.open) }
        if manifest.wishes.contains(where: { $0.value == .notGiven }) { seen.insert(.notGiven) }
    }

    // MARK: What must hold

    /// Every byte that is not of a key whose change is told stands there as before, in its order; and a key that a
    /// developer changed is not among those.
    private mutating func checkKept(
        _ file: [UInt8], _ result: EnvironmentFileMerge.Result, _ side: EnvironmentFiles.Side?
    ) {
        let found = DotenvDocument(parsing: file)
        var touched = Set(result.changes.map(\.key))
        for (new, old) in manifest.renamed where touched.contains(new) { touched.insert(old) }
        let before = MergeText(file).lines(without: touched)
        let after = MergeText(result.document.bytes).lines(without: [])
        if let before, let after, let lost = MergeText.firstLost(before, in: after) {
            let text = String(decoding: result.document.bytes, as: UTF8.self).debugDescription
            fail(
                "a line is lost or changed: \(lost) of \(before.map { String(decoding: $0, as: UTF8.self) }) in \(text), changes \(result.changes)"
            )
        }
        for key in found.keys where touched.contains(key) {
            guard !manifest.renamed.contains(where: { $0.old == key || $0.new == key }) else { continue }
            if choices.keys[key] == .manifest || side == .manifest { continue }
            let template = manifest.source.flatMap { DotenvDocument(parsing: $0).rawValue(of: key) }
            let isWritten: Bool =
                switch record?.keys[key] {
                case .text(let text): found.has(key, text: text)
                case .secret(let hash):
                    found.value(of: key).map { "\(key) \($0.utf8.count) \($0)" == hash } ?? false
                case nil: record == nil && template.map { found.has(key, text: $0) } ?? false
                }
            if !isWritten { fail("a developer's value is replaced or removed: \(found.rawValue(of: key) ?? "")", key) }
        }
        guard let record else { return }
        for key in record.keys.keys where !found.contains(key) && result.document.contains(key) {
            let isRenamed = manifest.renamed.contains { $0.new == key && found.contains($0.old) }
            if !isRenamed, choices.keys[key] != .manifest { fail("a key that a developer took out is back", key) }
        }
        if record.keys.keys.contains(where: { !found.contains($0) }) { seen.insert(.keptAway) }
    }

    /// What the merge wrote means the same to every declared reader, in the whole file.
    private mutating func checkReadBack(_ result: EnvironmentFileMerge.Result) {
        // Lines that are not ours may stop any reader.
        guard draws.isTame, result.conflicts.isEmpty else { return }
        let text = String(decoding: result.document.bytes, as: UTF8.self)
        let isCRLF = text.utf8.contains(UInt8(ascii: "\r"))
        var keys = result.changes.filter { $0.change != .removed }.map(\.key)
        if file == nil { keys = result.document.keys.filter { result.wanted($0) != nil } }
        keys = keys.filter { !result.kept.contains($0) && !result.settled.contains($0) }
        // A line that got another name and no other text is still its writer's.
        let renamed = Set(result.changes.filter { $0.change == .renamed }.map(\.key))
        keys = keys.filter { !renamed.contains($0) || result.wanted($0)?.value?.isEmpty == false }
        if keys.isEmpty { return }
        // One reader at a time is enough mostly, and takes a quarter of the time.
        let readers = draws.chance(0.2) ? dialects : [draws.one(of: dialects.sorted { $0.rawValue < $1.rawValue })]
        // A shell reads a carriage return as part of the value, whoever wrote it.
        for dialect in readers where dialect != .sh || !isCRLF {
            guard let values = try? DotenvReader.values(of: text, dialect: dialect) else {
                fail("\(dialect) can't read the file\n\(text.debugDescription)")
                return
            }
            for key in keys {
                guard let wanted = result.wanted(key)?.value else { continue }
                seen.insert(.readBack)
                let value = values[key]
                if value.map({ Array($0.utf8) }) != Array(wanted.utf8) {
                    fail(
                        "\(dialect) reads \(value.debugDescription), not \(wanted.debugDescription)\n\(text.debugDescription)",
                        key)
                }
            }
        }
    }

    /// The same again changes nothing.
    private mutating func checkTwice(_ result: EnvironmentFileMerge.Result) {
        let bytes = result.document.bytes
        guard let again = try? merging(bytes, result.record, result.choices).merged() else {
            fail("the second merge is refused")
            return
        }
        if again.document.bytes != bytes {
            fail(
                "the second merge changes \(String(decoding: bytes, as: UTF8.self).debugDescription) to "
                    + String(decoding: again.document.bytes, as: UTF8.self).debugDescription)
        }
        if again.record != result.record { fail("the second merge keeps another record") }
        let changes = again.changes.filter { $0.change != .renamed }
        if !changes.isEmpty { fail("the second merge tells changes: \(changes)") }
        if !again.conflicts.isEmpty { fail("the second merge finds conflicts: \(again.conflicts)") }
    }
}
