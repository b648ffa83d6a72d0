import Base

/// Reads the first members of a record without parsing the rest.
struct RecordFront {
    let buffer: [UInt8]
    private(set) var position: Int
    let end: Int

    init(_ buffer: [UInt8], _ range: Range<Int>) {
        self.buffer = buffer
        position = range.lowerBound + 1
        end = range.upperBound
    }

    /// The next member when it is `"KEY":"text"`; nil, and stays where it is, when it is not.
    mutating func text() -> (key: String, value: String)? {
        let start = position
        if let key = key(), let value = quoted() { return (key, value) }
        position = start
        return nil
    }

    /// The next member's number, when it has that key.
    mutating func number(_ name: String) -> Double? {
        let start = position
        if key() == name {
            let first = position
            while position < end, buffer[position] != UInt8(ascii: ","), buffer[position] != UInt8(ascii: "}") {
                position += 1
            }
            if let number = Double(String(decoding: buffer[first..<position], as: UTF8.self)) { return number }
        }
        position = start
        return nil
    }

    private mutating func key() -> String? {
        if position < end, buffer[position] == UInt8(ascii: ",") { position += 1 }
        guard let key = quoted(), position < end, buffer[position] == UInt8(ascii: ":") else { return nil }
        position += 1
        return key
    }

    private mutating func quoted() -> String? {
        guard position < end, buffer[position] == UInt8(ascii: "\"") else { return nil }
        let start = position
        var escaped = false
        position += 1
        while position < end, buffer[position] != UInt8(ascii: "\"") {
            if buffer[position] == UInt8(ascii: "\\") {
                escaped = true
                position += 1
            }
            position += 1
        }
        guard position < end else { return nil }
        position += 1
        if escaped { return (try? JSON(parsing: Array(buffer[start..<position])))?.string }
        return String(decoding: buffer[start + 1..<position - 1], as: UTF8.self)
    }
}
