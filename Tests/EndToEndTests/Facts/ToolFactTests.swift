import Base
import Foundation
import HostInterfaces
import Testing

/// What devinit remembers of tools and packages is believed only as long as the programs are the same.
@Suite struct ToolFactTests {
    /// A copy of git of its own in a folder that PATH begins with, whose version is remembered.
    func workspace() async throws -> Workspace {
        let workspace = try Workspace("version: 1\nrequires: { git: '>=1' }\n")
        try await workspace.shell(
            """
            mkdir -p ../bin ../first ../real
            cp "$(readlink -f /usr/bin/git)" ../bin/git
            version=$(git --version | grep -o '[0-9]*\\.[0-9]*\\.[0-9]*')
            printf %s "$version" >../version
            """)
        try await remembered(workspace)
        return workspace
    }

    private func path(_ workspace: Workspace) -> [String: String] {
        ["PATH": "\(workspace.folder)/first:\(workspace.folder)/bin:/usr/bin:/bin"]
    }

    /// Looks until the version is kept for the next run.
    private func remembered(_ workspace: Workspace) async throws {
        try await FileFactTests.rest()
        try await workspace.up(environment: path(workspace)).expect(status: 0)
        try #require(workspace.text(".devinit/cache/tools")?.contains("\(workspace.folder)/bin/git") == true)
    }

    private func version(_ workspace: Workspace) async throws -> String? {
        try await workspace.devinit("plan", "--json", environment: path(workspace)).expect(status: 0)
            .members("nodes", "reason")["tool:git"]
    }

    /// Makes `to` out of `from` with another version of the same length in it: 2.39.5 becomes 9.39.5.
    private static let patch = """
        patch() { LC_ALL=C sed "s/$(sed 's/\\./\\\\./g' ../version)/9$(sed 's/^.//' ../version)/g" "$1" >"$2.new"; cat "$2.new" >"$2"; rm "$2.new"; chmod 755 "$2"; }
        """

    @Test(
        .enabled(if: !Processes.isScript("/usr/bin/git"), "git is no plain program here"),
        arguments: [
            "in place, size and time put back":
                "touch -r ../bin/git ../time; patch ../bin/git ../bin/git; touch -r ../time ../bin/git",
            "by a rename, size and time put back":
                "patch ../bin/git ../real/git; touch -r ../bin/git ../real/git; mv ../real/git ../bin/git",
            "by a link": "patch ../bin/git ../real/git; touch -r ../bin/git ../real/git; ln -sf ../real/git ../bin/git",
            "by another one earlier on PATH": "patch ../bin/git ../first/git; touch -r ../bin/git ../first/git",
            "by a script":
                "patch ../bin/git ../real/git; rm ../bin/git; printf '#!/bin/sh\\nexec ../real/git \"$@\"\\n' >../bin/git; chmod 755 ../bin/git",
        ])
    func `a tool that was replaced is asked anew`(how: String, change: String) async throws {
        let workspace = try await workspace()
        let before = try #require(workspace.host.files.text(of: workspace.folder / "version"))
        #expect(try await version(workspace) == before)
        try await workspace.shell(Self.patch + "\n" + change)
        #expect(try await version(workspace) == "9" + before.dropFirst(), "\(how)")
    }

    @Test(.enabled(if: !Processes.isScript("/usr/bin/git"), "git is no plain program here"))
    func `what a link or a script leads to is asked anew when that changed`() async throws {
        let workspace = try await workspace()
        let before = try #require(workspace.host.files.text(of: workspace.folder / "version"))
        try await workspace.shell("mkdir ../a ../b; mv ../bin/git ../a/git; ln -s ../a/git ../bin/git")
        try await workspace.shell(Self.patch + "\npatch ../a/git ../b/git; touch -r ../a/git ../b/git")
        try await remembered(workspace)
        try await workspace.shell("ln -sfn ../b/git ../bin/git")
        #expect(try await version(workspace) == "9" + before.dropFirst(), "link")

        try await workspace.shell("rm ../bin/git; printf '#!/bin/sh\\nexec \"$0.d/git\" \"$@\"\\n' >../bin/git")
        try await workspace.shell("chmod 755 ../bin/git; mkdir ../bin/git.d; cp -p ../a/git ../bin/git.d/git")
        try await FileFactTests.rest()
        try await workspace.up(environment: path(workspace)).expect(status: 0)
        #expect(try await version(workspace) == before)
        try await workspace.shell("cp -p ../b/git ../bin/git.d/git")
        #expect(try await version(workspace) == "9" + before.dropFirst(), "script")
    }

