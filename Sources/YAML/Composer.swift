import Base

/// Events → one tree: aliases, merge keys, tags, bounds; gathers what is wrong on the way.
struct Composer {
    let text: SourceText
    let bounds: YAMLBounds
    let tags: TagDialect
    let events: EventSource
    var diagnostics: [Diagnostic] = []

    private var anchors: [String: Anchor] = [:]
    private var nodeCount = 0
    private var textBytes = 0
    /// Where the quoted text before the event that failed stands, for the words of a syntax error.
    private var quotedBefore: Range<Int>?
    /// Where the flow collections start that are open: in them other characters need quotes.
    private var openFlows: [Int] = []
    /// The line of the node before: the next one is mostly in it or right below.
    private var line = 0

    private enum Anchor {
        /// Its own text is still being read: an alias in it would have no end.
        case open
        case closed(Composed)
    }

    /// A node, with what expanding it once more would cost.
    struct Composed {
        var node: YAMLNode
        var nodes = 1
        var bytes = 0
        var height = 0
        /// Without quotes or tag: the only form in which `<<` is the merge key.
        var isPlainKey = false
    }

    init(_ text: SourceText, _ bounds: YAMLBounds, _ tags: TagDialect) {
        self.text = text
        self.bounds = bounds
        self.tags = tags
        events = EventSource(text.bytes)
    }

    /// The root of the only document; nil when there is nothing in it.
    mutating func document() throws(Diagnostic) -> YAMLNode? {
        _ = try next()
        let start = try next()
        if case .streamEnd = start.kind { return nil }
        let first = try next()
        var root: YAMLNode? = try compose(first, depth: 0).node
        if case .scalar("", .plain) = first.kind, first.tag == nil { root = nil }
        _ = try next()
        let after = try next()
        if case .documentStart = after.kind {
            report(
                "several-documents", "a second document starts here; one file holds one",
                at: after.start, suggestion: "put it in a file of its own")
        }
        return root
    }

    // MARK: Nodes

    private mutating func compose(_ event: ParserEvent, depth: Int) throws(Diagnostic) -> Composed {
        if case .alias(let name) = event.kind { return try alias(name, event, depth: depth) }
        let start = event.anchor == nil && event.tag == nil ? event.start : text.skipProperties(from: event.start)
        if let anchor = event.anchor { anchors[anchor] = .open }
        try charge(nodes: 1, bytes: 0, at: start)
        var composed: Composed
        switch event.kind {
        case .scalar(let value, let style):
            try charge(nodes: 0, bytes: value.utf8.count, at: start)
            composed = scalar(value, style, event, start)
        case .sequenceStart(let isFlow):
            composed = try collection(event, isFlow, start, depth) { (self: inout Composer) throws(Diagnostic) in
                try self.sequence(start, depth: depth + 1)
            }
        default:
            let isFlow = if case .mappingStart(true) = event.kind { true } else { false }
            composed = try collection(event, isFlow, start, depth) { (self: inout Composer) throws(Diagnostic) in
                try self.mapping(start, depth: depth + 1)
            }
        }
        if let anchor = event.anchor { anchors[anchor] = .closed(composed) }
        return composed
    }

    private mutating func collection(
        _ event: ParserEvent, _ isFlow: Bool, _ start: Int, _ depth: Int,
        _ read: (inout Composer) throws(Diagnostic) -> Composed
    ) throws(Diagnostic) -> Composed {
        try checkNesting(depth + 1, at: start)
        if isFlow { openFlows.append(start) }
        var composed = try read(&self)
        if isFlow { openFlows.removeLast() }
        applyTag(event, to: &composed.node, start)
        return composed
    }

    private mutating func sequence(_ start: Int, depth: Int) throws(Diagnostic) -> Composed {
        var items: [YAMLNode] = []
        var total = Composed(node: .null(), height: 1)
        while true {
            let event = try next()
            if case .sequenceEnd = event.kind { break }
            let item = try compose(event, depth: depth)
            total.include(item)
            items.append(item.node)
        }
        total.node = YAMLNode(.sequence(items), at: location(start))
        return total
    }

    private mutating func mapping(_ start: Int, depth: Int) throws(Diagnostic) -> Composed {
        var builder = MappingBuilder()
        var total = Composed(node: .null(), height: 1)
        while true {
            let event = try next()
            if case .mappingEnd = event.kind { break }
            if let key = try plainKey(event) {
                let value = try compose(try next(), depth: depth)
                total.include(value)
                let entry = YAMLEntry(key: key.text, keyLocation: key.location, value: value.node)
                if let problem = builder.add(entry) { diagnostics.append(problem) }
                continue
            }
            let keyStart = event.start
            let key = try compose(event, depth: depth)
            let value = try compose(try next(), depth: depth)
            total.include(value)
            guard case .scalar(let scalar) = key.node.value else {
                report(
                    "yaml-key", "a key must be a text, this one is \(key.node.kindWord)", at: keyStart,
                    suggestion: bracesHint(event))
                continue
            }
            // An alias as key stands where it is used: that is what a duplicate would be about.
            var location = key.node.location
            if case .alias = event.kind { location = text.location(ofCharacter: keyStart) }
            let problem =
                key.isPlainKey && scalar.text == "<<"
                ? builder.merge(value.node, at: location)
                : builder.add(YAMLEntry(key: scalar.text, keyLocation: location, value: value.node))
            if let problem { diagnostics.append(problem) }
        }
        total.node = YAMLNode(.mapping(builder.entries), at: location(start))
        return total
    }

