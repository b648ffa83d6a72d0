internal import CYAML

/// The one owner of libyaml's parser: turns bytes into events and frees what C allocates.
///
/// All C pointers of this room are in this file. The bytes are copied into memory that lives as long as
/// the parser, because libyaml keeps the pointer between calls.
final class EventSource {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let isReady: Bool

    init(_ bytes: [UInt8]) {
        parser = .allocate(capacity: 1)
        input = .allocate(capacity: max(bytes.count, 1))
        _ = input.initialize(from: bytes)
        isReady = yaml_parser_initialize(parser) == 1
        guard isReady else { return }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    }

    deinit {
        if isReady { yaml_parser_delete(parser) }
        parser.deallocate()
        input.deallocate()
    }

    /// The next event. After an error or the end of the stream it must not be called again.
    func next() throws(SyntaxProblem) -> ParserEvent {
        guard isReady else { throw SyntaxProblem(problem: "out of memory", position: 0) }
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
        // The only place where an event is held; what leaves is a copy.
        defer { yaml_event_delete(&event) }
        return convert(event)
    }

    private func problem() -> SyntaxProblem {
        let failed = parser.pointee
        let context = failed.context.map { String(cString: $0) }
        return SyntaxProblem(
            problem: failed.problem.map { String(cString: $0) } ?? "out of memory", context: context,
            position: Int(failed.problem_mark.index),
            contextPosition: context == nil ? nil : Int(failed.context_mark.index))
    }

    private func convert(_ event: yaml_event_t) -> ParserEvent {
        switch event.type {
        case YAML_STREAM_START_EVENT: made(.streamStart, event)
        case YAML_DOCUMENT_START_EVENT: made(.documentStart, event)
        case YAML_DOCUMENT_END_EVENT: made(.documentEnd, event)
        case YAML_ALIAS_EVENT: made(.alias(text(event.data.alias.anchor) ?? ""), event)
        case YAML_SCALAR_EVENT:
            made(
                .scalar(text(event.data.scalar.value, event.data.scalar.length), style(event.data.scalar.style)), event,
                properties(event.data.scalar.anchor, event.data.scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            made(
                .sequenceStart(isFlow: event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE), event,
                properties(event.data.sequence_start.anchor, event.data.sequence_start.tag))
        case YAML_MAPPING_START_EVENT:
            made(
                .mappingStart(isFlow: event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE), event,
                properties(event.data.mapping_start.anchor, event.data.mapping_start.tag))
        case YAML_SEQUENCE_END_EVENT: made(.sequenceEnd, event)
        case YAML_MAPPING_END_EVENT: made(.mappingEnd, event)
        default: made(.streamEnd, event)
        }
    }

    private func made(
        _ kind: ParserEvent.Kind, _ event: yaml_event_t, _ properties: ParserEvent.Properties? = nil
    ) -> ParserEvent {
        ParserEvent(
            kind: kind, properties: properties, start: Int(event.start_mark.index), end: Int(event.end_mark.index))
    }

    private func properties(
        _ anchor: UnsafeMutablePointer<yaml_char_t>?, _ tag: UnsafeMutablePointer<yaml_char_t>?
    ) -> ParserEvent.Properties? {
        anchor == nil && tag == nil ? nil : ParserEvent.Properties(anchor: text(anchor), tag: text(tag))
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>, _ length: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: pointer, count: length), as: UTF8.self)
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func style(_ style: yaml_scalar_style_t) -> ParserEvent.ScalarStyle {
        switch style {
        case YAML_PLAIN_SCALAR_STYLE: .plain
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .quoted
        }
    }
}