    @Test func `a tool that was taken away is not there`() async throws {
        let workspace = try Workspace("version: 1\nrequires: { git: '>=1' }\n")
        let path = ["PATH": "\(workspace.folder)/bin:/nowhere"]
        try await workspace.shell("mkdir ../bin; cp \"$(readlink -f /usr/bin/git)\" ../bin/git")
        try await FileFactTests.rest()
        try await workspace.up(environment: path).expect(status: 0)
        try await workspace.shell("chmod 644 ../bin/git")
        try await workspace.up(environment: path).expect(stderr: "…git is not installed…", status: 78)
        try await workspace.shell("rm ../bin/git")
        try await workspace.up(environment: path).expect(stderr: "…git is not installed…", status: 78)
        // That it is missing is remembered by nobody.
        try await workspace.shell("cp \"$(readlink -f /usr/bin/git)\" ../bin/git")
        try await workspace.up(environment: path).expect(status: 0)
    }

    /// The machine's own dpkg on a copy of its records, seen by this script alone.
    private static let dpkg = """
        set -euo pipefail
        export PATH=$PATH:/usr/sbin:/sbin
        up() { "$0" up 2>&1 || true; }
        cp -a /var/lib/dpkg ../dpkg
        mount --bind ../dpkg /var/lib/dpkg
        mkdir -p ../tiny/DEBIAN
        printf 'Package: devinit-tiny\\nVersion: 1\\nArchitecture: all\\nMaintainer: x <x@example.invalid>\\nDescription: x\\n' >../tiny/DEBIAN/control
        dpkg-deb -b ../tiny ../tiny.deb >/dev/null
        dpkg -i ../tiny.deb >/dev/null 2>&1
        """

    @Test(
        .needs(.root), .enabled(if: Programs.isThere("dpkg") && Programs.isThere("unshare"), "no dpkg here"),
        arguments: [
            "by hand": "dpkg -P devinit-tiny",
            "by hand, with the time of the records put back":
                "touch -r /var/lib/dpkg/status ../time; dpkg -P devinit-tiny; touch -r ../time /var/lib/dpkg/status",
            // As dpkg leaves it when it is killed: its list is the old one, what it did stands beside it.
            "by a dpkg that was interrupted":
                "printf 'Package: devinit-tiny\\nStatus: purge ok not-installed\\nPriority: optional\\nSection: x\\n' >/var/lib/dpkg/updates/0000",
        ])
    func `a package that was removed is noticed`(how: String, change: String) async throws {
        try require(.root)
        let workspace = try Workspace("version: 1\npackages: { apt: [devinit-tiny] }\n")
        let script = """
            \(Self.dpkg)
            up
            sleep 2.1
            "$0" up >/dev/null 2>&1
            grep -q devinit-tiny .devinit/cache/packages
            { \(change); } >/dev/null 2>&1
            up
            """
        let ended = try await workspace.run(["unshare", "-m", "bash", "-c", script, Programs.devinit.text])
        #expect(ended.stdout.contains("not installed: devinit-tiny"), "\(how): \(ended)")
    }
}

extension Processes {
    /// Whether a program is a text that another program reads, and no program of its own.
    static func isScript(_ path: String) -> Bool {
        FileHandle(forReadingAtPath: path)?.readData(ofLength: 1) != Data([0x7F])
    }
}
