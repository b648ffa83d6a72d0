/// A place in a text file: what an editor jumps to.
public struct SourceLocation: Hashable, Sendable, Comparable {
    /// The file as the user would write it: relative to the current folder where that is shorter.
    public var file: String
    /// Line, counted from 1.
    public var line: Int
    /// Column in code points, counted from 1.
    public var column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

extension SourceLocation: CustomStringConvertible {
    public var description: String { "\(file):\(line):\(column)" }
}
