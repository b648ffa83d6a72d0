/// What the parser found, with C strings copied: nothing here points into C memory.
struct ParserEvent {
    enum Kind {
        case streamStart, streamEnd
        case documentStart, documentEnd
        case alias(String)
        case scalar(String, ScalarStyle)
        case sequenceStart(isFlow: Bool)
        case mappingStart(isFlow: Bool)
        case sequenceEnd, mappingEnd
    }

    enum ScalarStyle { case plain, quoted, literal, folded }

    var kind: Kind
    /// The name after `&`.
    var anchor: String?
    /// The whole tag: `!reset`, `tag:yaml.org,2002:str`.
    var tag: String?
    /// The first character, that of an anchor or tag if there is one, and the one after the last; counted
    /// from 0 in code points.
    var start: Int
    var end: Int
}

/// A syntax error in the words of the C library.
struct SyntaxProblem: Error {
    var problem: String
    /// What was being read: "while scanning an alias".
    var context: String?
    /// Characters counted from 0 in code points.
    var position: Int
    var contextPosition: Int?
}
