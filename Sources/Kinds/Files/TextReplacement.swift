/// Texts put in place of others, so that doing it twice is doing it once.
struct TextReplacement: Sendable {
    /// A value that was put in, by its place in the new content.
    struct Place: Hashable, Sendable {
        var offset: Int
        var length: Int
        /// What stood there.
        var text: String
    }

    /// In the order of the manifest; at one place the first that fits counts. No text is empty.
    var pairs: [(text: [UInt8], value: [UInt8])]

    init(_ pairs: [(text: String, value: String)]) {
        self.pairs = pairs.filter { !$0.text.isEmpty }.map { (Array($0.text.utf8), Array($0.value.utf8)) }
    }

    /// A value that is there already stays, also when it holds the text that it replaces (`db` by `db.local`).
    func applied(to bytes: [UInt8]) -> (bytes: [UInt8], places: [Place]) {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var places: [Place] = []
        var place = 0
        search: while place < bytes.count {
            for (text, value) in pairs {
                if value.count > text.count, value.starts(with: bytes[place...].prefix(1)),
                    Self.holds(value, text), bytes[place...].starts(with: value)
                {
                    result += value
                    place += value.count
                    continue search
                }
                if bytes[place] == text[0], bytes[place...].starts(with: text) {
                    places.append(
                        Place(offset: result.count, length: value.count, text: String(decoding: text, as: UTF8.self)))
                    result += value
                    place += text.count
                    continue search
                }
            }
            result.append(bytes[place])
            place += 1
        }
        return (result, places)
    }

    /// The content before: what stands at the places goes, and what stood there comes back.
    static func undone(_ bytes: [UInt8], _ places: [Place]) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        for place in places.sorted(by: { $0.offset < $1.offset }) {
            guard place.offset >= position, place.length >= 0, place.offset + place.length <= bytes.count else {
                return bytes
            }
            result += bytes[position..<place.offset]
            result += place.text.utf8
            position = place.offset + place.length
        }
        return result + bytes[position...]
    }

    private static func holds(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard part.count <= bytes.count else { return false }
        return (0...(bytes.count - part.count)).contains { bytes[$0...].starts(with: part) }
    }
}
