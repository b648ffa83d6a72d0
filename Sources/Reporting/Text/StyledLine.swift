/// What a piece of text means, from which its colour follows.
public enum Ink: Hashable, Sendable {
    case plain, strong, faint, good, bad, warning, accent

    /// The parameter of the "select graphic rendition" sequence (ECMA-48); nil for plain text.
    var code: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .faint: "2"
        case .good: "32"
        case .bad: "31"
        case .warning: "33"
        case .accent: "36"
        }
    }
}

/// One line for people, in pieces of one meaning each. Every piece is made safe on its way in, so no control
/// character can reach a screen through here.
public struct StyledLine: Hashable, Sendable, ExpressibleByStringLiteral {
    struct Piece: Hashable, Sendable {
        var text: String
        var ink: Ink
    }

    private(set) var pieces: [Piece] = []

    public init() {}
    public init(_ text: String, _ ink: Ink = .plain) { add(text, ink) }
    public init(stringLiteral text: String) { self.init(text) }

    /// Adds text in one ink; control characters are made visible.
    public mutating func add(_ text: String, _ ink: Ink = .plain) {
        let text = SafeText.line(text)
        if !text.isEmpty { pieces.append(Piece(text: text, ink: ink)) }
    }

    /// Adds so many spaces.
    mutating func addSpaces(_ count: Int) {
        if count > 0 { pieces.append(Piece(text: String(repeating: " ", count: count), ink: .plain)) }
    }

    /// Makes room for so many pieces in one go.
    mutating func reserve(pieces count: Int) { pieces.reserveCapacity(count) }

    /// Adds the pieces of another line.
    public mutating func add(_ line: StyledLine) { pieces += line.pieces }

    /// Two lines as one.
    public static func + (left: StyledLine, right: StyledLine) -> StyledLine {
        var line = left
        line.add(right)
        return line
    }

    /// Without its colours.
    public var text: String { pieces.map(\.text).joined() }
    public var isEmpty: Bool { pieces.isEmpty }
    /// Columns that it takes.
    public var width: Int { pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } }

    /// The line, or its beginning with `mark` where it is wider than `columns`.
    public func truncated(to columns: Int, mark: String) -> StyledLine {
        guard width > columns else { return self }
        let room = columns - DisplayWidth.of(mark)
        guard room >= 0 else { return StyledLine(String(repeating: ".", count: max(0, columns))) }
        var line = StyledLine()
        var left = room
        for piece in pieces {
            let part = DisplayWidth.prefix(piece.text, fitting: left)
            line.pieces.append(Piece(text: part, ink: piece.ink))
            left -= DisplayWidth.of(part)
            if part != piece.text { break }
        }
        line.pieces.append(Piece(text: mark, ink: line.pieces.last?.ink ?? .plain))
        return line
    }

    /// With spaces behind it up to `columns`.
    public func padded(to columns: Int) -> StyledLine {
        var line = self
        line.addSpaces(columns - width)
        return line
    }
}
