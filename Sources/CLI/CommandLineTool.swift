import Arguments
import Base
import HostInterfaces
import POSIXHost
import Reporting

/// The program from its words to its exit status.
public enum CommandLineTool {
    /// Runs the words that follow the program's name. Returns the status; a signal that ended the run is raised
    /// again by the caller.
    /// Only for the program's first thread.
    public static func run(_ words: [String], program: String) -> ExitStatus {
        POSIXHost.run { await answer(words, program: program) } ?? .failed
    }

    private static func answer(_ words: [String], program: String) async -> ExitStatus {
        var host = POSIXHost.host()
        POSIXHost.takeChildrenAlong()
        let parsed: ParsedArguments
        do throws(UsageError) {
            parsed = try CommandTable.program.parse(words: words, environment: host.environment)
        } catch {
            host.terminal.write("\(error.message)\n\(error.advice)\n", to: .error)
            return refuse(words, Diagnostic(code: "usage", error.message, suggestion: error.advice), host)
        }
        if let folder = parsed[GlobalOptions.directory] {
            let path = host.currentFolder.appending(folder).normalized
            guard host.files.isFolder(path) else {
                let message = "\(folder): there is no such folder"
                host.terminal.write("devinit: \(message)\n", to: .error)
                return refuse(words, Diagnostic(code: "no-folder", message, suggestion: "check --directory"), host)
            }
            host.currentFolder = path
        }
        let session = Session(
            host: host, programPath: programPath(program, host), processID: POSIXHost.processID, parsed: parsed,
            reporting: reporting(parsed, host), interrupts: Interrupts.stream)
        switch parsed.request {
        case .nothing:
            session.say(helpText(nil, session, stream: .error))
            return .usage
        case .help(let spec):
            session.answer(helpText(spec, session, stream: .output), as: "help")
            return .done
        case .version:
            session.answer("devinit \(ProgramVersion.text)", as: "version")
            return .done
        case .command(let spec): return await run(spec, session)
        }
    }

    /// Words that can't be used: where they ask for JSON, that is still what standard output gets.
    private static func refuse(_ words: [String], _ problem: Diagnostic, _ host: Host) -> ExitStatus {
        if words.prefix(while: { $0 != "--" }).contains("--json") {
            let command = words.first { CommandTable.command(named: $0) != nil } ?? "usage"
            let document = FailureDocument.json(command: command, Diagnostics([problem]))
            host.terminal.write(document.text(pretty: true) + "\n", to: .output)
        }
        return .usage
    }

    private static func run(_ spec: CommandSpec, _ session: Session) async -> ExitStatus {
        guard let command = CommandTable.command(named: spec.name) else { return .usage }
        do throws(CommandFailure) {
            let status = try await command.run(session.parsed, in: session)
            guard let lost = session.host.terminal.lostOutput else { return status }
            session.say("devinit: the answer is not whole: \(lost)")
            return status == .done ? .failed : status
        } catch {
            if session.isJSON {
                session.answer(FailureDocument.json(command: spec.name, error.problems))
            }
            session.show(error.problems, in: error.manifest)
            return error.status
        }
    }

    static func helpText(_ spec: CommandSpec?, _ session: Session, stream: TerminalStream) -> String {
        let columns = session.host.terminal.size(of: stream)?.columns ?? 80
        let help = HelpRenderer(width: min(max(columns, 40), 120))
        return spec.map { help.help(of: $0, in: CommandTable.program) } ?? help.help(of: CommandTable.program)
    }

    private static func reporting(_ parsed: ParsedArguments, _ host: Host) -> ReportingSettings {
        ReportingSettings(
            requested: ProgressMode(rawValue: parsed[GlobalOptions.progress]) ?? .auto,
            noColor: parsed[GlobalOptions.noColor], isQuiet: parsed[GlobalOptions.quiet],
            isVerbose: parsed.count(GlobalOptions.verbose) > 0, environment: host.environment,
            terminal: host.terminal)
    }

    /// The program's own file: as it was called, or as PATH finds it.
    private static func programPath(_ program: String, _ host: Host) -> Path {
        let path =
            program.contains("/")
            ? host.currentFolder.appending(Path(program))
            : host.processes.find(program, path: host.environment["PATH"] ?? "", folder: host.currentFolder)
        let found = path ?? Path(program)
        return (try? host.files.resolve(found)) ?? found
    }
}
