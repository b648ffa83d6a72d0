import Arguments
import Base
import Execution
import HostInterfaces
import Kinds
import Reporting
import State

/// `data`: snapshots of what services keep.
enum DataCommand: Command {
    enum Action: String, CaseIterable { case list, save, load, delete }

    static let action = Positionals(
        "action", type: .choice(Action.allCases.map(\.rawValue)), most: 1,
        help: "What to do; list where nothing is said.")
    static let words = Positionals(
        "word", help: "The snapshot's name, then the services; all where none is named.",
        completion: .callback("services"))
    static let replace = Flag(
        "replace", help: "Give up the data that is there: save over a snapshot, load over a service's data.",
        variable: .none)

    static let spec = CommandSpec(
        name: "data", summary: "Saves what services keep, and brings it back.",
        discussion: """
            A snapshot is a copy of a service's volume on the engine itself, or of the folder of one that runs without a \
            container. To save, the service is stopped for a moment; \
            to load, its data is replaced and it is started. What was done for the data (steps with 'once' or 'per') is \
            saved and loaded with it: a seeded database is not seeded again.
            """,
        arguments: [action.spec, words.spec, replace.spec, UpCommand.trust.spec],
        examples: [
            Example("devinit data save seeded", help: "Saves the data of all services."),
            Example("devinit data load seeded postgres", help: "Brings back that of one, after asking."),
            Example("devinit data list", help: "Lists snapshots, those of other folders of the workspace too."),
            Example("devinit data delete seeded", help: "Removes one."),
        ],
        group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let action = parsed[action].first.flatMap(Action.init(rawValue:)) ?? .list
        let words = parsed[words]
        if action == .list {
            guard words.isEmpty else { throw usage("'data list' takes no names", "devinit data list") }
            return try await list(session)
        }
        guard let name = words.first, Snapshot.isName(name) else {
            throw usage(
                words.isEmpty
                    ? "'data \(action)' needs the snapshot's name"
                    : "'\(words[0])' can't be a snapshot's name: letters, digits, - . and _, at most 60",
                "devinit data \(action) NAME")
        }
        let services = Array(words.dropFirst())
        let line = (["data", action.rawValue] + words).joined(separator: " ")
        var (opened, lock) = try await OpenedWorkspace.locked(session, words: line, asksForTrust: true)
        defer { lock.release() }
        // What is loaded is started, as `up` does; a process that was saved is started again by its command.
        let starts = action == .load || action == .save && data(opened).startsProcesses(services)
        if !starts {
            opened = try opened.guarded(writing: true)
        } else if !parsed[UpCommand.trust] {
            opened = try await opened.approved()
        }
        try await Preparation.settle(opened, writing: true)
        switch action {
        case .save: return try await save(name, services, replacing: parsed[replace], opened)
        case .load: return try await load(name, services, replacing: parsed[replace], opened)
        case .delete:
            guard services.isEmpty else {
                throw usage("'data delete' takes the snapshot's name alone", "devinit data delete NAME")
            }
            return try await delete(name, opened)
        case .list: return .done
        }
    }

    private static func usage(_ message: String, _ suggestion: String) -> CommandFailure {
        CommandFailure(.usage, code: "usage", message, suggestion: suggestion)
    }

    private static func data(_ opened: OpenedWorkspace) -> ServiceData {
        ServiceData(opened.services) { opened.session.say($0) }
    }

    private static func list(_ session: Session) async throws(CommandFailure) -> ExitStatus {
        let opened = try OpenedWorkspace.open(session)
        let found = SnapshotList(
            snapshots: try await failing { () async throws(NodeFailure) in try await data(opened).list() })
        if session.isJSON {
            session.answer(["schema": "devinit.data/1", "snapshots": found.json])
        } else if found.snapshots.isEmpty {
            session.say("there are no snapshots; make one with: devinit data save NAME")
        } else {
            session.answer(found.lines(style: session.reporting.output, width: session.outputColumns))
        }
        return .done
    }

