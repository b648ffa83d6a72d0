public import Base
public import HostInterfaces

/// `.devinit` in the workspace: only what can be made again, as generated files, caches and logs of runs.
public struct WorkspaceFolder: Sendable {
    public let path: Path

    public init(root: Path) { path = root / ".devinit" }

    /// Where the logs and events of runs are kept.
    public var runs: Path { path / "runs" }

    /// Creates the folder; it keeps itself out of git.
    public func prepare(on host: Host) throws(SystemError) {
        try host.files.makeFolder(path, mode: 0o755)
        let ignore = path / ".gitignore"
        if !host.files.exists(ignore) { try host.files.replace(ignore, with: Array("*\n".utf8), mode: 0o644) }
    }
}
