import Base
import Execution
import HostInterfaces
import Kinds
import ManifestModel

/// Containers or volumes of the project's name that were made elsewhere stop `up` with a choice: adopt, rename, leave
/// (manifest specification, "services").
enum ForeignSettling {
    enum Choice: String, CaseIterable { case adopt, rename }

    /// The workspace to go on with after `rename`; nil where it is the one that there is. Without an answer, or with
    /// "leave", the end is 78.
    static func settle(
        _ opened: OpenedWorkspace, _ graph: ExecutionGraph, stated: Choice?
    ) async throws(CommandFailure) -> OpenedWorkspace? {
        guard let foreign = await opened.services.foreignProject(among: Set(graph.nodes.keys)) else { return nil }
        let session = opened.session
        let projects = foreign.projects.map { "'\($0)'" }.joined(separator: " and ")
        let list = foreign.parts.map { "  \($0.words)" }.joined(separator: "\n")
        let found = "the engine has parts of the project \(projects) that were not made from here:\n\(list)"
        let names = try await failing { () async throws(NodeFailure) in
            try await opened.services.freeNames(instead: foreign)
        }
        let choice: Choice
        if let stated {
            choice = stated
        } else {
            guard session.mayAsk else {
                throw CommandFailure(
                    .prerequisites, code: "foreign-project", found,
                    suggestion: "take them over, their data with its passwords: devinit up --foreign adopt; "
                        + "call \(words(names)), with services of its own: devinit up --foreign rename; "
                        + "or leave it all as it is and run devinit where they were made"
                )
            }
            choice = try await ask(found, names, session)
        }
        switch choice {
        case .adopt:
            try await failing { () throws(NodeFailure) in try opened.services.adopt(foreign) }
            session.say("note: taken over: \(foreign.parts.map(\.name).joined(separator: ", "))")
            return nil
        case .rename: return try rename(opened, to: names)
        }
    }

    private static func words(_ names: ServiceOperations.NewNames) -> String {
        [names.workspace.map { "this workspace '\($0)'" }, names.project.map { "the Compose project '\($0)'" }]
            .compactMap { $0 }.joined(separator: " and ")
    }

    private static func ask(
        _ found: String, _ names: ServiceOperations.NewNames, _ session: Session
    ) async throws(CommandFailure) -> Choice {
        session.say(
            """
            \(found)
            adopt   takes them over: containers are made anew, data stays, with the passwords it was made with
            rename  calls \(words(names)) (in the manifest's .local file), with services and data of its own
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
        _ opened: OpenedWorkspace, to names: ServiceOperations.NewNames
    ) throws(CommandFailure) -> OpenedWorkspace {
        let session = opened.session
        let files = session.host.files
        let file = ManifestReader.local(of: opened.manifest.file)
        let before = files.text(of: file)
        func failure(_ reason: String) -> CommandFailure {
            CommandFailure(
                .failed, code: "rename", "the name can't be written into \(file): \(reason)",
                suggestion: "write '\(LocalNames.lines(names).joined(separator: "' and '"))' there yourself, then run "
                    + "devinit up again")
        }
        do throws(SystemError) {
            try files.replace(file, with: Array(LocalNames.text(before ?? "", with: names).utf8), mode: 0o644)
        } catch { throw failure("\(error)") }
        let manifest = OpenedWorkspace.answered(
            ManifestLoader.standard(session).load(opened.manifest.file), opened.journal, session)
        guard !manifest.diagnostics.hasErrors, LocalNames.hold(names, in: manifest) else {
            if let before {
                try? files.replace(file, with: Array(before.utf8), mode: 0o644)
            } else {
                try? files.remove(file)
            }
            throw failure("it is not written as a list of keys, one a line")
        }
        session.say("note: from now on devinit calls \(words(names)); \(file) says so")
        return try OpenedWorkspace.open(session, manifest, opened.stateFolder, opened.journal, writing: true)
    }

    private static func failing<Value>(
        _ body: () async throws(NodeFailure) -> Value
    ) async throws(CommandFailure) -> Value {
        do throws(NodeFailure) { return try await body() } catch {
            throw CommandFailure(.of([error]), code: "foreign-project", error.message, suggestion: error.remedy)
        }
    }
}
