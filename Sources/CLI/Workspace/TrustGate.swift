import ManifestModel
import Base
import Git
import HostInterfaces
import Kinds
import Trust

/// Nothing that the manifest says is executed before its content was approved.
struct TrustGate: Sendable {
    let opened: OpenedWorkspace
    let store: TrustStore
    let content: TrustContent
    let fingerprint: String
    /// The git remote of the manifest's folder, where it has one.
    let remote: String?

    init(_ opened: OpenedWorkspace) {
        self.opened = opened
        store = TrustStore(host: opened.session.host)
        content = TrustContent(opened.executables)
        fingerprint = content.fingerprint(opened.session.host.digests)
        let folder = opened.manifest.file.parent
        let checkout = Checkout.read(at: folder, files: opened.session.host.files)
        remote = checkout?.remotes["origin"]
    }

    var isApproved: Bool { approval != nil }

    /// What approves the content, in words; nil where nothing does.
    var approval: String? { content.isEmpty ? "there is nothing to approve" : voucher }

    /// The same, where a manifest without commands does not approve itself: it may bring programs all the same.
    var voucher: String? {
        let root = opened.workspace.root
        if store.isApproved(fingerprint, remote: remote, root: root) { return "approved" }
        let folders = store.folders
        let files = opened.session.host.files
        // Where the root is, the manifest says itself; so its own place counts too.
        if !folders.isEmpty, let place = try? files.resolve(root),
            let manifest = try? files.resolve(opened.manifest.file),
            let folder = folders.first(where: { place.isInside($0) && manifest.isInside($0) })
        {
            return "approved, as all below \(folder)"
        }
        guard let remote else { return nil }
        return allowedRemotes.file(allowing: remote).map {
            "approved: \($0) allows \(RemoteIdentity.normalized(remote))"
        }
    }

    private var allowedRemotes: AllowedRemotes {
        AllowedRemotes(opened.session.host, outside: opened.broughtAlong)
    }

    /// Says what in the allow-lists counts for nothing.
    func sayNotices() {
        for notice in allowedRemotes.notices { opened.session.say("note: \(notice)") }
    }

    /// What would be approved, with what changed since the last time.
    var prompt: String {
        TrustPrompt.text(content.items, previous: store.previous(remote: remote, root: opened.workspace.root))
    }

    /// Approves for good.
    func approve(always: Bool) async throws(CommandFailure) {
        do throws(SystemError) {
            try await store.approve(content, remote: remote, root: opened.workspace.root, always: always)
        } catch {
            throw CommandFailure(.failed, code: "state", "the approval can't be kept: \(error)")
        }
    }

    /// Asks where nobody approved yet; fails with 77 where nobody can be asked.
    func pass() async throws(CommandFailure) {
        if isApproved { return }
        let session = opened.session
        sayNotices()
        guard session.mayAsk else {
            throw CommandFailure(
                .notTrusted, code: "not-trusted",
                "this manifest wants to run commands that nobody approved (\(content.items.count))",
                suggestion:
                    "read them with 'devinit trust --show', then 'devinit trust', or 'devinit up --trust' for one run")
        }
        session.say(prompt)
        let always = remote == nil ? "" : "[a]lways for this remote, "
        let answer = await session.host.terminal.ask("Run these commands? [y]es, \(always)[N]o: ", hidden: false)
        switch answer?.lowercased() ?? "" {
        case "y", "yes": try await approve(always: false)
        case "a", "always": try await approve(always: remote != nil)
        default:
            throw CommandFailure(
                .notTrusted, code: "not-trusted", "not approved, so nothing was run",
                suggestion: "ask whoever wrote the manifest, or run devinit up again")
        }
    }
}
