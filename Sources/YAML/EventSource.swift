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
        var out = ParserEvent(
            kind: .streamEnd, start: Int(event.start_mark.index), end: Int(event.end_mark.index))
        switch event.type {
        case YAML_STREAM_START_EVENT: out.kind = .streamStart
        case YAML_DOCUMENT_START_EVENT: out.kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: out.kind = .documentEnd
        case YAML_ALIAS_EVENT: out.kind = .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let value = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            out.kind = .scalar(String(decoding: value, as: UTF8.self), style(scalar.style))
            out.anchor = text(scalar.anchor)
            out.tag = text(scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            let sequence = event.data.sequence_start
            out.kind = .sequenceStart(isFlow: sequence.style == YAML_FLOW_SEQUENCE_STYLE)
            out.anchor = text(sequence.anchor)
            out.tag = text(sequence.tag)
        case YAML_MAPPING_START_EVENT:
            let mapping = event.data.mapping_start
            out.kind = .mappingStart(isFlow: mapping.style == YAML_FLOW_MAPPING_STYLE)
            out.anchor = text(mapping.anchor)
            out.tag = text(mapping.tag)
        case YAML_SEQUENCE_END_EVENT: out.kind = .sequenceEnd
        case YAML_MAPPING_END_EVENT: out.kind = .mappingEnd
        default: out.kind = .streamEnd
        }
        return out
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
