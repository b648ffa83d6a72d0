import Arguments
import Base
import Catalog
import HostInterfaces
import ManifestModel
import Reporting
import State

/// `report`: a run as one HTML file, to look at and to send on. Reads records only, so it needs no lock and no valid
/// manifest.
enum ReportCommand: Command {
    static let run = Positionals(
        "run", most: 1, help: "The run: its id, or how it begins. Without one, the newest.",
        completion: .callback("runs"))
    static let list = Flag("list", help: "List the recorded runs instead.", variable: .none)
    static let output = Option<Path?>(
        "output", short: "o", value: "FILE", type: .path,
        help: "Where the page goes; '-' is standard output. Without it, beside the run's record.", variable: .none)

    static let spec = CommandSpec(
        name: "report", summary: "Writes one HTML file that shows a run: its timeline, critical path and logs.",
        discussion: "The file loads nothing from anywhere. Secrets are masked in it as they are in the logs.",
        arguments: [run.spec, list.spec, output.spec],
        examples: [
            Example("devinit report", help: "Writes the newest run and prints the file's path."),
            Example("devinit report -o run.html", help: "Writes it where it can be sent on."),
        ],
        group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let isToStandardOutput = parsed[output]?.text == "-"
        if parsed[list], parsed[output] != nil || !parsed[run].isEmpty {
            throw usage("--list shows all runs and writes no page", "drop the run, --output, or --list")
        }
        if session.isJSON, isToStandardOutput {
            throw usage("--json is one document, and so is the page", "drop one of --json and --output -")
        }
        let (manifest, state) = try OpenedWorkspace.located(session)
        let records = RecordedRuns(files: session.host.files, runs: WorkspaceFolder(root: manifest.root).runs)
        if parsed[list] { return try RunList.show(records, state, session) }
        let id = try chosen(parsed[run].first, records)
        let report = try read(id, records, state, session)
        let page = page(session).html(
            report, in: records.folder(id), root: manifest.root, files: session.host.files)
        if isToStandardOutput {
            session.answer(String(decoding: page, as: UTF8.self))
            return .done
        }
        let beside = records.folder(id).path / "report.html"
        let target = parsed[output].map { session.host.currentFolder.appending($0).normalized } ?? beside
        try write(page, to: target, session)
        if session.isJSON {
            session.answer(["schema": "devinit.report/1", "run": .string(id), "path": .string(target.text)])
        } else {
            session.answer(target.text)
        }
        return .done
    }

    private static func chosen(_ word: String?, _ records: RecordedRuns) throws(CommandFailure) -> String {
        guard let word else {
            guard let newest = records.ids.last else {
                throw CommandFailure(.failed, code: "no-run", "no run is recorded here", suggestion: "devinit up")
            }
            return newest
        }
        let found = records.matching(word)
        guard let id = found.first else {
            throw CommandFailure(
                .usage, code: "unknown-run", "no recorded run begins with '\(word)'",
                suggestion: "devinit report --list shows them")
        }
        guard found.count == 1 else {
            let names = found.prefix(3).joined(separator: ", ") + (found.count > 3 ? ", …" : "")
            throw CommandFailure(
                .usage, code: "ambiguous", "'\(word)' may be \(found.count) runs: \(names)",
                suggestion: "write more of the id")
        }
        return id
    }

    private static func read(
        _ id: String, _ records: RecordedRuns, _ state: StateFolder, _ session: Session
    ) throws(CommandFailure) -> RunReport {
        let report: RunReport
        do throws(SystemError) {
            report = try records.report(of: id) { RunList.isGoing($0, state, session) }
        } catch {
            throw CommandFailure(.failed, code: "record", "the record of run \(id) can't be read: \(error)")
        }
        guard report.hasStarted || report.nodeCount > 0 else {
            throw CommandFailure(
                .failed, code: "record", "the record of run \(id) holds nothing that can be read",
                suggestion: "devinit report --list shows the others")
        }
        switch report.status {
        case .going: session.say("note: run \(id) is still going; the page shows it as far as it is")
        case .unended: session.say("note: run \(id) did not end; the page shows what it had recorded")
        default: break
        }
        if report.damagedLines > 0 {
            let words = report.damagedLines == 1 ? "1 line" : "\(report.damagedLines) lines"
            session.say("note: \(words) of the record can't be read; the page leaves out what stood there")
        }
        return report
    }

    /// The page's parts are data of the catalog, embedded when devinit is built.
    private static func page(_ session: Session) -> ReportPage {
        func part(_ name: String) -> String { EmbeddedTemplates.text("report/\(name)") ?? "" }
        return ReportPage(
            page: part("page.html"), style: part("page.css"), script: part("page.js"), digests: session.host.digests)
    }

    /// The file holds logs, so it is for its owner as they are. A link is not followed: it may have come with a
    /// repository and lead to a file that nobody meant.
    private static func write(_ page: [UInt8], to target: Path, _ session: Session) throws(CommandFailure) {
        let files = session.host.files
        guard (try? files.status(of: target, followingLinks: false))?.kind != .link else {
            throw CommandFailure(
                .failed, code: "link", "\(target) is a link, and the report does not write through one",
                suggestion: "remove it, or name another file with --output")
        }
        do throws(SystemError) { try files.replace(target, with: page, mode: 0o600) } catch {
            throw CommandFailure(
                .failed, code: "output", "the report can't be written: \(error)",
                suggestion: "name another file with --output")
        }
    }

    private static func usage(_ message: String, _ suggestion: String) -> CommandFailure {
        CommandFailure(.usage, code: "usage", message, suggestion: suggestion)
    }
}
