import Arguments
import Base
import ManifestModel

/// The options that every command takes.
enum GlobalOptions {
    static let file = Option<Path?>(
        "file", short: "f", value: "PATH", type: .path, help: "The manifest, instead of the nearest one.")
    static let directory = Option<Path?>(
        "directory", short: "C", value: "FOLDER", type: .folder, help: "Work as if started in this folder.")
    static let yes = Flag("yes", short: "y", help: "Answer yes to what can be undone.")
    static let jobs = Option<Int?>(
        "jobs", short: "j", value: "N", type: .integer(1...1024), help: "How many nodes work at once.")
    static let profiles = Option<[String]>(
        "profile", value: "NAME", repeating: .text, help: "Add the nodes with this label; may be repeated.")
    static let json = Flag("json", help: "Print one JSON document on standard output.")
    static let progress = Option<String>(
        "progress", value: "HOW", type: .choice(["auto", "tty", "plain", "json", "quiet"]), default: "auto",
        help: "How progress is shown on standard error.")
    static let quiet = Flag("quiet", short: "q", help: "Show failures only.")
    static let verbose = Flag(
        "verbose", short: "v", counting: true, help: "Show more: output of steps, reasons of edges.")
    static let grace = Option<Duration?>(
        "grace", value: "TIME", type: .duration, help: "How long what is stopped may take to end by itself.")
    static let noInput = Flag("no-input", help: "Ask nothing; fail where an answer is needed.")
    static let noColor = Flag("no-color", help: "Use no colour.")
    static let offline = Flag("offline", help: "Do nothing that needs the network.")

    static let instance = Option<String?>(
        "instance", value: "NAME",
        type: .custom(expected: "a name of small letters, digits, - and _") { text in
            !text.isEmpty && ManifestLoader.fittingName(text) == text ? text : nil
        },
        help: "Services, ports and values of their own beside the others'; a git worktree has its own by itself.")

    static let specs = [
        file.spec, directory.spec, profiles.spec, yes.spec, jobs.spec, json.spec, progress.spec, quiet.spec,
        verbose.spec, noInput.spec, noColor.spec, offline.spec,
        grace.spec, instance.spec,
    ]
}
