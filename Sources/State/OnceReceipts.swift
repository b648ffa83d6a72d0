internal import Base
public import HostInterfaces

/// Tells that work which must never be repeated was done, though devinit was killed before it could record that.
///
/// The command itself leaves the receipt: a small shell around it renames a file that was written before it began, so
/// neither a dead devinit nor a full disk can come between its end and the proof of it. Like the journal, it counts on
/// its own machine only.
public struct OnceReceipts: Sendable {
    private let folder: Path
    private let host: Host

    /// Touches nothing on disk. Only the holder of the workspace's lock may write.
    public init(in folder: StateFolder, host: Host) {
        self.folder = folder.path / "once-\(folder.machineMark)"
        self.host = host
    }

    /// Prepares the receipt of a node's work for that data, and returns the words to start in place of `arguments`.
    /// Fails where there is no room for it: then the work must not begin.
    public func prepare(
        _ node: String, data: String?, around arguments: [String]
    ) throws(SystemError) -> [String] {
        try host.files.makeFolder(folder, mode: 0o700)
        try clear(node)
        let pending = pending(node)
        try host.files.replace(pending, with: Array(content(node, data).utf8), mode: 0o600)
        try host.files.replace(Path("\(pending).go"), with: [], mode: 0o600)
        return ["/bin/sh", "-c", Self.script, pending.text] + arguments
    }

    /// `$0` is the receipt's name before the end, the rest is the command. No variable of its own: one that the command
    /// is given under the same name would be changed.
    private static let script = #"[ -e "$0.go" ] || exit 75; "$@" || exit; mv "$0" "${0%.pending}"; exit 0"#

    /// Whether that node's work for that data ended well and nobody recorded it.
    public func isDone(_ node: String, data: String?) -> Bool { host.files.text(of: path(node)) == content(node, data) }

    /// Whether that node's work began under a run that did not see its end.
    public func isPending(_ node: String) -> Bool { host.files.exists(pending(node)) }

    /// The work is recorded, or is to be done anew.
    public func clear(_ node: String) throws(SystemError) {
        let pending = pending(node)
        for path in [path(node), Path("\(pending).go"), pending] where host.files.exists(path) {
            try host.files.remove(path)
        }
    }

    /// Keeps work that a killed run started from beginning now, and tells what of it has begun and goes on.
    public func callOff() -> [(node: String, process: ProcessIdentity)] {
        let names = ((try? host.files.entries(of: folder)) ?? []).map(\.name)
        for name in names where name.hasSuffix(".go") { try? host.files.remove(folder / name) }
        return names.filter { $0.hasSuffix(".pending") }.sorted().compactMap { name in
            // The receipt's name among its arguments tells the shell around the work.
            let pending = folder / name
            guard let process = host.processes.search(words: [pending.text]).first?.process,
                let node = host.files.text(of: pending)?.split(separator: "\n").first
            else { return nil }
            return (String(node), process)
        }
    }

    private func content(_ node: String, _ data: String?) -> String { "\(node)\n\(data ?? "")" }
    private func path(_ node: String) -> Path { folder / String(host.digests.sha256(Array(node.utf8)).prefix(16)) }
    private func pending(_ node: String) -> Path { Path("\(path(node)).pending") }
}
