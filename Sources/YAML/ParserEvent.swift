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

    /// What may stand before a value, and mostly does not: apart, so that an event is small to hand on.
    final class Properties {
        let anchor: String?
        let tag: String?

        init(anchor: String?, tag: String?) {
            self.anchor = anchor
            self.tag = tag
        }
    }

    let kind: Kind
    let properties: Properties?
    /// The first character, that of an anchor or tag if there is one, and the one after the last; counted
    /// from 0 in code points.
    let start: Int
    let end: Int

    /// The name after `&`.
    var anchor: String? { properties?.anchor }
    /// The whole tag: `!reset`, `tag:yaml.org,2002:str`.
    var tag: String? { properties?.tag }
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
