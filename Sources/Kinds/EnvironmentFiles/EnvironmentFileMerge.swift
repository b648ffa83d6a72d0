import Base
import Dotenv

/// The three-way merge of an env file, key by key: written last, found now, wanted now (manifest, "env_files").
///
/// What the manifest wants goes into keys that are as devinit wrote them. What a developer changed, added or took away
/// stays, and is named. All other bytes of the file stay as they are.
struct EnvironmentFileMerge {
    /// What the manifest wants of a key that it sets.
    enum Wish: Hashable, Sendable {
        case value(String, isSecret: Bool)
        /// An optional secret was not given: as `from` has it, else out.
        case notGiven
        /// What it refers to has no value yet, because of this node.
        case open(String)
    }

    /// What happened to a key, for people.
    enum Change: String, Hashable, Sendable { case new, changed, renamed, removed }

    /// Whose value stands where a file has no record yet.
    enum Side: String { case manifest, mine }

    var source: DotenvDocument?
    var wishes: OrderedMap<String, Wish>
    var unset: Set<String>
    var renamed: [(new: String, old: String)]
    /// nil: the file is not there.
    var found: DotenvDocument?
    /// nil: devinit never wrote it.
    var record: EnvironmentFileRecord?
    var dialects: Set<Dialect>
    var side: Side?
    var hash: (_ key: String, _ value: String) -> String?

    struct Result {
        var document: DotenvDocument
        var record: EnvironmentFileRecord
        var changes: [(key: String, change: Change)] = []
        /// Keys that differ from what the manifest wants because a developer changed them.
        var kept: [String] = []
        /// Keys that differ in a file without record: a person must say whose value stands.
        var conflicts: [String] = []
        /// Keys whose value is not known yet, and the node that will know it.
        var open: [(key: String, node: String)] = []
        /// Whether a secret of the manifest stands in it.
        var hasSecret = false
        var hasNewRecord = false
    }

    /// A key that can't be written, and why; never holds the value.
    struct Failure: Error {
        var key: String
        var message: String
    }

    func merged() throws(Failure) -> Result {
        var result = Result(document: found ?? source ?? DotenvDocument(parsing: []), record: EnvironmentFileRecord())
        result.record.dialects = dialects
        var base = record ?? EnvironmentFileRecord()
        rename(&result, &base)
        var previous: String?
        for key in wantedKeys {
            try merge(key, after: previous, base, &result)
            if result.document.contains(key) { previous = key }
        }
        try retire(base, &result)
        result.hasNewRecord = record != result.record
        return result
    }

    /// In the order of `from`, then of the manifest.
    private var wantedKeys: [String] {
        let own = (source?.keys ?? []).filter { !unset.contains($0) }
        let known = Set(own)
        return own + wishes.keys.filter { !known.contains($0) && wishes[$0] != .notGiven }
    }

    private func rename(_ result: inout Result, _ base: inout EnvironmentFileRecord) {
        for (new, old) in renamed where found != nil && result.document.contains(old) {
            guard result.document.rename(old, to: new) else { continue }
            base.keys[new] = base.keys.removeValue(forKey: old)
            result.changes.append((new, .renamed))
        }
    }

    // MARK: One key

    private func merge(
        _ key: String, after previous: String?, _ base: EnvironmentFileRecord, _ result: inout Result
    ) throws(Failure) {
        let written = base.keys[key]
        let isFound = result.document.contains(key)
        guard let text = try wanted(key, base, &result) else { return }
        if found == nil {
            try put(text, at: key, after: previous, &result)
            return note(text, at: key, &result)
        }
        if isFound, text.isAlready(key, in: result.document) { return note(text, at: key, &result) }
        let isOurs =
            isFound ? base.holds(key, in: result.document, hash) : written == nil
        if isOurs {
            let change: Change = isFound ? .changed : .new
            try put(text, at: key, after: previous, &result)
            note(text, at: key, &result)
            if !renamed.contains(where: { $0.new == key }) || change == .new { result.changes.append((key, change)) }
            return
        }
        // Another value than written last, or none where one was written: the developer's.
        try keep(key, instead: text, written, &result)
    }

    private func keep(
        _ key: String, instead text: Wanted, _ written: EnvironmentFileRecord.Written?, _ result: inout Result
    ) throws(Failure) {
        let isSet = wishes[key] != nil && text.isFromManifest
        if record == nil {
            // A file of an old script: what equals the template was never touched by anybody.
            let isTemplate = source.flatMap { $0.rawValue(of: key) }.map { result.document.has(key, text: $0) } ?? false
            if isSet, isTemplate || side == .manifest {
                try put(text, at: key, after: nil, &result)
                note(text, at: key, &result)
                result.changes.append((key, .changed))
                return
            }
            if isSet, side == nil {
                result.conflicts.append(key)
                return
            }
        }
        result.kept.append(key)
        result.record.keys[key] = written
    }

