import Foundation
import Testing

/// What is public is explained. A witness of a protocol takes its explanation from there; a stored value or an
/// initializer may rely on the comment of its type.
@Suite struct DocumentationCommentTests {
    static let modifiers =
        #"(?:@\w+(?:\([^)]*\))? )*public (?:(?:private|internal)\(set\) |static |final |indirect |nonisolated |mutating |consuming |borrowing |convenience |override |async )*"#

    /// Public declarations without a comment above them; the name is the second group.
    static func silent(_ words: String) throws -> [SourceTree.Hit] {
        try SourceTree.hits(of: "^ *" + modifiers + "(" + words + #") (\w+|[=<>+/~-]+|`\w+`)"#)
            .filter { !isExplained($0.line, in: $0.file) }
    }

    static func isExplained(_ index: Int, in file: SourceTree.File) -> Bool {
        var above = index - 1
        while above >= 0, file.lines[above].trimmed.hasPrefix("@") { above -= 1 }
        return above >= 0 && (file.lines[above].trimmed.hasPrefix("///") || file.lines[above].trimmed.hasSuffix("*/"))
    }

    /// Names of the requirements of our protocols, and of the standard library's that we conform to.
    static func witnessed() throws -> Set<String> {
        var names: Set = ["==", "<", "hash", "encode", "makeIterator", "next", "index", "makeAsyncIterator"]
        for body in try SourceTree.hits(of: #"^(?:public |private |fileprivate )?protocol [^{]*\{([\s\S]*?)^\}"#) {
            for requirement in body.groups[0].components(separatedBy: "func ").dropFirst() {
                names.insert(String(requirement.prefix { $0.isLetter || $0.isNumber || $0 == "_" }))
            }
        }
        return names
    }

    @Test func `every public type has a comment`() throws {
        #expect(try Self.silent("struct|enum|class|actor|protocol|typealias").map(\.place) == [])
    }

    @Test func `every public function that is no witness has a comment`() throws {
        let witnessed = try Self.witnessed()
        #expect(try Self.silent("func").filter { !witnessed.contains($0.groups[1]) }.map(\.place) == [])
    }
}

extension String {
    fileprivate var trimmed: Substring { self[...].drop { $0 == " " } }
}
