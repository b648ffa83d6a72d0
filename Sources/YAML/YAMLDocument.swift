public import Base

/// How much a document may hold. Passing a bound is an error that names it.
public struct YAMLBounds: Sendable {
    /// Bytes of the file, and of all its texts after aliases are expanded.
    public var bytes: Int
    /// Values after aliases are expanded.
    public var nodes: Int
    /// Lists and mappings inside each other.
    public var nesting: Int

    /// The standard bounds, or others for those named.
    public init(bytes: Int = 10_000_000, nodes: Int = 200_000, nesting: Int = 100) {
        self.bytes = bytes
        self.nodes = nodes
        self.nesting = nesting
    }

    /// 10 MB, 200,000 values, 100 deep.
    public static let standard = YAMLBounds()
}

/// What was read from one file: the tree, its text, and what is wrong with it.
public struct YAMLDocument: Sendable {
    /// The tree; nil when the document is empty or has a syntax error.
    public var root: YAMLNode?
    /// Everything found in the one pass, in the order found.
    public var diagnostics: Diagnostics
    /// The text, for carets.
    public var source: SourceText

    /// That line of the file, counted from 1, without its line break; nil when there is none.
    public func line(_ number: Int) -> String? { source.line(number) }
}

/// Text → nodes. libyaml scans and parses, this room does the rest.
public enum YAMLReader {
    /// Reads one document: UTF-8, or UTF-16 with a byte order mark.
    ///
    /// Throws the first syntax error, and passed bounds. Problems that leave the structure readable (duplicate
    /// keys, unknown tags and anchors, several documents) are in the document's `diagnostics`, all of them.
    public static func read(
        _ bytes: [UInt8], file: String, bounds: YAMLBounds = .standard, tags: TagDialect = .manifest
    ) throws(Diagnostic) -> YAMLDocument {
        let source = try decode(bytes, file: file, bounds: bounds)
        var composer = Composer(source, bounds, tags)
        let root = try composer.document()
        return YAMLDocument(root: root, diagnostics: Diagnostics(composer.diagnostics), source: source)
    }

    /// The same without throwing: a syntax error is the last of the `diagnostics` and `root` is nil. The lines
    /// of the file can still be shown.
    public static func examine(
        _ bytes: [UInt8], file: String, bounds: YAMLBounds = .standard, tags: TagDialect = .manifest
    ) -> YAMLDocument {
        let source: SourceText
        do {
            source = try decode(bytes, file: file, bounds: bounds)
        } catch {
            return YAMLDocument(
                root: nil, diagnostics: Diagnostics([error]), source: SourceText(file: file, bytes: []))
        }
        var composer = Composer(source, bounds, tags)
        do {
            let root = try composer.document()
            return YAMLDocument(root: root, diagnostics: Diagnostics(composer.diagnostics), source: source)
        } catch {
            // `*x y` is an unknown alias and a syntax error: the latter sees the whole of it.
            let before = composer.diagnostics.filter { $0.location != error.location }
            return YAMLDocument(root: nil, diagnostics: Diagnostics(before + [error]), source: source)
        }
    }

    private static func decode(_ bytes: [UInt8], file: String, bounds: YAMLBounds) throws(Diagnostic) -> SourceText {
        guard bytes.count <= bounds.bytes else {
            throw Diagnostic(
                code: "yaml-bound", "the file has \(bytes.count) bytes; at most \(bounds.bytes) are read",
                at: SourceLocation(file: file, line: 1, column: 1))
        }
        return try TextDecoding.decode(bytes, file: file)
    }
}