    /// Keys that were written once and are wanted no more, and those of `unset` in a file of an old script.
    private func retire(_ base: EnvironmentFileRecord, _ result: inout Result) throws(Failure) {
        let wanted = Set(wantedKeys)
        for key in result.document.keys where !wanted.contains(key) {
            let isOurs: Bool
            if found == nil {
                isOurs = true
            } else if record == nil {
                guard unset.contains(key) else { continue }
                let isTemplate = source?.rawValue(of: key).map { result.document.has(key, text: $0) } ?? false
                isOurs = isTemplate || side == .manifest
                if !isOurs, side == nil {
                    result.conflicts.append(key)
                    continue
                }
            } else {
                guard base.keys[key] != nil else { continue }
                isOurs = base.holds(key, in: result.document, hash)
            }
            guard isOurs else {
                result.kept.append(key)
                result.record.keys[key] = base.keys[key]
                continue
            }
            guard result.document.remove(key) else { throw unchangeable(key) }
            if found != nil { result.changes.append((key, .removed)) }
        }
    }

    // MARK: Texts

    /// What should stand behind `KEY=`.
    private struct Wanted {
        var text: String
        /// The value where the manifest says it; nil where the text is that of `from`.
        var value: String?
        var isSecret: Bool
        var isFromManifest: Bool { value != nil }

        func isAlready(_ key: String, in document: DotenvDocument) -> Bool {
            if let value { return document.has(key, value: value) }
            return document.has(key, text: text)
        }
    }

    /// nil: the key is not wanted, or its value is not known yet and all stays as it is.
    private func wanted(
        _ key: String, _ base: EnvironmentFileRecord, _ result: inout Result
    ) throws(Failure) -> Wanted? {
        let template = source?.rawValue(of: key).map { Wanted(text: $0, value: nil, isSecret: false) }
        switch wishes[key] {
        case nil, .notGiven: return template
        case .open(let node):
            result.open.append((key, node))
            result.record.keys[key] = found == nil ? template.map { .text($0.text) } : base.keys[key]
            return nil
        case .value(let value, let isSecret):
            if isSecret { result.hasSecret = true }
            // A text that already means the value to the same readers is not made anew.
            if record?.dialects == dialects, let raw = found?.rawValue(of: key), found?.has(key, value: value) == true {
                return Wanted(text: raw, value: value, isSecret: isSecret)
            }
            do throws(DotenvInexpressible) {
                let text = try DotenvWriter.text(for: value, dialects: dialects)
                return Wanted(text: text, value: value, isSecret: isSecret)
            } catch {
                throw Failure(key: key, message: error.description)
            }
        }
    }

    private func put(
        _ wanted: Wanted, at key: String, after previous: String?, _ result: inout Result
    ) throws(Failure) {
        if result.document.contains(key) {
            if result.document.rawValue(of: key)?.utf8.elementsEqual(wanted.text.utf8) == true { return }
            guard result.document.set(key, rawText: wanted.text) else { throw unchangeable(key) }
            return
        }
        let comments = source?.comments(above: key) ?? []
        let place: DotenvDocument.Place
        if source?.contains(key) == true {
            place = previous.map { .after($0) } ?? following(key, in: result.document)
        } else {
            place = .end
        }
        let done = result.document.insert(
            key, rawText: wanted.text, at: place, comments: comments, hasExport: source?.hasExport(key) ?? false)
        guard done else { throw unchangeable(key) }
    }

    /// Before the next key of `from` that the file has.
    private func following(_ key: String, in document: DotenvDocument) -> DotenvDocument.Place {
        let next = source?.keys.drop { $0 != key }.dropFirst().first { document.contains($0) }
        return next.map { .before($0) } ?? .end
    }

    private func note(_ wanted: Wanted, at key: String, _ result: inout Result) {
        if wanted.isSecret, let value = wanted.value {
            result.record.keys[key] = hash(key, value).map { .secret(hash: $0) }
        } else {
            result.record.keys[key] = .text(wanted.text)
        }
    }

    private func unchangeable(_ key: String) -> Failure {
        Failure(key: key, message: "the line can't be changed safely: a quote near it is never closed")
    }
}
