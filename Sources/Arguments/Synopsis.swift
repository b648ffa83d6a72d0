/// How arguments are written in help and in the manual page.
enum Synopsis {
    /// `TARGET…`, `[NODE]`: brackets where it may be left out.
    static func positional(_ spec: ArgumentSpec) -> String {
        guard case .positional(let least, let most) = spec.form else { return "" }
        let word = spec.placeholder + (most == 1 ? "" : "…")
        return least == 0 ? "[\(word)]" : word
    }

    static func passthrough(_ passthrough: Passthrough) -> String {
        let words = "-- " + passthrough.placeholder
        return passthrough.isRequired ? words : "[\(words)]"
    }

    /// `devinit run STEP [-- ARGS]`, in the pieces that stay on one line.
    static func command(_ command: CommandSpec, in program: Program) -> [String] {
        var parts = [program.name, command.name]
        if command.options.contains(where: { !$0.isHidden }) { parts.append("[OPTIONS]") }
        parts += command.positionals.filter { !$0.isHidden }.map(positional)
        if let words = command.passthroughAfterDashes { parts.append(passthrough(words)) }
        return parts
    }

    static func program(_ program: Program) -> [String] { [program.name, "[OPTIONS]", "COMMAND", "[ARGUMENTS]"] }

    /// `-j, --jobs N`; `    --[no-]pull`; `-v, --verbose…`.
    static func option(_ spec: ArgumentSpec, aligned: Bool) -> String {
        let short = spec.short.map { "-\($0), " } ?? (aligned ? "    " : "")
        let long = spec.isInvertible ? "--[no-]\(spec.name)" : "--\(spec.name)"
        return short + long + (spec.takesValue ? " " + spec.placeholder : "") + (spec.isRepeatable ? "…" : "")
    }

    /// The help's sentences and those that follow from the declaration.
    static func help(_ spec: ArgumentSpec) -> String {
        var sentences = [spec.help]
        switch spec.kind {
        case .choice(let words): sentences.append("One of \(Prose.alternatives(words)).")
        case .integer:
            let expectation = spec.kind.expectation
            if case .integer(Int.min...Int.max) = spec.kind { break }
            sentences.append(expectation.prefix(1).uppercased() + expectation.dropFirst() + ".")
        default: break
        }
        if let shown = spec.defaultText { sentences.append("Default: \(shown).") }
        if case .named(let variable) = spec.variable { sentences.append("Variable: \(variable).") }
        return sentences.joined(separator: " ")
    }

    /// The rule of the variables, said once.
    static func variableRule(_ program: Program) -> String? {
        guard let spec = program.globals.first(where: { $0.variable == .byRule && $0.takesValue && !$0.isHidden }),
            let variable = program.variable(of: spec)
        else { return nil }
        return "An option that is not given takes its value from the environment: --\(spec.name) from \(variable), "
            + "and so on."
    }
}
