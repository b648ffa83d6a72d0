/// Columns of text, made to fit the width of the screen.
public struct Table: Sendable {
    /// Which edge of its column a text keeps to.
    public enum Alignment: Hashable, Sendable { case left, right }

    /// What becomes of text that finds no room.
    public enum Overflow: Hashable, Sendable {
        /// Stays as wide as it is.
        case keep
        /// Is cut off, down to so many columns.
        case truncate(minimum: Int)
        /// Goes on below, in its own column or, where that is too narrow, indented on the next line. For the last
        /// column only.
        case wrap
    }

    /// How one column is laid out.
    public struct Column: Hashable, Sendable {
        public var alignment: Alignment
        public var overflow: Overflow

        public init(_ alignment: Alignment = .left, overflow: Overflow = .keep) {
            self.alignment = alignment
            self.overflow = overflow
        }
    }

    private enum Row {
        case cells([StyledLine])
        case line(StyledLine)
    }

    private static let gap = 2
    /// A last column narrower than this is continued on the next line instead.
    private static let narrowest = 20

    private let columns: [Column]
    private var rows: [Row] = []

    public init(_ columns: [Column]) { self.columns = columns }

    /// A row; missing cells are empty.
    public mutating func add(_ cells: [StyledLine]) { rows.append(.cells(cells)) }
    /// A line across all columns.
    public mutating func add(line: StyledLine) { rows.append(.line(line)) }

    /// The lines, none wider than `width` but for columns that keep theirs; nil: as wide as it takes.
    public func lines(width: Int?, style: Style) -> [StyledLine] {
        let natural = naturalWidths
        let widths = fitted(natural, into: width)
        var lines: [StyledLine] = []
        for row in rows {
            switch row {
            case .line(let line): lines.append(line)
            case .cells(let cells): lines += self.lines(of: cells, widths: widths, width: width, style: style)
            }
        }
        return lines
    }

    private var naturalWidths: [Int] {
        var widths = Array(repeating: 0, count: columns.count)
        for case .cells(let cells) in rows {
            for (index, cell) in cells.prefix(columns.count).enumerated() {
                widths[index] = max(widths[index], cell.width)
            }
        }
        return widths
    }

    /// Takes what is too much from the widest column that may be cut, again and again.
    private func fitted(_ natural: [Int], into width: Int?) -> [Int] {
        guard let width else { return natural }
        var widths = natural
        let isWrapped = columns.last?.overflow == .wrap
        let fixed = isWrapped ? widths.count - 1 : widths.count
        let wanted = isWrapped ? min(natural.last ?? 0, Self.narrowest) : 0
        func total() -> Int { widths[..<fixed].reduce(0, +) + wanted + Self.gap * max(0, widths.count - 1) }
        while total() > width {
            var widest: Int?
            for index in 0..<fixed {
                guard case .truncate(let minimum) = columns[index].overflow, widths[index] > minimum else { continue }
                if widest.map({ widths[index] > widths[$0] }) ?? true { widest = index }
            }
            guard let widest else { break }
            widths[widest] -= 1
        }
        return widths
    }

    private func lines(of cells: [StyledLine], widths: [Int], width: Int?, style: Style) -> [StyledLine] {
        var line = StyledLine()
        var start = 0
        for (index, column) in columns.enumerated() {
            let cell = index < cells.count ? cells[index] : StyledLine()
            if index > 0 {
                line.add(String(repeating: " ", count: Self.gap))
                start += Self.gap
            }
            let isLast = index == columns.count - 1
            if isLast, column.overflow == .wrap, let width {
                return wrapped(cell, behind: line, start: start, width: width)
            }
            var shown = cell
            if case .truncate = column.overflow { shown = cell.truncated(to: widths[index], mark: style.ellipsis) }
            let space = String(repeating: " ", count: max(0, widths[index] - shown.width))
            if column.alignment == .right { line.add(space) }
            line.add(shown)
            if column.alignment == .left, !isLast { line.add(space) }
            start += max(widths[index], shown.width)
        }
        return [line]
    }

    private func wrapped(_ cell: StyledLine, behind first: StyledLine, start: Int, width: Int) -> [StyledLine] {
        let ink = cell.pieces.first?.ink ?? .plain
        if start + cell.width <= width { return [first + cell] }
        if width - start >= Self.narrowest {
            let parts = Wrapping.words(cell.text, columns: width - start)
            return parts.enumerated().map { index, part in
                (index == 0 ? first : StyledLine(String(repeating: " ", count: start))) + StyledLine(part, ink)
            }
        }
        let indent = "    "
        return [first]
            + Wrapping.words(cell.text, columns: max(1, width - indent.utf8.count)).map {
                StyledLine(indent) + StyledLine($0, ink)
            }
    }
}
