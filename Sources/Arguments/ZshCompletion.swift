/// Completion for zsh, through `_arguments`.
struct ZshCompletion {
    let program: Program

    var script: String {
        let function = program.functionName
        return """
            #compdef \(program.name)
            # zsh completion for \(program.name), made by \(program.name) itself.
            \(function)_callback() {
                local -a found
                found=(${(f)"$(\(program.name) __complete $1 -- "${(@)typed}" 2>/dev/null </dev/null)"})
                (( $#found )) && compadd -a found
            }
            \(function)_commands() {
                local -a commands
                commands=(
            \(program.visibleCommands.map { "        " + quoted("\(escaped($0.name)):\($0.summary)") }.joined(separator: "\n"))
                )
                _describe command commands
            }
            \(function)() {
                local context state state_descr line ret=1
                local -a typed
                local -A opt_args
                typed=("${(@)words[2,CURRENT-1]}")
                _arguments -s -S -C \\
            \(specs(program.visibleGlobals))
                    \(quoted(":command:\(function)_commands")) \\
                    '*::: :->rest' && ret=0
                [[ $state == rest ]] || return ret
                words=($line[1] "${words[@]}")
                (( CURRENT += 1 ))
                case $line[1] in
            \(program.visibleCommands.map(branch).joined(separator: "\n"))
                esac
                return ret
            }
            if [[ $funcstack[1] == \(function) ]]; then
                \(function) "$@"
            else
                compdef \(function) \(program.name)
            fi

            """
    }

    private func branch(_ command: CommandSpec) -> String {
        var lines = [specs(program.visibleOptions(under: command))]
        for spec in command.positionals {
            let least: Int = if case .positional(let least, _) = spec.form { least } else { 0 }
            let start = spec.isRepeatable ? "*" : least == 0 ? ":" : ""
            lines.append("        " + quoted("\(start):\(escaped(spec.placeholder)):\(action(spec))") + " \\")
        }
        if command.passthroughAfterDashes != nil { lines.append("        '*: :_files' \\") }
        return """
                    \(command.name))
                        _arguments -s -S \\
            \(lines.filter { !$0.isEmpty }.joined(separator: "\n"))
                            && ret=0 ;;
            """
    }

    private func specs(_ specs: [ArgumentSpec]) -> String {
        specs.flatMap { spec -> [String] in
            let exclusive = spec.isRepeatable ? "*" : "(\(spec.spellings.joined(separator: " ")))"
            let help = "[\(escaped(spec.help))]"
            return spec.spellings.map { spelling in
                guard spec.takesValue else { return exclusive + spelling + help }
                let joint = spelling.hasPrefix("--") ? "=" : "+"
                return "\(exclusive)\(spelling)\(joint)\(help):\(escaped(spec.placeholder)):\(action(spec))"
            }
        }.map { "        \(quoted($0)) \\" }.joined(separator: "\n")
    }

    private func action(_ spec: ArgumentSpec) -> String {
        switch CompletionSource(spec) {
        case .words(let words): "(" + words.map(escaped).joined(separator: " ") + ")"
        case .files: "_files"
        case .folders: "_files -/"
        case .callback(let topic): "\(program.functionName)_callback \(topic)"
        case .nothing: " "
        }
    }

    /// What `_arguments` and `_describe` take for their own punctuation.
    private func escaped(_ text: String) -> String {
        String(text.flatMap { "\\:[]".contains($0) ? ["\\", $0] : [$0] })
    }

    private func quoted(_ text: String) -> String { quotedForShell(text) }
}
