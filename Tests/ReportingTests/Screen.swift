import Foundation

/// `wcwidth(3)`, which the headers hide from Swift on Linux: columns of a code point, -1 where it has none.
@_silgen_name("wcwidth")
func systemWidth(_ character: Int32) -> Int32

/// A small terminal: turns written text into what a person would see. Its idea of a character's width is the
/// system's own, so that it can't share our mistakes.
struct Screen {
    private(set) var columns: Int
    private(set) var rows: Int
    /// What scrolled off the top, oldest first.
    private(set) var scrollback: [String] = []
    private(set) var isCursorVisible = true
    private(set) var isWrapping = true
    /// Something was written beyond the last column.
    private(set) var hasOverflowed = false
    private var grid: [[String]]
    /// Rows that go on in the next one.
    private var continued: Set<Int> = []
    private var row = 0
    private var column = 0

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        grid = Array(repeating: [], count: rows)
        setlocale(LC_CTYPE, "C.UTF-8")
    }

    /// The visible lines, without spaces at their ends and empty lines at the bottom.
    var lines: [String] {
        var lines = grid.map(Self.text)
        while lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Everything since the start, scrolled away or not.
    var all: String { (scrollback + lines).map { $0 + "\n" }.joined() }

    private static func text(_ cells: [String]) -> String {
        var text = cells.joined()
        while text.last == " " { text.removeLast() }
        return text
    }

    mutating func feed(_ text: String) {
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            switch scalar {
            case "\n":
                column = 0
                if row == rows - 1 { scroll() } else { row += 1 }
            case "\r": column = 0
            case "\u{1B}":
                guard scalars.next() == "[" else { continue }
                var parameters = ""
                var final: Unicode.Scalar = "m"
                while let next = scalars.next() {
                    if (0x40...0x7E).contains(next.value) {
                        final = next
                        break
                    }
                    parameters.unicodeScalars.append(next)
                }
                control(final, parameters)
            default: put(scalar)
            }
        }
    }

    /// As tmux does it: what no longer fits goes on in a row of its own, and rows that were folded are joined when
    /// there is room. A row stays a continued one when it is overwritten; only erasing it whole ends that.
    mutating func resize(columns: Int, rows: Int) {
        var folded: [[String]] = []
        var flags: Set<Int> = []
        var cursor = 0
        var line: [String] = []
        for (index, cells) in grid.enumerated() {
            if index == row { cursor = folded.count }
            line += cells
            if continued.contains(index) { continue }
            while line.count > columns {
                flags.insert(folded.count)
                folded.append(Array(line.prefix(columns)))
                line.removeFirst(columns)
            }
            folded.append(line)
            line = []
        }
        while folded.count > rows, folded.last == [], cursor < folded.count - 1 { folded.removeLast() }
        while folded.count > rows {
            scrollback.append(Self.text(folded.removeFirst()))
            cursor -= 1
            flags = Set(flags.filter { $0 > 0 }.map { $0 - 1 })
        }
        grid = folded + Array(repeating: [], count: rows - folded.count)
        continued = flags
        row = max(0, cursor)
        (self.columns, self.rows) = (columns, rows)
    }

    private mutating func scroll() {
        scrollback.append(Self.text(grid.removeFirst()))
        grid.append([])
        continued = Set(continued.filter { $0 > 0 }.map { $0 - 1 })
    }

    private mutating func control(_ final: Unicode.Scalar, _ parameters: String) {
        switch (final, parameters) {
        case ("A", _): row = max(0, row - (Int(parameters) ?? 1))
        case ("K", _): grid[row] = Array(grid[row].prefix(column))
        case ("J", _):
            grid[row] = Array(grid[row].prefix(column))
            continued = continued.filter { $0 < (column == 0 ? row : row + 1) }
            for below in (row + 1)..<max(row + 1, rows) { grid[below] = [] }
        case ("l", "?25"): isCursorVisible = false
        case ("h", "?25"): isCursorVisible = true
        case ("l", "?7"): isWrapping = false
        case ("h", "?7"): isWrapping = true
        default: break
        }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        let width = max(0, Int(systemWidth(Int32(scalar.value))))
        if width == 0 {
            if column > 0, column <= grid[row].count { grid[row][column - 1].unicodeScalars.append(scalar) }
            return
        }
        if column + width > columns {
            hasOverflowed = true
            guard isWrapping else { return }
            column = 0
            if row == rows - 1 { scroll() } else { row += 1 }
        }
        while grid[row].count < column + width { grid[row].append(" ") }
        grid[row][column] = String(scalar)
        if width == 2 { grid[row][column + 1] = "" }
        column += width
    }
}
