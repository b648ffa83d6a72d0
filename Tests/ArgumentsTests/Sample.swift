import Arguments
import Base

/// A small program with one of everything.
enum Sample {
    static let file = Option("file", short: "f", value: "FILE", type: .path, help: "The manifest to read.")
    static let directory = Option("directory", short: "C", value: "DIR", type: .folder, help: "The folder to work in.")
    static let yes = Flag("yes", short: "y", help: "Answer yes to what can be undone.")
    static let jobs = Option(
        "jobs", short: "j", value: "N", type: .integer(1...64), default: 4, help: "Nodes to run at once.")
    static let profile = Option(
        "profile", value: "NAME", repeating: .text, help: "Select what this profile labels.")
    static let quiet = Flag("quiet", short: "q", help: "Say less.")
    static let verbose = Flag("verbose", short: "v", counting: true, help: "Say more; twice for all.")
    static let progress = Option(
        "progress", value: "FORM", type: ValueType<Progress>.cases, default: .auto, help: "How progress is shown.")
    static let grace = Option(
        "grace", value: "SPAN", type: .duration, default: .seconds(10), help: "How long children may take to stop.")
    static let secret = Flag("trace-parser", help: "Trace the parser.", hidden: true)

    enum Progress: String, CaseIterable, Sendable { case auto, tty, plain }

    static let dryRun = Flag("dry-run", short: "n", help: "Print the plan and stop.")
    static let pull = Flag("pull", invertible: true, default: true, help: "Fetch newer images.")
    static let targets = Positionals(
        "target", help: "Only these nodes and what they need.", completion: .callback("nodes"))
    static let volumes = Flag("volumes", help: "Remove the data too.", variable: .none)
    static let offset = Option("offset", value: "N", type: .integer(), default: 0, help: "Where to begin.")
    static let step = Positionals("step", least: 1, most: 1, help: "The step's name.", completion: .callback("steps"))
    static let follow = Flag("follow", short: "f", help: "Go on as lines come.", takesOverShort: true)
    static let tail = Option(
        "tail", short: "n", value: "LINES", type: .integer(0...Int.max), help: "How many lines to begin with.")
    static let shell = Positionals(
        "shell", type: .choice(["bash", "zsh", "fish"]), least: 1, most: 1, help: "The shell that reads it.")
    static let memory = Option(
        "memory", value: "SIZE", type: .byteSize, help: "What a service may use.",
        variable: .named("DEVINIT_SERVICE_MEMORY"))
    static let topic = Positionals("topic", least: 1, most: 1, help: "What to list.")
    static let source = Positionals("source", least: 1, most: 1, help: "Where from.")
    static let names = Positionals("name", help: "Which ones.")
    static let destination = Positionals("destination", least: 1, most: 1, help: "Where to.")

    static let up = CommandSpec(
        name: "up", summary: "Make the machine match the manifest.",
        discussion: "Plans and runs what is not up to date.\n\nIndependent work goes on after a failure.",
        arguments: [dryRun.spec, pull.spec, memory.spec, targets.spec],
        examples: [Example("devinit up step:api", help: "Only that step and what it needs.")], group: "Start here")
    static let down = CommandSpec(
        name: "down", summary: "Stop the services.", arguments: [volumes.spec], group: "Start here",
        hints: [Hint("-v", suggestion: "--volumes")])
    static let run = CommandSpec(
        name: "run", summary: "Run one step now.", arguments: [step.spec, offset.spec], group: "Start here",
        passthroughAfterDashes: Passthrough("ARGS", help: "Arguments for the step's command."))
    static let exec = CommandSpec(
        name: "exec", summary: "Run a command in a service.", group: "More",
        passthroughAfterDashes: Passthrough("COMMAND", required: true, help: "The command and its arguments."))
    static let logs = CommandSpec(
        name: "logs", summary: "Show what a node printed.", arguments: [follow.spec, tail.spec], group: "More")
    static let completions = CommandSpec(
        name: "completions", summary: "Print a completion script.", arguments: [shell.spec], group: "More")
    static let copy = CommandSpec(
        name: "copy", summary: "Copy some things.", arguments: [source.spec, names.spec, destination.spec],
        group: "More")
    static let complete = CommandSpec(
        name: "__complete", summary: "List words for completions.", arguments: [topic.spec], group: nil,
        passthroughAfterDashes: Passthrough("WORDS", help: "What stands on the line."))

    static let program = Program(
        name: "devinit", summary: "One command from a bare machine to a running product.",
        globals: [
            file.spec, directory.spec, yes.spec, jobs.spec, profile.spec, quiet.spec, verbose.spec, progress.spec,
            grace.spec, secret.spec,
        ], commands: [up, down, run, exec, logs, completions, copy, complete], groups: ["Start here", "More"],
        hints: [Hint("start", suggestion: "up")])

    static func parse(_ words: [String], _ environment: [String: String] = [:]) throws(UsageError) -> ParsedArguments {
        try program.parse(words: words, environment: environment)
    }

    static func parse(_ line: String, _ environment: [String: String] = [:]) throws(UsageError) -> ParsedArguments {
        try parse(line.split(separator: " ").map(String.init), environment)
    }

    /// The message of the error that the words give; empty where they give none.
    static func message(_ words: [String], _ environment: [String: String] = [:]) -> String {
        do throws(UsageError) { _ = try parse(words, environment) } catch { return error.message }
        return ""
    }

    static func message(_ line: String, _ environment: [String: String] = [:]) -> String {
        message(line.split(separator: " ").map(String.init), environment)
    }
}

extension ParsedArguments {
    /// The request as one word or two, for expectations.
    var asked: String {
        switch request {
        case .command(let command): command.name
        case .help(let command): "help \(command?.name ?? "-")"
        case .version: "version"
        case .nothing: "nothing"
        }
    }
}
