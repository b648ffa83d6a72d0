/// Shell scripts that complete the program's words.
///
/// Words known only at run time (node names, say) come from the program itself:
/// `devinit __complete TOPIC -- WORDS…` prints one word per line, WORDS being those typed so far. Such a command is
/// hidden (`group: nil`) and must be quick, quiet and execute nothing that a manifest says.
public enum Completions {
    /// The shells that a script can be made for.
    public enum Shell: String, CaseIterable, Sendable { case bash, zsh, fish }

    /// The script for that shell, ending with a newline.
    public static func script(for shell: Shell, program: Program) -> String {
        switch shell {
        case .bash: BashCompletion(program: program).script
        case .zsh: ZshCompletion(program: program).script
        case .fish: FishCompletion(program: program).script
        }
    }
}

/// What to complete a value with, the same for every shell.
enum CompletionSource {
    case words([String])
    case files
    case folders
    case callback(String)
    case nothing

    init(_ spec: ArgumentSpec) {
        switch spec.completion {
        case .files: self = .files
        case .folders: self = .folders
        case .callback(let topic): self = .callback(topic)
        case .nothing: self = .nothing
        case .byKind:
            switch spec.kind {
            case .choice(let words): self = .words(words)
            case .path: self = .files
            case .folder: self = .folders
            default: self = .nothing
            }
        }
    }
}

extension Program {
    /// The commands that completions and documents show.
    var visibleCommands: [CommandSpec] { commands.filter { $0.group != nil } }
    /// The program-wide options that they show, help and version among them.
    var visibleGlobals: [ArgumentSpec] { (globals + Program.builtIns).filter { !$0.isHidden } }

    /// All options as they stand after the command's name.
    func visibleOptions(under command: CommandSpec) -> [ArgumentSpec] {
        (command.options + globals(under: command) + Program.builtIns).filter { !$0.isHidden }
    }

    /// The program's name as part of a shell function's name.
    var functionName: String { "_" + String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" }) }
}

extension ArgumentSpec {
    /// `-j`, `--jobs`, `--no-pull`: every way to write it.
    var spellings: [String] { (short.map { ["-\($0)"] } ?? []) + longNames.map { "--" + $0 } }
}

/// Text inside single quotes of a POSIX shell.
func quotedForShell(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
}
