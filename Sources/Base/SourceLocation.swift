import Synchronization

/// A place in a text file: what an editor jumps to. Every value of a manifest has one, so it is small: 32 bits each are
/// enough for what people write, and the file is the number of its name.
public struct SourceLocation: Hashable, Sendable {
    private var fileNumber: UInt32
    private var storedLine: Int32
    private var storedColumn: Int32

    public init(file: String, line: Int, column: Int) {
        self.init(in: SourceFile(file), line: line, column: column)
    }

    /// The same where many places are in one file.
    public init(in file: SourceFile, line: Int, column: Int) {
        fileNumber = file.number
        storedLine = Int32(clamping: line)
        storedColumn = Int32(clamping: column)
    }

    /// The file as the user would write it: relative to the current folder where that is shorter.
    public var file: String { SourceFile.name(of: fileNumber) }
    /// Line, counted from 1.
    public var line: Int { Int(storedLine) }
    /// Column in code points, counted from 1.
    public var column: Int { Int(storedColumn) }
}

extension SourceLocation: Comparable {
    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        if left.fileNumber == right.fileNumber { return (left.line, left.column) < (right.line, right.column) }
        return left.file < right.file
    }
}

extension SourceLocation: CustomStringConvertible {
    public var description: String { "\(file):\(line):\(column)" }
}

/// The name of a file in which places are: known by a number from the first time on, as long as the program runs.
public struct SourceFile: Sendable {
    fileprivate let number: UInt32

    public init(_ name: String) {
        number = Self.names.withLock { names in
            // A run names a handful of files.
            if let known = names.firstIndex(of: name) { return UInt32(known) }
            names.append(name)
            return UInt32(names.count - 1)
        }
    }

    private static let names = Mutex<[String]>([])

    fileprivate static func name(of number: UInt32) -> String { names.withLock { $0[Int(number)] } }
}
