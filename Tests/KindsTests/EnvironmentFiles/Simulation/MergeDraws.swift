import Base
import Dotenv
import HostFakes

@testable import Kinds

/// What a manifest says of one env file.
struct MergeManifest {
    var source: [UInt8]?
    var wishes = OrderedMap<String, EnvironmentFileMerge.Wish>()
    var unset: Set<String> = []
    var renamed: [(new: String, old: String)] = []
}

extension MergeManifest: CustomStringConvertible {
    var description: String {
        let source = source.map { String(decoding: $0, as: UTF8.self).debugDescription } ?? "none"
        return "from \(source) set \(wishes.map { "\($0.key)=\($0.value)" }) unset \(unset) renamed \(renamed)"
    }
}

/// Draws files, edits and manifests.
struct MergeDraws {
    private var random: SeededGenerator
    /// Whether every line is one that all dialects can read; else anything may stand there.
    let isTame: Bool

    private static let keys = ["A", "B", "C", "LONG_KEY"]
    private static let plain = ["1", "two", "http://h:80/x?y=1", "a/b", "", "x=y", "changeme"]
    private static let nasty = [
        "a b", "it's", "say \"hi\"", "p@ss#word", "$HOME", "${A}", "C:\\dir\\", "a\nb", " pad ", "`id`", "#x", "é 🙂",
        "\\n",
        "-----BEGIN-----\nx+/=\n-----END-----\n",
    ]
    private static let tameTexts = ["1", "two", "\"a b\"", "'a b'", "", "\"\"", "'x#y'", "changeme", "http://h/x"]
    private static let wildTexts = [
        "a b", "'open", "\"open", "`tick`", "x # y", "#x", "\"a\nb\"", "'a\\'", "\"a\\\"", "$B", "a\\", "'a' b",
        "\"x\" # c",
        "\"a\\nb\"", "''",
    ]
    private static let wildLines = [
        "<<<<<<< HEAD", "garbage", " = ", "'", "\"", "if true; then", "A", "export", "\t", "\u{feff}", "K: yaml", ":",
    ]

    init(_ seed: UInt64) {
        random = SeededGenerator(seed: seed)
        isTame = seed % 2 == 0
    }

    mutating func chance(_ share: Double) -> Bool { Double(random.below(1000)) < share * 1000 }

    mutating func one<Element>(of list: [Element]) -> Element {
        list[random.below(list.count)]
    }

    mutating func dialects() -> Set<Dialect> {
        if chance(0.6) { return [.compose, .node, .python, .sh] }
        return Set(Dialect.allCases.filter { _ in chance(0.5) } + [one(of: Dialect.allCases)])
    }

    mutating func side() -> EnvironmentFiles.Side? { one(of: [nil, .mine, .manifest]) }

    // MARK: Files

    private mutating func text() -> String {
        isTame || chance(0.6) ? one(of: Self.tameTexts) : one(of: Self.wildTexts)
    }

    private mutating func line(_ key: String) -> String {
        var line = "\(key)=\(text())"
        // Ruby's dotenv refuses an export of nothing.
        if chance(0.2), !isTame || !line.hasSuffix("=") { line = "export " + line }
        if !isTame, chance(0.1) { line = " \(key) = \(text())" }
        if chance(0.2) { line += " # why \(random.below(100))" }
        return line
    }

    private mutating func other() -> String {
        if !isTame, chance(0.3) { return one(of: Self.wildLines) }
        return chance(0.6) ? "# note \(random.below(100))" : ""
    }

    mutating func file() -> [UInt8] {
        let ending = chance(0.25) ? "\r\n" : "\n"
        var lines: [String] = []
        for _ in 0..<random.below(5) {
            lines.append(chance(0.65) ? line(one(of: Self.keys)) : other())
        }
        var text = lines.joined(separator: ending)
        if !lines.isEmpty, chance(0.75) { text += ending }
        if !isTame, chance(0.05) { text = "\u{feff}" + text }
        return Array(text.utf8)
    }

    /// What a developer does to a file, by its lines.
    mutating func edited(_ file: [UInt8]) -> [UInt8] {
        var lines = String(decoding: file, as: UTF8.self).unicodeScalars.split(
            separator: "\n", omittingEmptySubsequences: false
        ).map { String($0) }
        // Tame edits leave a file with a value that spans lines alone.
        let isWhole =
            isTame
            && lines.contains { line in
                "'\"".unicodeScalars.contains { quote in line.unicodeScalars.count { $0 == quote } % 2 == 1 }
            }
        for _ in 0..<random.below(3) where !isWhole {
            let place = random.below(lines.count)
            switch random.below(5) {
            case 0: lines.insert("# mine \(random.below(100))", at: place)
            case 1: lines.insert("OWN_\(random.below(9))=\(text())", at: place)
            case 2: lines.remove(at: place)
            case 3: lines[place] = line(one(of: Self.keys))
            default: lines[place] = other()
            }
            if lines.isEmpty { lines = [""] }
        }
        return Array(lines.joined(separator: "\n").utf8)
    }

    // MARK: Manifests

    private mutating func wish() -> EnvironmentFileMerge.Wish {
        let roll = random.below(100)
        if roll < 5 { return .notGiven }
        if roll < 10 { return .open("secret:x") }
        return .value(chance(0.8) ? one(of: Self.plain) : one(of: Self.nasty), isSecret: chance(0.2))
    }

    mutating func manifest() -> MergeManifest {
        var manifest = MergeManifest()
        if chance(0.8) { manifest.source = file() }
        for key in Self.keys where chance(0.4) { manifest.wishes[key] = wish() }
        for key in Self.keys where chance(0.1) && manifest.wishes[key] == nil { manifest.unset.insert(key) }
        return manifest
    }

    mutating func changed(_ manifest: MergeManifest) -> MergeManifest {
        var manifest = manifest
        manifest.renamed = []
        if chance(0.4), manifest.source != nil { manifest.source = file() }
        for _ in 0..<random.below(3) {
            let key = one(of: Self.keys)
            if chance(0.25) {
                manifest.wishes[key] = nil
                if chance(0.4) { manifest.unset.insert(key) }
            } else {
                manifest.wishes[key] = wish()
                manifest.unset.remove(key)
            }
        }
        if chance(0.2) {
            let (old, new) = (one(of: Self.keys), one(of: Self.keys))
            // The manifest refuses to set a key that it renames.
            if old != new, manifest.wishes[new] != nil {
                manifest.wishes[old] = nil
                manifest.renamed = [(new, old)]
            }
        }
        return manifest
    }
}
