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
    enum Change: String, Hashable, Sendable {
        case new, changed, renamed, removed
        /// A person let go of their own value.
        case taken
    }

    /// Whose value stands where a file has no record yet.
    typealias Side = EnvironmentFiles.Side

    var source: DotenvDocument?
    var wishes: OrderedMap<String, Wish>
    var unset: Set<String>
    var renamed: [(new: String, old: String)]
    /// nil: the file is not there.
    var found: DotenvDocument?
    fileprivate(set) var isThere = false
    /// nil: devinit never wrote it.
    var record: EnvironmentFileRecord?
    var choices = EnvironmentFileChoices()
    var dialects: Set<Dialect>
    var side: Side?
    var hash: (_ key: String, _ value: String) -> String?

    struct Result {
        var document: DotenvDocument
        var record: EnvironmentFileRecord
        /// What people decided and still counts.
        var choices = EnvironmentFileChoices()
        var changes: [(key: String, change: Change)] = []
        /// Keys that differ from what the manifest wants because a developer changed them.
        var kept: [String] = []
        /// Such keys of which nobody needs to hear: a person settled them, or filled in what was left open.
        var settled: [String] = []
        /// Keys that differ in a file without record: a person must say whose value stands.
        var conflicts: [String] = []
        /// Keys whose value is not known yet, and the node that will know it.
        var open: [(key: String, node: String)] = []
        /// What should stand there, of each key that the manifest sets to something known.
        var own: [String: Wanted] = [:]
        /// Where the other keys come from, but for some.
        var source: DotenvDocument?
        var unset: Set<String>
        /// Whether a secret of the manifest stands in it.
        var hasSecret = false
        var hasNewRecord = false

        /// What should stand there; nil where nothing should, or it is not known yet.
        func wanted(_ key: String) -> Wanted? {
            if open.contains(where: { $0.key == key }) { return nil }
            if let own = own[key] { return own }
            guard !unset.contains(key), let text = source?.rawValue(of: key) else { return nil }
            return Wanted(text: text, value: nil, isSecret: false)
        }
    }

    /// A key that can't be written, and why; never holds the value.
    struct Failure: Error {
        var key: String
        var message: String
    }

    consuming func merged() throws(Failure) -> Result {
        var merge = self
        merge.renameSource()
        return try merge.mergedByNewNames()
    }

    /// A source that still has the old name of a key means the new one.
    private mutating func renameSource() {
        for (new, old) in renamed where source?.contains(old) == true {
            if source?.rename(old, to: new) != true { source?.remove(old) }
        }
    }

    private mutating func mergedByNewNames() throws(Failure) -> Result {
        var base = record ?? EnvironmentFileRecord()
        base.dialects = dialects
        var result = Result(
            document: found ?? source ?? DotenvDocument(parsing: []), record: base, source: source, unset: unset)
        isThere = found != nil
        // The only one who has it can change it in place.
        found = nil
        var choices = choices.keys
        rename(&result, &base, &choices)
        result.record.keys = base.keys
        var previous: String?
        var (standing, recorded) = (0, 0)
        var (inSource, inDocument) = (DotenvDocument.Walk(), DotenvDocument.Walk())
        for key in wantedKeys {
            if isUntouched(key, base, &inSource, result.document, &inDocument) {
                (previous, standing, recorded) = (key, standing + 1, recorded + 1)
                continue
            }
            if try merge(key, after: previous, base, choices[key], &result) {
                (previous, standing) = (key, standing + 1)
            }
            if result.record.keys[key] != nil { recorded += 1 }
        }
        if standing < result.document.count || recorded < result.record.keys.count {
            try retire(base, choices, &result)
        }
        result.hasNewRecord = record != result.record
        return result
    }

    /// In the order of `from`, then of the manifest.
    private var wantedKeys: [String] {
        let keys = (source?.keys ?? []).filter { !unset.contains($0) }
        return keys + wishes.keys.filter { !isFromSource($0) && isWished($0) }
    }

    private func isWanted(_ key: String) -> Bool { isFromSource(key) || isWished(key) }

    private func isFromSource(_ key: String) -> Bool { source?.contains(key) == true && !unset.contains(key) }

    private func isWished(_ key: String) -> Bool { wishes[key].map { $0 != .notGiven } ?? false }

    private func rename(
        _ result: inout Result, _ base: inout EnvironmentFileRecord,
        _ choices: inout [String: EnvironmentFileChoices.Choice]
    ) {
        for (new, old) in renamed where isThere && result.document.contains(old) {
            guard result.document.rename(old, to: new) else { continue }
            base.keys[new] = base.keys.removeValue(forKey: old)
            choices[new] = choices.removeValue(forKey: old)
            result.changes.append((new, .renamed))
        }
    }

    // MARK: One key

    /// Whether it is as the source has it, as it was written last and as it stands: nearly all keys of a large file.
    private func isUntouched(
        _ key: String, _ base: EnvironmentFileRecord, _ inSource: inout DotenvDocument.Walk,
        _ document: DotenvDocument, _ inDocument: inout DotenvDocument.Walk
    ) -> Bool {
        guard isThere, wishes[key] == nil, let source, case .text(let text) = base.keys[key] else { return false }
        return document.isRaw(text, at: key, &inDocument) && source.isRaw(text, at: key, &inSource)
    }

    /// Whether the key stands in the file now.
    private func merge(
        _ key: String, after previous: String?, _ base: EnvironmentFileRecord,
        _ choice: EnvironmentFileChoices.Choice?, _ result: inout Result
    ) throws(Failure) -> Bool {
        guard let text = try wanted(key, base, &result) else {
            result.choices.keys[key] = choice
            return result.document.contains(key)
        }
        if text.isFromManifest { result.own[key] = text }
        let isFound = result.document.contains(key)
        if isFound, isThere, text.isAlready(key, in: result.document) {
            note(text, at: key, &result)
            return true
        }
        if !isThere {
            try put(text, at: key, after: previous, &result)
            note(text, at: key, &result)
            return true
        }
        let isOurs = isFound ? base.holds(key, in: result.document, hash) : base.keys[key] == nil
        if isOurs || choice == .manifest {
            let change: Change = isOurs ? isFound ? .changed : .new : .taken
            try put(text, at: key, after: previous, &result)
            note(text, at: key, &result)
            // Of a key that has a new name that is told.
            let isRenamed = result.changes.prefix(renamed.count).contains { $0.key == key && $0.change == .renamed }
            if !isRenamed { result.changes.append((key, change)) }
            return true
        }
        // Another value than written last, or none where one was written: the developer's.
        try keep(key, instead: text, choice, &result)
        return result.document.contains(key)
    }

    private func keep(
        _ key: String, instead text: Wanted, _ choice: EnvironmentFileChoices.Choice?, _ result: inout Result
    ) throws(Failure) {
        let isSet = wishes[key] != nil && text.isFromManifest
        let mine = EnvironmentFileChoices.Choice.mine(insteadOf: self.written(text, at: key))
        if record == nil {
            // A file of an old script: what equals the template was never touched by anybody.
            let isTemplate = source.flatMap { $0.rawValue(of: key) }.map { result.document.has(key, text: $0) } ?? false
            if isSet, isTemplate || side == .manifest {
                try put(text, at: key, after: nil, &result)
                note(text, at: key, &result)
                result.changes.append((key, .changed))
                return
            }
            if isSet, side == nil, choice != mine {
                result.conflicts.append(key)
                return
            }
            if isSet { result.choices.keys[key] = mine }
        }
        if choice == mine { result.choices.keys[key] = mine }
        let isSettled = result.choices.keys[key] != nil || isFilledIn(key, instead: text, in: result.document)
        if isSettled { result.settled.append(key) } else { result.kept.append(key) }
    }

    /// Whether a person gave a value where the source left it open, as they were meant to.
    private func isFilledIn(_ key: String, instead text: Wanted, in document: DotenvDocument) -> Bool {
        guard !text.isFromManifest, document.value(of: key)?.isEmpty == false else { return false }
        let template = source?.value(of: key) ?? ""
        return template.isEmpty || Placeholder.isOne(template)
    }

    /// Keys that were written once and are wanted no more, and those of `unset` in a file of an old script.
    private func retire(
        _ base: EnvironmentFileRecord, _ choices: [String: EnvironmentFileChoices.Choice], _ result: inout Result
    ) throws(Failure) {
        let unwanted = result.document.keys.filter { !isWanted($0) }
        let names = Set(renamed.map(\.new))
        // Of those that are not wanted any more the record keeps what still has to be told from the developer's.
        var retained: Set<String> = []
        for key in unwanted.filter({ !names.contains($0) }) + unwanted.filter(names.contains) {
            // Another key waits for this name and stays; if this one went, the next merge would rename that.
            if renamed.contains(where: { $0.new == key && result.document.contains($0.old) }) {
                retained.insert(key)
                continue
            }
            var isOurs = true
            if isThere, record == nil {
                guard unset.contains(key) else { continue }
                isOurs = source?.rawValue(of: key).map { result.document.has(key, text: $0) } ?? false
            } else if isThere {
                guard base.keys[key] != nil else { continue }
                isOurs = base.holds(key, in: result.document, hash)
            }
            switch choices[key] {
            // From now on it is one of those that nobody but the developer knows.
            case .mine(insteadOf: nil) where !isOurs: continue
            case .manifest: isOurs = true
            default: break
            }
            if !isOurs, record == nil, let side {
                if side == .mine { continue }
                isOurs = true
            }
            guard isOurs else {
                if record == nil {
                    result.conflicts.append(key)
                } else {
                    result.kept.append(key)
                    retained.insert(key)
                }
                continue
            }
            guard result.document.remove(key) else { throw unchangeable(key) }
            if isThere { result.changes.append((key, .removed)) }
        }
        for key in base.keys.keys where !isWanted(key) && !retained.contains(key) { result.record.keys[key] = nil }
    }

    // MARK: Texts

    /// What should stand behind `KEY=`.
    struct Wanted {
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
            if !isThere { result.record.keys[key] = template.map { .text($0.text) } }
            return nil
        case .value(let value, let isSecret):
            if isSecret { result.hasSecret = true }
            // A text that already means the value to the same readers is not made anew.
            if isThere, record?.dialects == dialects, result.document.has(key, value: value),
                let raw = result.document.rawValue(of: key)
            {
                return Wanted(text: raw, value: value, isSecret: isSecret)
            }
            do throws(DotenvInexpressible) {
                let isExported =
                    result.document.contains(key)
                    ? result.document.hasExport(key) : source?.hasExport(key) ?? false
                let text = try DotenvWriter.text(
                    for: value, dialects: dialects, behindExport: isExported)
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
            // Nothing before a comment is not nothing to Compose, so that is written anew.
            let isBare = wanted.isFromManifest && wanted.text.isEmpty
            if !isBare, result.document.isRaw(wanted.text, at: key) { return }
            // An export of nothing is none to Ruby's dotenv; in quotes it means the same to all.
            let isExportOfNothing = wanted.text.isEmpty && result.document.hasExport(key)
            guard result.document.set(key, rawText: isExportOfNothing ? "\"\"" : wanted.text) else {
                throw unchangeable(key)
            }
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

    /// As it came to stand in the file: a comment behind an empty value asks for quotes.
    private func note(_ wanted: Wanted, at key: String, _ result: inout Result) {
        var wanted = wanted
        if !result.document.isRaw(wanted.text, at: key), let raw = result.document.rawValue(of: key) {
            wanted.text = raw
        }
        let written = written(wanted, at: key)
        if result.record.keys[key] != written { result.record.keys[key] = written }
    }

    /// What the record keeps of a text.
    func written(_ wanted: Wanted, at key: String) -> EnvironmentFileRecord.Written? {
        EnvironmentFileRecord.Written(wanted, at: key, hash)
    }

    private func unchangeable(_ key: String) -> Failure {
        Failure(key: key, message: "the line can't be changed safely: a quote near it is never closed")
    }
}
