import Arguments
import Base
import Execution
import HostInterfaces
import Kinds
import ManifestModel
import Reporting

/// One call of the program: the machine, the words, and how to speak. The only way to standard output.
struct Session: Sendable {
    var host: Host
    /// Where this program's file is; its worker is beside it.
    let programPath: Path
    /// This process, as other runs name it.
    let processID: Int32
    let parsed: ParsedArguments
    var reporting: ReportingSettings
    /// Signals that ask to stop, by number; ends with the program.
    let interrupts: @Sendable () -> AsyncStream<Int32>

    var isJSON: Bool { parsed[GlobalOptions.json] }

    /// Whether a person can be asked.
    var mayAsk: Bool { host.terminal.canAsk && !parsed[GlobalOptions.noInput] && !isJSON }

    /// The answer, on standard output.
    func answer(_ text: String) { host.terminal.write(text.hasSuffix("\n") ? text : text + "\n", to: .output) }

    func answer(_ lines: [StyledLine]) { host.terminal.write(reporting.output.text(lines), to: .output) }

    func answer(_ document: JSON) { host.terminal.write(document.text(pretty: true) + "\n", to: .output) }

    /// A text that has no parts of its own; in JSON it stands whole in a document of that name.
    func answer(_ text: String, as name: String) {
        if isJSON { answer(["schema": .string("devinit.\(name)/1"), "text": .string(text)]) } else { answer(text) }
    }

    /// The conversation, on standard error.
    func say(_ text: String) { host.terminal.write(text.hasSuffix("\n") ? text : text + "\n", to: .error) }

    /// Shows the notes of work that is no node of a run, on standard error.
    var noting: NodeReporter { NodeReporter(progress: { _ in }, output: { _, _ in }, note: { say("note: \($0)") }) }

    var outputColumns: Int? { host.terminal.size(of: .output)?.columns }
    var errorColumns: Int? { host.terminal.size(of: .error)?.columns }

    /// Shows problems with their lines and what to do, on standard error.
    func show(_ problems: Diagnostics, in manifest: LoadedManifest?) {
        DiagnosticView(style: reporting.error, columns: errorColumns) { manifest?.line(at: $0) }
            .write(Diagnostics(problems.sorted), to: host.terminal)
    }

    /// A yes or no by a person; without one it is no. `--yes` does not count: it answers only what can be undone.
    func agrees(_ question: String) async -> Bool {
        guard mayAsk else { return false }
        let answer = await host.terminal.ask("\(question) [y/N] ", hidden: false)
        return ["y", "yes"].contains(answer?.lowercased() ?? "")
    }
}
