import Base

/// Finds the text behind `NAME=` that every declared dialect reads as one given string.
public enum DotenvWriter {
    /// The plainest text that all the dialects read as exactly this value: bare, else in double or single
    /// quotes, else one of the forms that only some dialects know. Each candidate that holds more than plain characters is
    /// read back by every dialect's reader before it is given out, so a wrong guess can't reach a file. May hold line
    /// feeds.
    ///
    /// - Parameter isExported: whether `export` stands before the name: a shell then looks for file names in what is not
    ///   quoted.
    /// - Throws: names the dialects that stand in the way; with no dialects, bare and quoted text is checked
    ///   by none and only NUL is refused.
    public static func text(
        for value: String, dialects: Set<Dialect>, behindExport isExported: Bool = false
    ) throws(DotenvInexpressible) -> String {
        if isPlain(value), !isExported || !value.isEmpty { return value }
        let ordered = Dialect.allCases.filter(dialects.contains)
        if value.unicodeScalars.contains("\0") {
            let all = ordered.isEmpty ? [.sh] : ordered
            throw DotenvInexpressible(
                obstacles: all.map { .init(dialect: $0, reason: "can hold no NUL character in a variable") })
        }
        let candidates = DotenvCandidates.all(for: value)
        var best: (count: Int, missing: [Dialect]) = (-1, ordered)
        for candidate in candidates {
            let missing = ordered.filter { !reads(candidate, as: value, in: $0, behindExport: isExported) }
            if missing.isEmpty { return candidate }
            if ordered.count - missing.count > best.count { best = (ordered.count - missing.count, missing) }
        }
        // A dialect that can't have the value in any form is to blame alone; else those the best form leaves out.
        let hopeless = ordered.filter { dialect in
            !candidates.contains { reads($0, as: value, in: dialect, behindExport: isExported) }
        }
        let blamed = hopeless.isEmpty ? best.missing : hopeless
        throw DotenvInexpressible(
            obstacles: blamed.map { dialect in
                .init(dialect: dialect, reason: reason(for: value, in: dialect, alone: !hopeless.isEmpty))
            })
    }

    /// Whether the value holds only characters that mean nothing to any reader: most values, which are then read back
    /// by none.
    static func isPlain(_ value: String) -> Bool {
        value.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
            case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "@"),
                UInt8(ascii: "%"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    /// Whether the dialect's reader gives back exactly the value, wherever in a file it stands. The neighbours
    /// hold lone quotes where the dialect allows them: some readers take a quote with a backslash before it for
    /// escaped and read on to the next quote further down, if there is one.
    static func reads(
        _ text: String, as value: String, in dialect: Dialect, behindExport isExported: Bool = false
    ) -> Bool {
        let name = isExported ? "export NAME" : "NAME"
        let neighbours = dialect == .sh ? "A=\"1\"\nB='2'\nC=3\n" : "A=x\"\nB=y'\nC=z`\n"
        let expected = dialect == .sh ? ["1", "2", "3"] : ["x\"", "y'", "z`"]
        for file in ["FIRST=1\n\(name)=\(text)\n" + neighbours, "FIRST=1\n" + neighbours + "\(name)=\(text)"] {
            guard let values = try? DotenvReader.values(of: file, dialect: dialect), values.count == 5,
                values["FIRST"] == "1", ["A", "B", "C"].map({ values[$0] }) == expected, let found = values["NAME"],
                found.utf8.elementsEqual(value.utf8)
            else { return false }
        }
        if dialect == .ruby {
            // Releases differ in what \n means.
            let older = try? RubyReader.values(of: "NAME=\(text)\n", environment: [:], expandsLines: true)["NAME"]
            return older.map { $0.utf8.elementsEqual(value.utf8) } ?? false
        }
        guard dialect == .node || dialect == .dotenvExpand else { return true }
        // Node's own reader must see what motdotla/dotenv sees.
        guard let native = NodeEnvFile.value(of: text) else { return false }
        return dialect == .dotenvExpand || native.utf8.elementsEqual(value.utf8)
    }

    private static func reason(for value: String, in dialect: Dialect, alone: Bool) -> String {
        let scalars = Scalars(text: value)
        let hasReturn = scalars.contains("\r")
        switch dialect {
        case .compose:
            return alone
                ? "knows no way to write it" : "expands $ outside single quotes and reads escapes its own way"
        case .node:
            if hasReturn { return "reads a carriage return differently between its releases" }
            return "knows no escapes but \\n, so a quote or backslash cannot be written as the others need it"
        case .python:
            return scalars.indices.contains { scalars.has("${", at: $0) }
                ? "expands ${…} in every kind of quotes" : "reads escapes in quotes its own way"
        case .ruby:
            return scalars.contains("$") || scalars.contains("\\")
                ? "expands $ and takes backslashes out, save in single quotes" : "reads quotes in its own way"
        case .sh: return "reads no escapes such as \\n, and quotes and $ in its own way"
        case .dotenvExpand:
            if hasReturn { return "reads a carriage return differently between its releases" }
            return scalars.contains("$")
                ? "expands $ in every kind of quotes, and the backslash that stops it stays for others"
                : "knows no escapes but \\n"
        }
    }
}
