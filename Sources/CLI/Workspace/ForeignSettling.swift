import Base
import Execution
import HostInterfaces
import Kinds
import ManifestModel

/// Containers or volumes of the project's name that were made elsewhere stop `up` with a choice: adopt, rename, leave
/// (manifest specification, "services").
enum ForeignSettling {
    enum Choice: String, CaseIterable { case adopt, rename }

    /// The workspace to go on with; another one after `rename`. Without an answer, or with "leave", the end is 78.
    static func settle(
        _ opened: OpenedWorkspace, _ graph: ExecutionGraph, stated: Choice?
    ) async throws(CommandFailure) -> OpenedWorkspace {
        guard let foreign = await opened.services.foreignProject(among: Set(graph.nodes.keys)) else { return opened }
        let session = opened.session
        let project = opened.workspace.project
        let list = foreign.parts.map { "  \($0.words)" }.joined(separator: "\n")
        let found = "the engine has parts of the project '\(project)' that were not made from here:\n\(list)"
        let name = try await failing { () async throws(NodeFailure) in try await opened.services.freeWorkspaceName() }
        let choice: Choice
        if let stated {
            choice = stated
        } else {
            guard session.mayAsk else {
                throw CommandFailure(
                    .prerequisites, code: "foreign-project", found,
                    suggestion: "take them over, their data with its passwords: devinit up --foreign adopt; "
                        + "call this workspace '\(name)', with services of its own: devinit up --foreign rename; "
                        + "or leave it all as it is and run devinit where they were made"
                )
            }
            choice = try await ask(found, name, session)
        }
        switch choice {
        case .adopt:
            try await failing { () throws(NodeFailure) in try opened.services.adopt(foreign) }
            session.say("note: taken over: \(foreign.parts.map(\.name).joined(separator: ", "))")
            return opened
        case .rename: return try rename(opened, to: name)
        }
    }

    private static func ask(_ found: String, _ name: String, _ session: Session) async throws(CommandFailure) -> Choice
    {
        session.say(
            """
            \(found)
            adopt   takes them over: containers are made anew, data stays, with the passwords it was made with
            rename  calls this workspace '\(name)' (in the manifest's .local file), with services and data of its own
            leave   stops here and changes nothing
            """)
        let answer = await session.host.terminal.ask("[a]dopt, [r]ename, [L]eave: ", hidden: false)
        switch answer?.lowercased() ?? "" {
        case "a", "adopt": return .adopt
        case "r", "rename": return .rename
        default:
            throw CommandFailure(
                .prerequisites, code: "foreign-project", "left as it is, so nothing was started",
                suggestion: "run devinit where they were made, or remove them there with devinit down")
        }
    }

    /// Writes the name into the manifest's `.local` file, and reads the manifest again with it.
    private static func rename(
        _ opened: OpenedWorkspace, to name: String
    ) throws(CommandFailure) -> OpenedWorkspace {
        let session = opened.session
        let files = session.host.files
        let file = ManifestReader.local(of: opened.manifest.file)
        let before = files.text(of: file)
        func failure(_ reason: String) -> CommandFailure {
            CommandFailure(
                .failed, code: "rename", "the name can't be written into \(file): \(reason)",
                suggestion: "write 'workspace: \(name)' there yourself, then run devinit up again")
        }
        do throws(SystemError) {
            try files.replace(file, with: Array(renamed(before ?? "", to: name).utf8), mode: 0o644)
        } catch { throw failure("\(error)") }
        let manifest = OpenedWorkspace.answered(
            ManifestLoader.standard(session).load(opened.manifest.file), opened.journal, session)
        guard !manifest.diagnostics.hasErrors, manifest.name == name else {
            if let before {
                try? files.replace(file, with: Array(before.utf8), mode: 0o644)
            } else {
                try? files.remove(file)
            }
            throw failure("it is not written as a list of keys, one a line")
        }
        session.say("note: this workspace is called '\(name)' from now on; \(file) says so")
        return try OpenedWorkspace.open(session, manifest, opened.stateFolder, opened.journal, writing: true)
    }

    /// The text with that name: in place of the one it had, else at the end.
    static func renamed(_ text: String, to name: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        let wanted = Substring("workspace: \(name)")
        if let index = lines.firstIndex(where: { $0.hasPrefix("workspace:") }) {
            lines[index] = wanted
        } else {
            lines.append(wanted)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func failing<Value>(
        _ body: () async throws(NodeFailure) -> Value
    ) async throws(CommandFailure) -> Value {
        do throws(NodeFailure) { return try await body() } catch {
            throw CommandFailure(.of([error]), code: "foreign-project", error.message, suggestion: error.remedy)
        }
    }
}
