import Base
import Dotenv

/// What holds for any bytes whatever.
enum DotenvPromises {
    static func check(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        for dialect in Dialect.allCases { _ = try? DotenvReader.values(of: text, dialect: dialect) }
        let document = DotenvDocument(parsing: bytes)
        precondition(document.bytes == bytes, "a file that nobody changed is not what was read")
        change(document)
        write(String(text.prefix(200)))
    }

    /// Other keys stay byte for byte, and what was set is read back.
    private static func change(_ document: DotenvDocument) {
        guard let key = document.keys.last else { return }
        let others = document.keys.filter { $0 != key }
        var changed = document
        guard changed.set(key, rawText: "devinit") else { return }
        precondition(changed.value(of: key) == "devinit", "a key that was set has another value")
        for other in others {
            precondition(
                changed.rawValue(of: other) == document.rawValue(of: other), "setting one key changed another one")
        }
        let read = DotenvDocument(parsing: changed.bytes)
        precondition(
            read.bytes == changed.bytes && read.value(of: key) == "devinit", "what was written reads otherwise")
        var again = changed
        precondition(again.set(key, rawText: "devinit") && again.bytes == changed.bytes, "setting twice changes again")
    }

    /// A text that was found for a value means that value to every reader.
    private static func write(_ value: String) {
        let dialects = Set(Dialect.allCases)
        guard let text = try? DotenvWriter.text(for: value, dialects: dialects) else { return }
        for dialect in dialects {
            let read = try? DotenvReader.values(of: "NAME=\(text)\n", dialect: dialect)["NAME"]
            precondition(read.map { $0.utf8.elementsEqual(value.utf8) } == true, "\(dialect) reads another value")
        }
    }
}
