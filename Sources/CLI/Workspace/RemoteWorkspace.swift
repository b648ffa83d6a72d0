import Base
import Git
import HostInterfaces

/// `up GIT-URL [DIR]`: the repository that holds the manifest is cloned first.
enum RemoteWorkspace {
    /// Whether a word is a git address and no node: it has `://`, begins like `user@host:`, or with a short form.
    static func isAddress(_ word: String) -> Bool {
        if word.contains("://") { return true }
        if ["github:", "gitlab:", "bitbucket:"].contains(where: word.hasPrefix) { return true }
        guard let at = word.firstIndex(of: "@"), let colon = word.firstIndex(of: ":") else { return false }
        return at < colon && at != word.startIndex && !word[..<colon].contains("/")
    }

    /// Clones into the folder, or goes on with the clone that is there. Returns the folder.
    static func prepare(_ address: String, folder: String?, _ session: Session) async throws(CommandFailure) -> Path {
        guard RepositoryAddress(address) != nil else {
            throw CommandFailure(
                .usage, code: "bad-address", "'\(RepositoryAddress.masked(address))' is no git address",
                suggestion: "write it as git clone takes it")
        }
        let target = session.host.currentFolder.appending(Path(folder ?? defaultFolder(address))).normalized
        if let checkout = Checkout.read(at: target, files: session.host.files) {
            guard checkout.remotes.values.contains(where: { RepositoryAddress.sameRepository($0, address) }) else {
                throw CommandFailure(
                    .failed, code: "occupied", "\(target) is a checkout of another repository",
                    suggestion: "name another folder: devinit up URL FOLDER")
            }
            return target
        }
        session.say("cloning \(RepositoryAddress.masked(address)) into \(target)")
        let git = GitWork(
            host: session.host, worker: GitWork.findWorker(program: session.programPath, files: session.host.files))
        do throws(GitFailure) {
            _ = try await git.clone(CloneRequest(url: address, target: target)) { _ in }
        } catch {
            throw CommandFailure(
                .network, code: "clone", error.message, suggestion: error.hint.isEmpty ? nil : error.hint)
        }
        return target
    }

    /// The last part of the address, without `.git`.
    private static func defaultFolder(_ address: String) -> String {
        let last = address.split(whereSeparator: { $0 == "/" || $0 == ":" }).last.map(String.init) ?? "workspace"
        return last.hasSuffix(".git") ? String(last.dropLast(4)) : last
    }
}
