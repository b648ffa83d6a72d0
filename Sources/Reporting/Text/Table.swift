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

    /// A cell with the columns that it takes, which are counted once.
    private struct Cell {
        var line = StyledLine()
        var width = 0
    }

    private enum Row {
        case cells([Cell])
        case line(StyledLine)
    }

    private static let gap = 2
    /// A last column narrower than this is continued on the next line instead.
    private static let narrowest = 20

    private let columns: [Column]
    private var rows: [Row] = []

    public init(_ columns: [Column]) { self.columns = columns }

    /// A row; missing cells are empty.
    public mutating func add(_ cells: [StyledLine]) {
        rows.append(.cells(cells.map { Cell(line: $0, width: $0.width) }))
    }
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
            case .cells(let cells): add(cells, to: &lines, widths: widths, width: width, style: style)
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

    private func add(_ cells: [Cell], to lines: inout [StyledLine], widths: [Int], width: Int?, style: Style) {
        var line = StyledLine()
        line.reserve(pieces: 2 * columns.count)
        var start = 0
        // What is still to be filled with spaces in front of the next text.
        var space = 0
        for (index, column) in columns.enumerated() {
            var cell = index < cells.count ? cells[index] : Cell()
            if index > 0 {
                space += Self.gap
                start += Self.gap
            }
            let isLast = index == columns.count - 1
            if isLast, column.overflow == .wrap, let width {
                line.addSpaces(space)
                lines += wrapped(cell, behind: line, start: start, width: width)
                return
            }
            if case .truncate = column.overflow, cell.width > widths[index] {
                cell.line = cell.line.truncated(to: widths[index], mark: style.ellipsis)
                cell.width = cell.line.width
            }
            let missing = max(0, widths[index] - cell.width)
            if column.alignment == .right { space += missing }
            line.addSpaces(space)
            line.add(cell.line)
            space = column.alignment == .left && !isLast ? missing : 0
            start += max(widths[index], cell.width)
        }
        lines.append(line)
    }

    private func wrapped(_ cell: Cell, behind first: StyledLine, start: Int, width: Int) -> [StyledLine] {
        let ink = cell.line.pieces.first?.ink ?? .plain
        if start + cell.width <= width { return [first + cell.line] }
        if width - start >= Self.narrowest {
            let parts = Wrapping.words(cell.line.text, columns: width - start)
            return parts.enumerated().map { index, part in
                (index == 0 ? first : StyledLine(String(repeating: " ", count: start))) + StyledLine(part, ink)
            }
        }
        let indent = "    "
        return [first]
            + Wrapping.words(cell.line.text, columns: max(1, width - indent.utf8.count)).map {
                StyledLine(indent) + StyledLine($0, ink)
            }
    }
}