    private static func save(
        _ name: String, _ services: [String], replacing: Bool, _ opened: OpenedWorkspace
    ) async throws(CommandFailure) -> ExitStatus {
        let session = opened.session
        let (result, signal) = await Interruptible.run(session) { () async throws(NodeFailure) in
            try await data(opened).save(name, services: services, replacing: replacing)
        }
        if let signal, case .failure = result { return .signal(signal) }
        let saved = try await failing { () throws(NodeFailure) in try result.get() }
        if session.isJSON {
            session.answer(["schema": "devinit.data/1", "saved": SnapshotList(snapshots: saved).json])
        }
        return .done
    }

    private static func load(
        _ name: String, _ services: [String], replacing: Bool, _ opened: OpenedWorkspace
    ) async throws(CommandFailure) -> ExitStatus {
        let session = opened.session
        let data = data(opened)
        let plan = try await failing { () async throws(NodeFailure) in
            try await data.plan(loading: name, services: services)
        }
        try await checkConsent(plan, replacing: replacing, session)
        let (result, signal) = await Interruptible.run(session) { () async throws(NodeFailure) in
            try await data.perform(plan)
        }
        if let signal, case .failure = result { return .signal(signal) }
        try await failing { () throws(NodeFailure) in try result.get() }
        let taken = try await failing { () async throws(NodeFailure) in
            try await data.takePasswords(of: plan, opened.secretCare)
        }
        if !taken.isEmpty { session.say("note: taken over with the data: \(taken.joined(separator: ", "))") }
        if taken.isEmpty, let other = plan.snapshots.first(where: { $0.root != opened.workspace.root.text }) {
            session.say("note: the data was made in \(other.root), with the passwords of there")
        }
        var selection = Kinds.Selection()
        selection.targets = plan.snapshots.map { "service:\($0.service)" }
        selection.targets += opened.secretCare.environmentFiles(of: taken).map(\.description)
        let graph = try opened.graph(selection)
        try await Questions.askSecrets(opened, graph)
        let (summary, output) = try await RunSession.drive(opened, graph, opened.settings)
        if session.isJSON {
            session.answer([
                "schema": "devinit.data/1", "loaded": SnapshotList(snapshots: plan.snapshots).json,
                "status": .string(summary.status.rawValue),
            ])
        }
        RunSession.tell(
            summary, tails: output.tails, message: nil, RunRequest(selection: selection, words: "up"), session)
        return RunSession.status(summary, signal: output.signal)
    }

    /// Losing data is never answered by `--yes`.
    private static func checkConsent(
        _ plan: ServiceData.Load, replacing: Bool, _ session: Session
    ) async throws(CommandFailure) {
        if plan.lost.isEmpty || replacing { return }
        session.say("this replaces the data in:\n" + plan.lost.map { "  \($0)" }.joined(separator: "\n"))
        if await session.agrees("Replace it?") { return }
        throw CommandFailure(
            .prerequisites, code: "not-agreed", "nothing was replaced",
            suggestion: session.mayAsk ? nil : "run it in a terminal, or say so: --replace")
    }

    private static func delete(_ name: String, _ opened: OpenedWorkspace) async throws(CommandFailure) -> ExitStatus {
        let session = opened.session
        if session.mayAsk, !(await session.agrees("Remove the snapshot '\(name)' for good?")) {
            throw CommandFailure(.prerequisites, code: "not-agreed", "nothing was removed")
        }
        let deleted = try await failing { () async throws(NodeFailure) in try await data(opened).delete(name) }
        if session.isJSON {
            session.answer(["schema": "devinit.data/1", "deleted": SnapshotList(snapshots: deleted).json])
        } else {
            session.say("removed: '\(name)' of \(deleted.map(\.service).joined(separator: ", "))")
        }
        return .done
    }

    private static func failing<Value>(
        _ body: () async throws(NodeFailure) -> Value
    ) async throws(CommandFailure) -> Value {
        do throws(NodeFailure) { return try await body() } catch {
            throw CommandFailure(.of([error]), code: "data", error.message, suggestion: error.remedy)
        }
    }
}
