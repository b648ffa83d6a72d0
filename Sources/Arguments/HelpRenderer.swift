/// Help as text, made from the declarations.
public struct HelpRenderer: Sendable {
    /// What a piece of text is, for whoever makes it bold.
    public enum Role: Sendable { case heading, name }

    /// Columns, between 40 and 120.
    public let width: Int
    let style: @Sendable (String, Role) -> String

    /// A width outside 40…120 becomes the nearer of the two: lines that are longer read badly.
    public init(width: Int = 80, style: @escaping @Sendable (String, Role) -> String = { text, _ in text }) {
        self.width = min(120, max(40, width))
        self.style = style
    }

    /// The program's help, ending with a newline: its commands by group, then the options of all commands.
    public func help(of program: Program) -> String {
        var lines = Wrapping.lines("\(program.name): \(program.summary)", width: width)
        lines += usage(Synopsis.program(program))
        lines += discussion(program.discussion)
        let visible = program.commands.filter { $0.group != nil }
        let column = nameColumn(visible.map(\.name))
        for group in program.groups {
            lines += table(group, program.commands(in: group).map { ($0.name, $0.summary) }, column: column)
        }
        lines += options("Options", program.globals + Program.builtIns)
        lines.append("")
        if let rule = Synopsis.variableRule(program) { lines += Wrapping.lines(rule, width: width) }
        lines += Wrapping.lines("See \(program.name) COMMAND --help for one command.", width: width)
        return lines.joined(separator: "\n") + "\n"
    }

    /// A command's help, ending with a newline.
    public func help(of command: CommandSpec, in program: Program) -> String {
        var lines = Wrapping.lines("\(program.name) \(command.name): \(command.summary)", width: width)
        lines += usage(Synopsis.command(command, in: program))
        lines += discussion(command.discussion)
        var words = command.positionals.filter { !$0.isHidden }.map {
            (Synopsis.positional($0).filter { $0 != "[" && $0 != "]" }, Synopsis.help($0))
        }
        if let rest = command.passthroughAfterDashes { words.append(("-- " + rest.placeholder, rest.help)) }
        lines += table("Arguments", words, column: nameColumn(words.map(\.0)))
        lines += options("Options", command.options)
        lines += options("Options of every command", program.globals(under: command) + Program.builtIns)
        if !command.examples.isEmpty {
            lines += ["", style("Examples:", .heading)]
            for example in command.examples {
                lines.append("  " + style(example.line, .name))
                lines += Wrapping.lines(example.help, width: width - 6).map { "      " + $0 }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func usage(_ synopsis: [String]) -> [String] {
        let title = "Usage: "
        let pieces = Wrapping.pack(synopsis, width: width - title.count)
        return [""]
            + pieces.enumerated().map { offset, piece in
                offset == 0
                    ? style("Usage:", .heading) + " " + piece : String(repeating: " ", count: title.count) + piece
            }
    }

    private func discussion(_ text: String) -> [String] {
        Wrapping.paragraphs(text).flatMap { [""] + Wrapping.lines($0, width: width) }
    }

    private func options(_ title: String, _ specs: [ArgumentSpec]) -> [String] {
        let rows = specs.filter { !$0.isHidden }.map { (Synopsis.option($0, aligned: true), Synopsis.help($0)) }
        return table(title, rows, column: nameColumn(rows.map(\.0)))
    }

    /// Where the second column begins: behind the longest name that leaves the help room to be read.
    private func nameColumn(_ names: [String]) -> Int {
        let limit = max(width / 3, min(24, width / 2))
        let fitting = names.map { $0.count + 4 }.filter { $0 <= limit }
        return fitting.max() ?? min(limit, 12)
    }

    private func table(_ title: String, _ rows: [(name: String, help: String)], column: Int) -> [String] {
        if rows.isEmpty { return [] }
        var lines = ["", style(title + ":", .heading)]
        for row in rows {
            let indent = String(repeating: " ", count: column)
            var help = Wrapping.lines(row.help, width: width - column)
            let name = "  " + style(row.name, .name)
            let gap = column - row.name.count - 2
            // A name that does not fit has its help on the next line.
            if gap >= 2, let first = help.first {
                lines.append(name + String(repeating: " ", count: gap) + first)
                help.removeFirst()
            } else {
                lines.append(name)
            }
            lines += help.map { indent + $0 }
        }
        return lines
    }
}