    /// The key as nearly every one is written: a plain word without anchor and tag. It needs no node of its own.
    private mutating func plainKey(_ event: ParserEvent) throws(Diagnostic) -> (text: String, location: SourceLocation)?
    {
        guard case .scalar(let text, .plain) = event.kind, event.properties == nil, text != "<<" else { return nil }
        try charge(nodes: 1, bytes: text.utf8.count, at: event.start)
        return (text, location(event.start))
    }

    private func bracesHint(_ event: ParserEvent) -> String? {
        // `key: {{ name }}` of a template language is a mapping whose key is a mapping.
        if case .mappingStart(true) = event.kind, text.slice(event.start - 1, event.start) == "{" {
            return "put quotes around a text that starts with '{{'"
        }
        return nil
    }

    private mutating func alias(
        _ name: String, _ event: ParserEvent, depth: Int
    ) throws(Diagnostic) -> Composed {
        switch anchors[name] {
        case .closed(var found):
            try charge(nodes: found.nodes, bytes: found.bytes, at: event.start)
            try checkNesting(depth + found.height, at: event.start)
            found.isPlainKey = false
            return found
        case .open:
            report("yaml-alias", "'*\(name)' stands inside the value that it names: that has no end", at: event.start)
        case nil:
            report(
                "yaml-alias", "'*\(name)' refers to an anchor '&\(name)', and there is none above it",
                at: event.start, suggestion: "if it is a text, put quotes around it: '*\(name)'")
        }
        return Composed(node: .null(at: text.location(ofCharacter: event.start)))
    }

    private mutating func scalar(
        _ value: String, _ style: ParserEvent.ScalarStyle, _ event: ParserEvent, _ start: Int
    ) -> Composed {
        let isPlain = style == .plain
        var scalar = isPlain && event.tag == nil ? YAMLScalar(plain: value) : YAMLScalar(quoted: value)
        scalar.isPlain = isPlain
        var node = YAMLNode(.scalar(scalar), at: location(start))
        applyTag(event, to: &node, start)
        if style == .folded, value.isEmpty { checkComparison(start) }
        return Composed(
            node: node, bytes: value.utf8.count, isPlainKey: isPlain && event.tag == nil)
    }

    /// `node: >2` is an empty folded text with an indentation indicator; nobody means that.
    private mutating func checkComparison(_ start: Int) {
        let written = text.slice(start, start + 2)
        guard let digit = written.last, digit.isNumber else { return }
        report(
            "yaml-quotes", "'\(written)' without quotes is the head of a folded text block, and the block is empty",
            at: start, suggestion: "put quotes around it: '\(written)'")
    }

    private mutating func applyTag(_ event: ParserEvent, to node: inout YAMLNode, _ start: Int) {
        guard let tag = event.tag else { return }
        guard let problem = Tags.apply(tag, to: &node, tags) else { return }
        let written = Tags.written(event, text, valueStart: start)
        report(
            "yaml-tag", problem, at: event.anchor == nil ? event.start : Tags.position(event, text),
            suggestion: Tags.isStandard(tag) ? nil : "if it is a text, put quotes around it: \(Quoting.single(written))"
        )
    }

    private mutating func location(_ start: Int) -> SourceLocation {
        line = text.line(ofCharacter: start, near: line)
        return text.location(ofCharacter: start, inLine: line)
    }

    // MARK: Bounds, errors

    private mutating func charge(nodes: Int, bytes: Int, at index: Int) throws(Diagnostic) {
        nodeCount += nodes
        textBytes += bytes
        if nodeCount > bounds.nodes {
            throw bound("the document has more than \(bounds.nodes) values once its aliases are expanded", index)
        }
        if textBytes > bounds.bytes {
            throw bound("the document has more than \(bounds.bytes) bytes once its aliases are expanded", index)
        }
    }

    private func checkNesting(_ depth: Int, at index: Int) throws(Diagnostic) {
        guard depth > bounds.nesting else { return }
        throw bound("lists and mappings are nested more than \(bounds.nesting) deep", index)
    }

    private func bound(_ message: String, _ index: Int) -> Diagnostic {
        Diagnostic(code: "yaml-bound", message, at: text.location(ofCharacter: index))
    }

    private mutating func report(_ code: String, _ message: String, at index: Int, suggestion: String? = nil) {
        diagnostics.append(
            Diagnostic(code: code, message, at: text.location(ofCharacter: index), suggestion: suggestion))
    }

    private mutating func next() throws(Diagnostic) -> ParserEvent {
        do throws(SyntaxProblem) {
            let event = try events.next()
            quotedBefore = nil
            if case .scalar(_, .quoted) = event.kind { quotedBefore = event.start..<event.end }
            return event
        } catch {
            throw SyntaxExplanation(text: text, problem: error, quotedBefore: quotedBefore, openFlows: openFlows)
                .diagnostic
        }
    }
}

extension Composer.Composed {
    mutating func include(_ child: Composer.Composed) {
        nodes += child.nodes
        bytes += child.bytes
        height = max(height, child.height + 1)
    }
}
