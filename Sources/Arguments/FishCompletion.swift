/// Completion for fish 3 and later.
struct FishCompletion {
    let program: Program

    var script: String {
        let function = "_" + program.functionName
        let valued = program.globals.filter(\.takesValue).flatMap(\.spellings).joined(separator: " ")
        var lines = [
            """
            # fish completion for \(program.name), made by \(program.name) itself.
            # Prints the command that stands on the line; fails where there is none yet.
            function \(function)_command
                set -l skip 0
                for word in (commandline -opc)[2..-1]
                    if test $skip = 1
                        set skip 0
                        continue
                    end
                    switch $word
                        case '--*=*'
                        case \(valued.isEmpty ? "''" : valued)
                            set skip 1
                        case '-*'
                        case '*'
                            echo $word
                            return 0
                    end
                end
                return 1
            end
            function \(function)_under
                set -l command (\(function)_command)
                and contains -- $command $argv
            end
            function \(function)_callback
                \(program.name) __complete $argv[1] -- (commandline -opc)[2..-1] 2>/dev/null </dev/null
            end
            complete -c \(program.name) -f
            """
        ]
        for command in program.visibleCommands {
            lines.append(
                "complete -c \(program.name) -n 'not \(function)_command >/dev/null' -a \(quoted(command.name))"
                    + " -d \(quoted(command.summary))")
        }
        lines += program.visibleGlobals.flatMap(globalLines)
        for command in program.visibleCommands {
            let condition = " -n " + quoted("\(function)_under \(command.name)")
            lines += command.options.filter { !$0.isHidden }.flatMap { optionLines($0, condition: condition) }
            for spec in command.positionals {
                lines.append("complete -c \(program.name)\(condition)\(action(spec, exclusive: " -f", files: " -F"))")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A letter that a command takes over stands apart, so that it is not offered under that command.
    private func globalLines(_ spec: ArgumentSpec) -> [String] {
        let takers = program.commands.filter { command in
            command.options.contains { $0.takesOverShort && $0.short == spec.short }
        }.map(\.name)
        guard let short = spec.short, !takers.isEmpty else { return optionLines(spec, condition: "") }
        var long = spec
        long.short = nil
        let condition = " -n " + quoted("not _\(program.functionName)_under \(takers.joined(separator: " "))")
        return optionLines(long, condition: "")
            + ["complete -c \(program.name)\(condition) -s \(short)\(tail(spec))"]
    }

    private func optionLines(_ spec: ArgumentSpec, condition: String) -> [String] {
        spec.longNames.enumerated().map { offset, name in
            let short = offset == 0 ? spec.short.map { " -s \($0)" } ?? "" : ""
            return "complete -c \(program.name)\(condition)\(short) -l \(name)\(tail(spec))"
        }
    }

    private func tail(_ spec: ArgumentSpec) -> String {
        (spec.takesValue ? action(spec, exclusive: " -x", files: " -r -F") : "") + " -d " + quoted(spec.help)
    }

    private func action(_ spec: ArgumentSpec, exclusive: String, files: String) -> String {
        switch CompletionSource(spec) {
        case .words(let words): exclusive + " -a " + quoted(words.joined(separator: " "))
        case .files: files
        case .folders: exclusive + " -a '(__fish_complete_directories)'"
        case .callback(let topic): exclusive + " -a " + quoted("(_\(program.functionName)_callback \(topic))")
        case .nothing: exclusive
        }
    }

    private func quoted(_ text: String) -> String {
        "'" + String(text.flatMap { $0 == "'" || $0 == "\\" ? ["\\", $0] : [$0] }) + "'"
    }
}
