import HostInterfaces
import Base
import Foundation
import Testing

/// What stood on a terminal when a run had ended, the lines as the terminal holds them.
struct Screen {
    let lines: [String]
    let columns: Int
    let status: Int32

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Screens")

    /// Runs `up` in a tmux window of that width, and takes what it shows at the end.
    static func capture(
        _ manifest: String, files: [String: String] = [:], columns: Int,
        meanwhile: (Workspace, String) async throws -> Void = { _, _ in }
    ) async throws -> Screen {
        try require(.tmux)
        let workspace = try Workspace(manifest, files: files)
        let session = "devinit-e2e-\(UInt32.random(in: 0...UInt32.max))"
        try workspace.write(
            "../show.sh",
            """
            trap : INT
            stty -echo
            '\(Programs.devinit)' up --trust -j 4; echo $? >../status.new
            mv ../status.new ../status; sleep 60
            """)
        try await workspace.shell(
            "tmux -f /dev/null -L '\(session)' -u new-session -d -s '\(session)' -x \(columns) -y 60 sh ../show.sh")
        defer {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["tmux", "-L", session, "kill-server"]
            process.environment = workspace.environment
            process.standardError = FileHandle.nullDevice
            try? process.run()
            process.waitUntilExit()
        }
        try await meanwhile(workspace, session)
        let hasEnded = try await workspace.eventually { workspace.host.files.exists(workspace.folder / "status") }
        // -N keeps spaces at line ends, so that a line that was written to the edge can be told.
        let text = try await workspace.shell("tmux -L '\(session)' capture-pane -p -t '\(session)'")
        try #require(hasEnded, "the run did not end; the screen:\n\(text)")
        var lines = text.components(separatedBy: "\n")
        while lines.last?.isEmpty == true { lines.removeLast() }
        return Screen(
            lines: lines.map { normal($0, workspace) }, columns: columns,
            status: Processes.number(in: workspace.folder / "status", workspace.host) ?? -1)
    }

    /// Times and names that differ from run to run are written with as many characters of the same sort.
    private static func normal(_ line: String, _ workspace: Workspace) -> String {
        line.replacing(/\d+m\d\ds|\d+\.\d+ ?s/) { _ in "T.Ts" }
            // How much of the words fits behind a time depends on the time.
            .replacing(/T\.Ts  .*…$/) { _ in "T.Ts  …" }
            .replacing(/\d{8}-\d{6}-[0-9a-f]{4}/) { _ in "RUN" }
            .replacing(/devinit-e2e-[0-9a-z]+/) { _ in "FOLDER" }
    }

    /// Compares with the kept one.
    func compare(_ name: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
        let file = Screen.folder.appending(path: "\(name)-\(columns).txt")
        let shown = lines.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["DEVINIT_KEEP_SCREENS"] == "1" {
            try shown.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        let kept = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        if shown != kept {
            Issue.record(
                "the screen is not \(file.lastPathComponent):\n\(shown)\n--- instead of\n\(kept)---",
                sourceLocation: sourceLocation)
        }
    }
}
