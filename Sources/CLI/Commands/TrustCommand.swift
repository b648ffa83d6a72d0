import Kinds
import Arguments
import Base
import HostInterfaces
import ManifestModel
import Trust

/// `trust`: approve what the manifest would execute.
enum TrustCommand: Command {
    static let always = Flag("always", help: "Approve also what this git remote brings later.")
    static let show = Flag("show", help: "List the commands and whether they are approved.")
    static let revoke = Flag("revoke", help: "Take the approval back.")
    static let allUnder = Option<Path?>(
        "all-under", value: "FOLDER", type: .folder,
        help: "Approve every manifest below this folder, whatever it brings; with --revoke, no longer.")

    static let spec = CommandSpec(
        name: "trust", summary: "Approves the commands of this manifest.",
        discussion:
            "Nothing that a manifest says is executed before its content was approved by you. Git remotes may be allowed "
            + "by trust.remotes in ~/.config/devinit/config.yaml, or in /etc/xdg/devinit/config.yaml for all users.",
        arguments: [always.spec, show.spec, revoke.spec, allUnder.spec], group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        if let folder = parsed[allUnder] {
            guard !parsed[show], !parsed[always] else {
                throw CommandFailure(
                    .usage, code: "usage", "--all-under goes with --revoke only",
                    suggestion: "see what is approved with 'devinit trust --show', in a workspace below it")
            }
            return try await approve(allUnder: folder, session)
        }
        let opened = try OpenedWorkspace.open(session)
        let gate = TrustGate(opened)
        if parsed[show] { return show(gate, session) }
        if parsed[revoke] { return try await revoke(gate, session) }
        if parsed[always], gate.remote == nil {
            throw CommandFailure(
                .usage, code: "no-remote",
                "--always approves what a git remote brings, and \(opened.manifest.file.parent) has no remote 'origin'",
                suggestion: "approve this content alone: devinit trust")
        }
        if gate.content.isEmpty {
            // Programs that lie in the workspace may be started from now on, where PATH leads to them.
            try await gate.approve(always: parsed[always])
            session.say("approved; this manifest executes nothing itself")
            tell(gate, session)
            return .done
        }
        session.say(gate.prompt)
        if session.mayAsk, !parsed[always] {
            let answer = await session.host.terminal.ask("Approve these commands? [y/N] ", hidden: false)
            guard ["y", "yes"].contains(answer?.lowercased() ?? "") else { return .notTrusted }
        }
        try await gate.approve(always: parsed[always])
        session.say(parsed[always] ? "approved, also later changes from this git remote" : "approved")
        tell(gate, session)
        return .done
    }

    private static func approve(
        allUnder folder: Path, _ session: Session
    ) async throws(CommandFailure) -> ExitStatus {
        let host = session.host
        let place = host.currentFolder.appending(folder).normalized
        let store = TrustStore(host: host)
        // What was approved can be taken back also where it is gone, or is a link now.
        let known = session.parsed[revoke] && store.folders.contains(place) ? place : nil
        let found = host.files.isFolder(place) ? try? host.files.resolve(place) : nil
        guard let folder = known ?? found, folder.text != "/" else {
            throw CommandFailure(
                .usage, code: "no-folder", "\(place) is no folder below which all can be approved",
                suggestion: "name the folder that holds your checkouts")
        }
        do throws(SystemError) {
            if session.parsed[revoke] {
                let isGiven = try await store.revoke(allUnder: folder)
                session.say(isGiven ? "taken back for all below \(folder)" : "\(folder) was not approved as a whole")
            } else {
                if session.mayAsk {
                    session.say("Every manifest below \(folder) could then run its commands, also such as come later.")
                    let answer = await host.terminal.ask("Approve them all? [y/N] ", hidden: false)
                    guard ["y", "yes"].contains(answer?.lowercased() ?? "") else { return .notTrusted }
                }
                try await store.approve(allUnder: folder)
                session.say("approved: all below \(folder)")
            }
        } catch {
            throw CommandFailure(.failed, code: "state", "the approvals can't be written: \(error)")
        }
        if session.isJSON {
            session.answer([
                "schema": "devinit.trust/1", "folders": .array(store.folders.map { .string($0.text) }),
            ])
        }
        return .done
    }

    private static func tell(_ gate: TrustGate, _ session: Session) {
        guard session.isJSON else { return }
        session.answer([
            "schema": "devinit.trust/1", "approved": .bool(gate.isApproved), "fingerprint": .string(gate.fingerprint),
        ])
    }

    private static func show(_ gate: TrustGate, _ session: Session) -> ExitStatus {
        gate.sayNotices()
        if session.isJSON {
            session.answer([
                "schema": "devinit.trust/1", "approved": .bool(gate.isApproved),
                "approval": gate.approval.map { .string($0) } ?? .null, "fingerprint": .string(gate.fingerprint),
                "commands": .array(
                    gate.content.items.map { item in
                        [
                            "node": .string(item.node), "location": .string(item.location),
                            "what": .string(item.what), "text": .string(item.text),
                        ]
                    }),
            ])
        } else {
            session.answer(TrustPrompt.text(gate.content.items, previous: nil))
            session.answer(gate.approval ?? "not approved")
        }
        return .done
    }

    private static func revoke(_ gate: TrustGate, _ session: Session) async throws(CommandFailure) -> ExitStatus {
        do throws(SystemError) {
            let revoked = try await gate.store.revoke(remote: gate.remote, root: gate.opened.workspace.root)
            session.say(revoked.isEmpty ? "nothing was approved here" : "taken back: \(revoked.count)")
            if !gate.content.isEmpty, let rest = gate.approval { session.say("note: still \(rest)") }
            tell(gate, session)
            return .done
        } catch {
            throw CommandFailure(.failed, code: "state", "the approvals can't be written: \(error)")
        }
    }
}
