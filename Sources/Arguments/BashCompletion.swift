/// Completion for bash 3.2 and later, without the bash-completion package.
struct BashCompletion {
    let program: Program

    var script: String {
        let function = program.functionName
        return """
            # bash completion for \(program.name), made by \(program.name) itself.
            # Words are matched one by one, never through compgen -W, which would expand what they contain.
            \(function)_offer() {
                local word
                for word in "$@"; do
                    [[ $word == "$value"* ]] && COMPREPLY+=("$prefix$(printf %q "$word")")
                done
            }
            \(function)_paths() {
                local word
                compopt -o filenames 2>/dev/null
                while IFS= read -r word; do COMPREPLY+=("$prefix$word"); done < <(compgen "$1" -- "$value")
            }
            \(function)_callback() {
                local word
                while IFS= read -r word; do
                    \(function)_offer "$word"
                done < <(\(program.name) __complete "$1" -- "${words[@]:1:last-1}" 2>/dev/null </dev/null)
            }
            # Completes the value of option $2 of command $1; fails where the option takes none.
            \(function)_value() {
                case "$1 $2" in
            \(valueCases)
                    *) return 1 ;;
                esac
            }
            \(function)_takes_value() {
                case "$1 $2" in
            \(arityCases)
                    *) return 1 ;;
                esac
            }
            \(function)() {
                local line=${COMP_LINE:0:COMP_POINT} command="" option="" ended="" place=0 prefix="" value word index last
                local -a words=()
                COMPREPLY=()
                read -ra words <<<"$line"
                [[ $line == *[[:space:]] ]] && words+=("")
                last=$((${#words[@]} - 1))
                value=${words[last]}
                for ((index = 1; index < last; index++)); do
                    word=${words[index]}
                    if [[ -n $option ]]; then
                        option=""
                        continue
                    fi
                    case $word in
                        --) ended=yes; break ;;
                        --*=*) ;;
                        -?*) \(function)_takes_value "$command" "$word" && option=$word ;;
                        *) if [[ -z $command ]]; then command=$word; else place=$((place + 1)); fi ;;
                    esac
                done
                if [[ -n $ended ]]; then
                    \(function)_paths -f
                elif [[ -n $option ]]; then
                    \(function)_value "$command" "$option"
                elif [[ $value == --*=* ]]; then
                    option=${value%%=*} prefix=${value%%=*}= value=${value#*=}
                    \(function)_value "$command" "$option"
                elif [[ $value == -* ]]; then
                    case $command in
            \(optionCases)
                    esac
                elif [[ -z $command ]]; then
                    \(function)_offer \(words(program.visibleCommands.map(\.name)))
                else
                    case "$command $place" in
            \(positionalCases)
                        *) ;;
                    esac
                fi
                # Readline replaces only what follows the last break in the word.
                word=${words[last]}
                for index in ":" "="; do
                    if [[ $word == *"$index"* && $COMP_WORDBREAKS == *"$index"* ]]; then
                        prefix=${word%"${word##*"$index"}"}
                        COMPREPLY=("${COMPREPLY[@]#"$prefix"}")
                        word=${word#"$prefix"}
                    fi
                done
            }
            complete -F \(function) \(program.name)

            """
    }

    private func words(_ words: [String]) -> String { words.map(quotedForShell).joined(separator: " ") }

    private func action(_ spec: ArgumentSpec) -> String {
        let function = program.functionName
        return switch CompletionSource(spec) {
        case .words(let list): "\(function)_offer \(words(list))"
        case .files: "\(function)_paths -f"
        case .folders: "\(function)_paths -d"
        case .callback(let topic): "\(function)_callback \(quotedForShell(topic))"
        case .nothing: ":"
        }
    }

    private func lines(_ cases: [String], indent: Int) -> String {
        cases.map { String(repeating: " ", count: indent) + $0 }.joined(separator: "\n")
    }

    /// Each option with the pattern of "command option" that means it: a command's own first.
    private var patterns: [(pattern: String, spec: ArgumentSpec)] {
        let own = program.commands.flatMap { command in
            command.options.map { (patterns(command: quotedForShell(command.name), $0), $0) }
        }
        return own + program.globals.map { (patterns(command: "*", $0), $0) }
    }

    private func patterns(command: String, _ spec: ArgumentSpec) -> String {
        spec.spellings.map { "\(command)' \($0)'" }.joined(separator: " | ")
    }

    private var valueCases: String {
        lines(patterns.map { "\($0.pattern)) \($0.spec.takesValue ? action($0.spec) : "return 1") ;;" }, indent: 8)
    }

    private var arityCases: String {
        lines(patterns.map { "\($0.pattern)) return \($0.spec.takesValue ? 0 : 1) ;;" }, indent: 8)
    }

    private var optionCases: String {
        var cases = program.visibleCommands.map { command in
            let spellings = program.visibleOptions(under: command).flatMap(\.spellings)
            return "\(quotedForShell(command.name))) \(program.functionName)_offer \(words(spellings)) ;;"
        }
        cases.append("*) \(program.functionName)_offer \(words(program.visibleGlobals.flatMap(\.spellings))) ;;")
        return lines(cases, indent: 12)
    }

    private var positionalCases: String {
        let cases = program.visibleCommands.flatMap { command in
            // Which of the words belong to what follows a repeatable one cannot be told before the line is whole.
            let told = command.positionals.prefix { !$0.isRepeatable }.count + 1
            return command.positionals.prefix(told).enumerated().map { place, spec in
                let pattern =
                    spec.isRepeatable
                    ? quotedForShell("\(command.name) ") + "*" : quotedForShell("\(command.name) \(place)")
                return "\(pattern)) \(action(spec)) ;;"
            }
        }
        return lines(cases, indent: 12)
    }
}
