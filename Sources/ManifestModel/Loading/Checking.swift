import Base
import Versions
import YAML

/// Holds a merged tree against its shape and gathers every problem, each with its place.
struct Checking {
    /// What a value is called in messages, put into words only for one.
    enum Title {
        case words(String)
        case key(String)

        var words: String {
            switch self {
            case .words(let words): words
            case .key(let name): "'\(name)'"
            }
        }
    }

    var diagnostics = Diagnostics()
    /// Keys in use that have no effect yet.
    var later: [Diagnostic] = []

    mutating func check(_ node: YAMLNode, as shape: Shape, title: Title) {
        if node.isOverride { checkOverride(node, shape) }
        if node.isAbsent { return }
        switch shape {
        case .text(let format): checkText(node, format, title, interpolated: true)
        case .literal(let format): checkText(node, format, title, interpolated: false)
        case .boolean, .integer, .number, .choice: checkScalar(node, shape, title)
        case .list(let element):
            for item in node.itemsOrOne { check(item, as: element, title: title) }
        case .map(let element, let names, let special):
            checkMap(node, element, names, special, title)
        case .object(let object): check(node, as: object)
        case .either(let shapes):
            guard let chosen = shapes.first(where: { $0.accepts(node) }) ?? shapes.last else { return }
            if isPending(node), !shapes.contains(where: { $0.accepts(node) }) { return }
            check(node, as: chosen, title: title)
        case .anything: break
        }
    }

    /// Compose's tag means nothing outside Compose's own keys.
    private mutating func checkOverride(_ node: YAMLNode, _ shape: Shape) {
        if case .anything(composed: true) = shape { return }
        diagnostics.add(
            Diagnostic(
                code: "yaml-tag", "'!override' is known only inside 'compose' of a service", at: node.location,
                suggestion: "a list replaces the one before it anyway"))
    }

    private mutating func check(_ node: YAMLNode, as object: ObjectShape) {
        guard case .mapping(let entries) = node.value else {
            return expected("a mapping with the keys of \(object.title)", node, .words(object.title))
        }
        for entry in entries where !entry.key.hasPrefix("x-") {
            guard let key = object.key(entry.key) else {
                let near = TextDistance.nearest(to: entry.key, among: object.keys.map(\.name))
                diagnostics.add(
                    Diagnostic(
                        code: "unknown-key", "\(object.title) has no key '\(entry.key)'", at: entry.keyLocation,
                        suggestion: near.map { "did you mean '\($0)'?" }
                            ?? "known keys: \(object.keys.map(\.name).joined(separator: ", "))"))
                continue
            }
            if key.availability == .later, !entry.value.isAbsent {
                later.append(
                    Diagnostic(
                        .warning, code: "no-effect-yet",
                        "'\(entry.key)' of \(object.title) is read but has no effect yet", at: entry.keyLocation))
            }
            check(entry.value, as: key.shape, title: .key(entry.key))
        }
        func isPresent(_ name: String) -> Bool { entries.contains { $0.key == name && !$0.value.isAbsent } }
        // By place: to take out a declaration with all its texts, only to pass over it, would cost more than all else.
        for place in object.keys.indices where object.keys[place].isRequired {
            let name = object.keys[place].name
            if isPresent(name) { continue }
            diagnostics.add(
                Diagnostic(code: "missing-key", "\(object.title) needs the key '\(name)'", at: node.location))
        }
        for slot in object.slots where entries.count > 1 {
            let chosen = entries.filter { slot.contains($0.key) && !$0.value.isAbsent && object.chooses($0) }
            if chosen.count > 1 {
                let names = chosen.map { "'\($0.key)'" }.joined(separator: " and ")
                diagnostics.add(
                    Diagnostic(
                        code: "conflicting-keys", "\(object.title) has \(names); only one of them may stand",
                        at: chosen[1].keyLocation))
            }
        }
    }

    private mutating func checkMap(
        _ node: YAMLNode, _ element: Shape, _ names: NameRule, _ special: [KeySpec], _ title: Title
    ) {
        guard case .mapping(let entries) = node.value else { return expected("a mapping", node, title) }
        for entry in entries {
            if let key = special.first(where: { $0.name == entry.key }) {
                check(entry.value, as: key.shape, title: .key(entry.key))
                continue
            }
            if !names.allows(entry.key) {
                diagnostics.add(
                    Diagnostic(
                        code: "bad-name", "'\(entry.key)' can't be a name in \(title.words): \(names.words)",
                        at: entry.keyLocation))
            }
            check(entry.value, as: element, title: .key(entry.key))
        }
    }

