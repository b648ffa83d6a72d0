import Arguments
import Base
import Execution
import HostInterfaces
import Kinds
import Reporting

/// `env`: env files beside the manifest: what is wrong with them, what stands in them, what would change, whose stands.
enum EnvironmentCommand: Command {
    static let task = Positionals(
        "task", type: .choice(["check", "print", "diff", "take"]), most: 1,
        help: "What to do; without a word: check.")
    static let words = Positionals(
        "file", help: "Only these env files. After take: manifest or mine, then keys, then perhaps a file.",
        completion: .callback("env-files"))
    static let format = Option<String>(
        "format", value: "HOW", type: .choice(["dotenv", "shell", "json"]), default: "dotenv",
        help: "The language of print.", variable: .none)
    static let reveal = Flag("reveal", help: "Let print show secrets.", variable: .none)

    static let spec = CommandSpec(
        name: "env", summary: "Checks, prints and compares env files, and settles whose values stand.",
        discussion: """
            check tells which keys are missing, empty or still placeholders, which are yours, and which lines two of \
            the programs that read the file read differently; it ends with 1 where there is something to do.

            print shows the values as they stand, nothing expanded. Secrets are covered unless --reveal is given.

            diff shows key by key what the next up would change, and what you changed: written last, found now, wanted \
            now.

            take settles a key that you changed. 'take mine KEY' keeps your value and is quiet about it until the \
            manifest wants another one; 'take manifest KEY' gives the key back to the manifest.
            """,
        arguments: [task.spec, words.spec, format.spec, reveal.spec],
        examples: [
            Example("devinit env", help: "Checks all env files."),
            Example("devinit env diff api/.env", help: "Shows what up would change in one of them."),
            Example("devinit env take mine DATABASE_URL", help: "Keeps your value without further words."),
            Example("devinit env print --format shell --reveal", help: "For eval in a shell."),
        ],
        group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let task = parsed[task].first ?? "check"
        if task != "print", parsed.given(format) != nil || parsed[reveal] {
            throw CommandFailure(
                .usage, code: "usage", "--format and --reveal belong to print",
                suggestion: "devinit env print \(parsed[reveal] ? "--reveal" : "--format \(parsed[format])")")
        }
        if task == "take" { return try await EnvironmentTaking.run(parsed[words], session) }
        let opened = try OpenedWorkspace.open(session)
        try await Preparation.settle(opened, writing: false)
        let files = try chosen(parsed[words], opened, parsed[GlobalOptions.profiles])
        let run = opened.run(opened.settings)
        switch task {
        case "print": return try EnvironmentPrinting.show(files, parsed, run, session)
        case "diff":
            let view = EnvironmentDifferenceView(EnvironmentFiles.differences(Set(files), in: run))
            if session.isJSON {
                session.answer(view.json)
            } else {
                session.answer(view.lines(style: session.reporting.output, width: session.outputColumns))
            }
            return .done
        default:
            let view = EnvironmentCheckView(
                EnvironmentFiles.drift(Set(files), in: run).map {
                    ($0, EnvironmentFiles.ambiguities($0.node, in: run))
                })
            if session.isJSON {
                session.answer(view.json)
            } else {
                session.answer(view.lines(style: session.reporting.output, width: session.outputColumns))
            }
            return view.needsWork ? .failed : .done
        }
    }

    /// The env files that words name: by path, from the root or from the current folder, or by id; without words all
    /// that the profiles choose.
    static func chosen(
        _ words: [String], _ opened: OpenedWorkspace, _ profiles: [String]
    ) throws(CommandFailure) -> [NodeID] {
        if words.isEmpty {
            var selection = Selection()
            selection.profiles = profiles
            let graph = try opened.graph(selection)
            return opened.workspace.order.filter { $0.kind == "env" && graph.nodes[$0] != nil }
        }
        var files: [NodeID] = []
        for word in words {
            guard let file = file(named: word, opened) else {
                let names = opened.workspace.nodes(of: "env").map(\.id.name)
                throw CommandFailure(
                    .usage, code: "unknown-file", "there is no env file '\(word)' in the manifest",
                    suggestion: TextDistance.nearest(to: word, among: names).map { "did you mean '\($0)'?" }
                        ?? (names.isEmpty ? "the manifest has no env files" : "it has \(names.joined(separator: ", "))")
                )
            }
            files.append(file)
        }
        return files
    }

    /// The env file of that name, id or path.
    static func file(named word: String, _ opened: OpenedWorkspace) -> NodeID? {
        let nodes = opened.workspace.nodes(of: "env")
        if let node = nodes.first(where: { $0.id.name == word || $0.id.description == word }) { return node.id }
        let path = opened.session.host.currentFolder.appending(Path(word)).normalized
        return nodes.first { $0.place == path }?.id
    }
}
