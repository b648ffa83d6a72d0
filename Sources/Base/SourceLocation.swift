/// A place in a text file: what an editor jumps to.
public struct SourceLocation: Hashable, Sendable, Comparable {
    /// The file as the user would write it: relative to the current folder where that is shorter.
    public var file: String
    // Every value of a manifest has a place: 32 bits each are enough for what people write.
    private var storedLine: Int32
    private var storedColumn: Int32

    public init(file: String, line: Int, column: Int) {
        self.file = file
        storedLine = Int32(clamping: line)
        storedColumn = Int32(clamping: column)
    }

    /// Line, counted from 1.
    public var line: Int { Int(storedLine) }
    /// Column in code points, counted from 1.
    public var column: Int { Int(storedColumn) }

    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

extension SourceLocation: CustomStringConvertible {
    public var description: String { "\(file):\(line):\(column)" }
}