    private mutating func checkScalar(_ node: YAMLNode, _ shape: Shape, _ title: Title) {
        if isPending(node) { return }
        switch shape {
        case .boolean where !shape.accepts(node): expected("true or false", node, title)
        case .number where !shape.accepts(node): expected("a number", node, title)
        case .integer(let range):
            guard let text = node.text, let number = Int(text) else { return expected("a whole number", node, title) }
            if !range.contains(number) {
                expected("a whole number from \(range.lowerBound) to \(range.upperBound)", node, title)
            }
        case .choice(let choices) where !shape.accepts(node):
            expected(
                "one of \(choices.joined(separator: ", "))", node, title,
                suggestion: node.text.flatMap { TextDistance.nearest(to: $0, among: choices) }
                    .map { "did you mean '\($0)'?" })
        default: break
        }
    }

    private mutating func checkText(_ node: YAMLNode, _ format: TextFormat, _ title: Title, interpolated: Bool) {
        guard let text = node.text else {
            return expected(
                "a text", node, title,
                suggestion: node.entries?.first.map { "if '\($0.key)…' is a text, put quotes around it" })
        }
        if interpolated, isPending(node) { return }
        if let problem = format.problem(in: text) {
            diagnostics.add(
                Diagnostic(code: "bad-value", "\(title.words): \(problem)", at: node.location))
        }
    }

    private mutating func expected(
        _ what: String, _ node: YAMLNode, _ title: Title, suggestion: String? = nil
    ) {
        let found = node.text.map { "'\($0)'" } ?? node.kindWord
        diagnostics.add(
            Diagnostic(
                code: "wrong-type", "\(title.words) must be \(what), not \(found)", at: node.location,
                suggestion: suggestion))
    }

    /// A text of which something is known only later can't be judged yet.
    private func isPending(_ node: YAMLNode) -> Bool {
        guard let text = node.text, text.utf8.contains(UInt8(ascii: "$")) else { return false }
        return text.contains("${")
    }
}

extension NameRule {
    func allows(_ name: String) -> Bool {
        let scalars = name.unicodeScalars
        func isWord(_ scalar: Unicode.Scalar) -> Bool {
            scalar == "_" || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || ("0"..."9").contains(scalar)
        }
        switch self {
        case .anything: return !name.isEmpty
        case .node: return scalars.first.map(isWord) == true && scalars.allSatisfy { isWord($0) || $0 == "-" }
        case .variable:
            return scalars.first.map { isWord($0) && !("0"..."9").contains($0) } == true && scalars.allSatisfy(isWord)
        }
    }

    var words: String {
        switch self {
        case .anything: "it must not be empty"
        case .node: "letters, digits, _ and -, not - first"
        case .variable: "letters, digits and _, not a digit first"
        }
    }
}

extension TextFormat {
    /// What is wrong with a text of this format; nil when it fits.
    func problem(in text: String) -> String? {
        switch self {
        case .plain: return nil
        case .duration:
            return TimeSpan.parse(text) == nil ? "'\(text)' is no span of time; write 250ms, 90s, 15m or 1h30m" : nil
        case .size: return ByteSize.parse(text) == nil ? "'\(text)' is no size; write 8GB or 8GiB" : nil
        case .mode:
            let digits = text.hasPrefix("0o") ? String(text.dropFirst(2)) : text
            guard let bits = Int(digits, radix: 8), (0...0o7777).contains(bits), digits.count >= 3 else {
                return "'\(text)' is no mode; write octal permission bits, such as 0644"
            }
            return nil
        case .range:
            do throws(VersionRangeError) {
                _ = try VersionRange(parsing: text)
                return nil
            } catch { return "\(error)" }
        case .pattern:
            do {
                _ = try Regex(text)
                return nil
            } catch { return "'\(text)' is no regular expression" }
        case .port:
            let bare = text.hasSuffix("/udp") || text.hasSuffix("/tcp") ? text.dropLast(4) : text[...]
            let parts = bare.split(separator: ":", omittingEmptySubsequences: false)
            let numbers = parts.first == "auto" ? parts.dropFirst() : parts[...]
            let fits = parts.count <= 2 && numbers.allSatisfy { Int($0).map { (1...65535).contains($0) } ?? false }
            return fits ? nil : "'\(text)' is no port; write 8080, 8080:80, auto, auto:80 or 53/udp"
        }
    }
}
