import Arguments
import Base
import Execution
import HostInterfaces
import Kinds

/// `open`: a service's web page.
enum OpenCommand: Command {
    static let node = Positionals(
        "service", least: 1, most: 1, help: "The service.", completion: .callback("services"))
    static let print = Flag("print", help: "Print the address instead.", variable: .none)

    static let spec = CommandSpec(
        name: "open", summary: "Opens a service's web page in the browser.",
        discussion: """
            The page is what 'open' of the service says, else what its template says. Without a browser, or where \
            nobody looks on, the address is printed.
            """,
        arguments: [node.spec, print.spec],
        examples: [Example("devinit open mailpit", help: "The page with the mails.")], group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let opened = try OpenedWorkspace.open(session)
        let id = try opened.service(named: parsed[node][0])
        try await Preparation.settle(opened, writing: false)
        let address: String
        do throws(NodeFailure) {
            address = try await opened.services.page(of: id.name, mustRun: !parsed[print])
        } catch {
            throw CommandFailure(.of([error]), code: "open", error.message, suggestion: error.remedy)
        }
        if session.isJSON {
            session.answer(["schema": "devinit.open/1", "node": .string(id.description), "url": .string(address)])
        } else if !parsed[print], let browser = browser(session) {
            let request = ProcessRequest(
                [browser.text, address], environment: session.host.environment, folder: opened.workspace.root)
            do throws(ProcessError) {
                // A browser that was not running yet stays in the foreground of whoever starts it.
                _ = try session.host.processes.startDetached(request, log: "/dev/null")
                session.say("opened \(address)")
            } catch {
                session.say("note: \(browser) can't be started: \(error)")
                session.answer(address)
            }
        } else {
            session.answer(address)
        }
        return .done
    }

    /// The system's own program that opens addresses; nil where there is none, no screen, or nobody at a terminal.
    private static func browser(_ session: Session) -> Path? {
        let host = session.host
        guard host.terminal.isTerminal(.error) || host.terminal.isTerminal(.output) else { return nil }
        let path = host.environment["PATH"] ?? ""
        func find(_ name: String) -> Path? { host.processes.find(name, path: path, folder: host.currentFolder) }
        if host.machine.operatingSystem == "macos" { return find("open") }
        // Windows opens it for Linux that runs in it.
        if let windows = find("wslview") { return windows }
        let hasScreen = ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"].contains { host.environment[$0]?.isEmpty == false }
        return hasScreen ? find("xdg-open") : nil
    }
}
