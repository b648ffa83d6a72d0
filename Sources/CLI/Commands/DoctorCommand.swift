import Arguments
import Base
import Doctor
import Execution
import Kinds
import State
import Reporting

/// `doctor`: what is wrong with this machine, and how to mend it.
enum DoctorCommand: Command {
    static let checks = Positionals(
        "check", help: "Only these: a check, a group, a node's id or name.", completion: .callback("nodes"))
    static let fix = Flag("fix", help: "Mend what devinit can, after asking.")
    static let install = Flag(
        "install", help: "With --fix: agree to everything that it offers.", variable: .none)
    static let strict = Flag("strict", help: "Let warnings count as failures.")

    static let spec = CommandSpec(
        name: "doctor", summary: "Says what is wrong with this machine, and how to mend it.",
        discussion: "Looks only, and runs the manifest's own checks only when the manifest is trusted.",
        arguments: [checks.spec, fix.spec, install.spec, strict.spec],
        examples: [Example("devinit doctor node", help: "Looks at the tool node alone.")], group: CommandTable.first)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        var report = try await diagnose(parsed, session)
        if parsed[fix], try await mend(report, parsed, session) { report = try await diagnose(parsed, session) }
        if session.isJSON {
            session.answer(report.json)
        } else {
            session.answer(report.lines(style: session.reporting.output, columns: session.outputColumns))
        }
        return ExitStatus(code: report.exitStatus(strict: parsed[strict]))
    }

    /// A manifest that can't be used is itself a finding; what needs none is checked all the same.
    private static func diagnose(
        _ parsed: ParsedArguments, _ session: Session
    ) async throws(CommandFailure) -> DoctorReport {
        var context: DoctorContext
        do throws(CommandFailure) {
            let opened = try OpenedWorkspace.open(session)
            try await Preparation.settle(opened, writing: false)
            var selection = Selection()
            selection.profiles = parsed[GlobalOptions.profiles]
            let graph = try opened.graph(selection)
            context = DoctorContext(
                host: opened.session.host, run: opened.run(opened.settings), problems: opened.diagnostics,
                selected: Set(graph.nodes.keys), isTrusted: TrustGate(opened).isApproved,
                stateFolder: opened.stateFolder)
        } catch {
            context = DoctorContext(
                host: session.host, run: nil, problems: error.problems, isTrusted: false, stateFolder: nil)
        }
        do throws(Diagnostics) {
            return try await Checkup.diagnose(context, words: parsed[checks])
        } catch {
            throw CommandFailure(.usage, error)
        }
    }

    /// Asks about each offer and does it. Returns whether anything was done.
    private static func mend(
        _ report: DoctorReport, _ parsed: ParsedArguments, _ session: Session
    ) async throws(CommandFailure) -> Bool {
        let offers = report.offers
        if offers.isEmpty { return false }
        var (opened, lock) = try await OpenedWorkspace.locked(session, words: "doctor --fix", asksForTrust: true)
        defer { lock.release() }
        opened = try await opened.approved()
        var settings = opened.settings
        settings.mayInstall = true
        let run = opened.run(settings, output: try RunOutput(opened, session))
        var didSomething = false
        for offer in offers {
            if !parsed[install], !(await session.agrees("Run '\(offer.command)' for \(offer.node)?")) { continue }
            didSomething = true
            do throws(NodeFailure) {
                try await Checkup.mend(offer, run)
            } catch {
                session.say("\(offer.node): \(error.message)" + (error.remedy.map { "\n  \($0)" } ?? ""))
            }
        }
        return didSomething
    }
}
