import Base
import HostInterfaces
import POSIXHost
import Kinds
import ManifestModel
import State

/// The workspace of a command that changes something.
extension OpenedWorkspace {
    /// Takes the lock, then opens the records: what another run wrote while we waited for it counts, and nobody mends
    /// a record that somebody else is writing. Ends what a run that was killed left behind.
    static func locked(
        _ session: Session, words: String, asksForTrust: Bool = false
    ) async throws(CommandFailure) -> (opened: OpenedWorkspace, lock: RunLock) {
        let (manifest, folder) = try located(session)
        let lock = try await takeLock(folder, session, words: words)
        let journal = try openJournal(folder, session)
        var opened = try open(session, answered(manifest, journal, session), folder, journal, writing: true)
        // Who asks first starts nothing before there is an answer.
        if !asksForTrust { opened = try opened.guarded(writing: true) }
        // What works under the lock installs, starts and stops things: killed at once it would leave them half done.
        POSIXHost.grantChildren(opened.settings.grace)
        await endLeftovers(opened)
        return (opened, lock)
    }

    private static func openJournal(_ folder: StateFolder, _ session: Session) throws(CommandFailure) -> Journal {
        do throws(SystemError) {
            let (journal, notices) = try Journal.open(in: folder, host: session.host)
            for notice in notices { session.say("note: \(notice)") }
            return journal
        } catch {
            throw stateFailure(folder, error)
        }
    }

    private static func endLeftovers(_ opened: OpenedWorkspace) async {
        let session = opened.session
        guard let children = opened.parts.children else { return }
        func say(_ verb: String, _ node: String, _ process: ProcessIdentity) {
            session.say(
                "note: \(verb) \(node), which a run that was killed had left running (process \(process.id))")
        }
        // What is to be done once can't be taken back when it is half done, so it is let go on to its end. Either record
        // may be the only one that knows its process.
        let receipts = opened.parts.receipts
        var once = Dictionary(receipts.callOff().map { ($0.node, $0.process) }, uniquingKeysWith: { $1 })
        for (node, process) in children.leftovers() {
            if receipts.isPending(node) {
                once[node] = once[node] ?? process
            } else {
                say("ended", node, process)
                await session.host.processes.end(process, grace: opened.settings.grace)
            }
        }
        for (node, process) in once.sorted(by: { $0.key < $1.key }) where session.host.processes.isRunning(process) {
            say("waiting for", node, process)
            while session.host.processes.isRunning(process), !Task.isCancelled {
                try? await session.host.clock.sleep(for: .milliseconds(100))
            }
        }
        children.begin()
    }

    /// Waits for other runs up to 10 seconds.
    private static func takeLock(
        _ folder: StateFolder, _ session: Session, words: String
    ) async throws(CommandFailure) -> RunLock {
        let outcome: RunLock.Outcome
        do throws(SystemError) {
            outcome = try await RunLock.acquire(
                in: folder, host: session.host,
                as: .init(
                    pid: session.processID, command: "devinit \(words)",
                    startedAt: session.host.clock.wallSeconds),
                onWait: { holder in
                    session.say("waiting for \(holder.map { "'\($0.command)', process \($0.pid)" } ?? "another run")")
                })
        } catch {
            throw stateFailure(folder, error)
        }
        switch outcome {
        case .acquired(let lock): return lock
        case .held(let holder):
            let words = holder.map { "'\($0.command)', process \($0.pid)" } ?? "another devinit"
            throw CommandFailure(
                .locked, code: "locked", "another run holds this workspace: \(words)",
                suggestion: "wait until it is done, or end it")
        }
    }
}
