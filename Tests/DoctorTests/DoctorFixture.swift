import Base
import Execution
import Foundation
import Git
import HostInterfaces
import Kinds
import ManifestModel
import POSIXHost
import Secrets
import State
import Testing

@testable import Doctor

/// A workspace in a folder of its own on the real machine, as `devinit doctor` sees it.
final class DoctorFixture: Sendable {
    let base: Path
    let host: HostInterfaces.Host
    var root: Path { base / "workspace" }

    init(
        _ manifest: String, programs: [String: String] = [:], path: String = "/usr/bin:/bin",
        changing change: (inout HostInterfaces.Host) -> Void = { _ in }
    ) throws {
        var host = POSIXHost.host()
        let folder = FileManager.default.temporaryDirectory.appending(path: "devinit-doctor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        base = try host.files.resolve(Path(folder.path))
        for name in ["workspace", "home", "bin"] { try host.files.makeFolder(base / name, mode: 0o755) }
        host.environment = [
            "PATH": (base / "bin").text + ":" + path, "HOME": (base / "home").text,
            "XDG_STATE_HOME": (base / "state").text,
        ]
        host.machine.home = base / "home"
        host.currentFolder = base / "workspace"
        // No package manager of this machine is asked unless a test wants it.
        host.machine.operatingSystem = "other"
        change(&host)
        self.host = host
        try host.files.replace(root / "init.yaml", with: Array(manifest.utf8), mode: 0o644)
        for (name, script) in programs {
            try host.files.replace(
                base / "bin" / name, with: Array("#!/bin/sh\n\(script)\n".utf8), mode: 0o755)
        }
    }

    deinit { try? host.files.removeTree(base) }

    var folder: StateFolder { StateFolder(host: host, workspaceRoot: root) }

    func context(trusted: Bool = true, mayInstall: Bool = false) throws -> DoctorContext {
        let manifest = ManifestLoader(host: host, shape: Kinds.Registry.shape, programVersion: "1.0.0").load(
            root / "init.yaml")
        let (workspace, problems) = WorkspaceReader.read(manifest, host: host)
        var settings = RunSettings(jobs: 4)
        settings.mayInstall = mayInstall
        let values = Values(mask: SecretMask())
        EngineHost.decide(workspace, values, host: host, settings: settings)
        let run = RunWorkspace(
            host: host, workspace: workspace, values: values,
            journal: try mayInstall ? Journal.open(in: folder, host: host).journal : .readOnly(in: folder, host: host),
            settings: settings,
            parts: RunParts(
                git: GitWork(host: host, worker: nil, backend: .auto, protocolChoice: nil),
                engines: ServiceEngines(host: host), hashes: FileHashes(root: root, host: host), keyedHash: nil,
                receipts: OnceReceipts(in: folder, host: host)),
            reporter: { _ in .silent })
        return DoctorContext(
            host: host, run: problems.hasErrors ? nil : run, problems: problems, isTrusted: trusted, stateFolder: folder
        )
    }

    func report(_ words: String..., trusted: Bool = true) async throws -> DoctorReport {
        try await Checkup.diagnose(try context(trusted: trusted), words: words)
    }
}
