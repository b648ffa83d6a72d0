/// The manual page in the man(7) macros, which every roff reads.
public enum ManualPage {
    /// `date` is shown as it is; it is given and not taken from a clock, so that the page can be made again
    /// byte for byte.
    public static func page(for program: Program, version: String, date: String) -> String {
        let title = program.name.uppercased()
        var lines = [#".TH "\#(argument(title))" 1 "\#(argument(date))" "\#(argument(program.name + " " + version))""#]
        lines += [".SH NAME", text(program.name) + #" \- "# + text(withoutStop(program.summary))]
        lines += [".SH SYNOPSIS", synopsis(Synopsis.program(program))]
        lines += [".SH DESCRIPTION"] + paragraphs(program.discussion.isEmpty ? program.summary : program.discussion)
        lines.append(".SH COMMANDS")
        for group in program.groups {
            lines.append(#".SS "\#(argument(group))""#)
            for command in program.commands(in: group) { lines += section(command, in: program) }
        }
        lines += [".SH OPTIONS", "These may stand before or after the command."]
        lines += program.visibleGlobals.flatMap { option($0) }
        if let rule = Synopsis.variableRule(program) { lines += [".SH ENVIRONMENT", text(rule)] }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func section(_ command: CommandSpec, in program: Program) -> [String] {
        var lines = [".TP", synopsis(Synopsis.command(command, in: program)), text(command.summary)]
        for paragraph in Wrapping.paragraphs(command.discussion) { lines += [".IP", text(paragraph)] }
        let words =
            command.positionals.map { ($0.placeholder, Synopsis.help($0)) }
            + (command.passthroughAfterDashes.map { [("-- " + $0.placeholder, $0.help)] } ?? [])
        let options = command.options.filter { !$0.isHidden }
        if !words.isEmpty || !options.isEmpty {
            lines.append(".RS")
            lines += words.flatMap { [".TP", italic($0.0), text($0.1)] }
            lines += options.flatMap { option($0) }
            lines.append(".RE")
        }
        for example in command.examples {
            lines += [".IP", text("Example: \(withoutStop(example.help)):"), ".RS", ".IP", bold(example.line), ".RE"]
        }
        return lines
    }

    private static func option(_ spec: ArgumentSpec) -> [String] {
        let dots = spec.isRepeatable ? "…" : ""
        let names = spec.spellings.map(bold).joined(separator: ", ")
        return [
            ".TP", names + (spec.takesValue ? " " + italic(spec.placeholder) : "") + text(dots),
            text(Synopsis.help(spec)),
        ]
    }

    private static func synopsis(_ pieces: [String]) -> String { bold(pieces.joined(separator: " ")) }

    private static func paragraphs(_ source: String) -> [String] {
        Array(Wrapping.paragraphs(source).map { [text($0)] }.joined(separator: [".PP"]))
    }

    private static func bold(_ source: String) -> String { #"\fB"# + escaped(source) + #"\fR"# }
    private static func italic(_ source: String) -> String { #"\fI"# + escaped(source) + #"\fR"# }

    /// A line of text; one that begins like a request is kept from being one.
    private static func text(_ source: String) -> String {
        let line = escaped(source.split(whereSeparator: { $0 == "\n" }).joined(separator: " "))
        return line.hasPrefix(".") || line.hasPrefix("'") ? #"\&"# + line : line
    }

    /// Text inside the double quotes of a request.
    private static func argument(_ source: String) -> String {
        String(source.flatMap { $0 == "\\" ? Array(#"\e"#) : $0 == "\"" ? Array(#"\(dq"#) : [$0] })
    }

    private static func escaped(_ source: String) -> String {
        var result = ""
        for character in source {
            switch character {
            case "\\": result += #"\e"#
            case "-": result += #"\-"#
            case "…": result += "..."
            default: result.append(character)
            }
        }
        return result
    }

    private static func withoutStop(_ sentence: String) -> String {
        sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    }
}
