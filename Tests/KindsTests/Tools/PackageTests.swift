import Base
import Execution
import HostInterfaces
import POSIXHost
import Testing

@testable import Kinds

/// `packages`, against scripts in the place of managers, and this machine's own dpkg.
@Suite struct PackageTests {
    /// A machine that has exactly the programs in the fixture's own folder.
    private func fixture(_ manifest: String, user: Int = 0) throws -> ToolFixture {
        try ToolFixture(manifest) { host in
            host.machine.user = user
            host.machine.operatingSystem = "linux"
            host.environment["PATH"] = (host.currentFolder.parent / "bin").text
        }
    }

    @Test func `a manager that this machine has not is passed over`() async throws {
        let fixture = try fixture("packages: { brew: [libpq], pacman: zlib }\n")
        let plan = try await fixture.workspace.plan()
        #expect(plan["package:brew"] == .skipped("no brew on this machine"))
        #expect(plan["package:pacman"] == .skipped("no pacman on this machine"))
    }

    @Test func `missing packages are installed in one call, only with consent`() async throws {
        let fixture = try fixture("packages: { pacman: [zlib, openssl, curl] }\n")
        try fixture.program(
            "pacman",
            """
            case "$1" in
              -T) if test -e "$0.done"; then exit 0; fi; echo zlib; echo curl; exit 127;;
              -S) test "$*" = "-S --needed --noconfirm zlib curl" && : > "$0.done";;
            esac
            """)
        let refused = try await fixture.workspace.up()["package:pacman"]
        #expect(refused?.failure?.message == "not installed: zlib, curl")
        #expect(refused?.failure?.remedy == "pacman -S --needed zlib curl")
        var settings = RunSettings(jobs: 2)
        settings.mayInstall = true
        #expect(try await fixture.workspace.up(settings: settings)["package:pacman"]?.status == .done)
        #expect(fixture.processes.commands.count { $0.contains("-S") } == 1)
    }

    @Test(arguments: [("error: failed retrieving file: Could not resolve host: mirror", 3), ("no such target", 1)])
    func `an installation that the network broke off is tried again, another failure is not`(
        words: String, tries: Int
    ) async throws {
        let fixture = try fixture("packages: { pacman: [zlib] }\n")
        try fixture.program("pacman", "case $1 in -T) echo zlib; exit 127;; -S) echo '\(words)' >&2; exit 1;; esac")
        var settings = RunSettings(jobs: 2)
        settings.mayInstall = true
        settings.retry = RetryRule(attempts: 3, delay: .milliseconds(5))
        let failed = try await fixture.workspace.up(settings: settings)["package:pacman"]
        #expect(failed?.status == .failed && failed?.attempts == tries)
        #expect(failed?.failure?.kind == (tries > 1 ? .network : .failed))
        #expect(fixture.processes.commands.count { $0.contains("-S") } == tries)
    }

    @Test func `Homebrew is asked without a process`() async throws {
        let fixture = try fixture("packages: { brew: [libpq, tap/of/thing, gone] }\n")
        try fixture.program("brew", "exit 9")
        for name in ["libpq", "thing"] {
            try fixture.workspace.host.files.makeFolder(fixture.workspace.base / "opt" / name, mode: 0o755)
        }
        #expect(try await fixture.workspace.plan()["package:brew"]?.reason == "not installed: gone")
        #expect(fixture.processes.commands.isEmpty)
    }

    @Test(.enabled(if: Self.hasDpkg, "no dpkg on this machine"))
    func `dpkg is asked once, and again when its records change`() async throws {
        let fixture = try ToolFixture("packages: { apt: [bash, awk] }\n") { $0.machine.operatingSystem = "linux" }
        #expect(try await fixture.workspace.up()["package:apt"]?.status == .upToDate)
        #expect(fixture.processes.commands.map { $0[0] } == ["dpkg-query"])
        fixture.processes.forget()
        #expect(try await fixture.workspace.up()["package:apt"]?.status == .upToDate)
        #expect(fixture.processes.commands.isEmpty)
        let cache = try #require(fixture.workspace.text(".devinit/cache/packages"))
        try fixture.workspace.write(
            ".devinit/cache/packages", cache.replacing("/var/lib/dpkg/status", with: "/elsewhere"))
        _ = try await fixture.workspace.up()
        #expect(fixture.processes.commands.map { $0[0] } == ["dpkg-query"])
        try fixture.workspace.write("init.yaml", "packages: { apt: [bash, no-such-package] }\n")
        #expect(
            try await fixture.workspace.up()["package:apt"]?.failure?.message == "not installed: no-such-package")
    }

    private static var hasDpkg: Bool {
        let host = POSIXHost.host()
        return PackageManager.apt.place(host) != nil
    }
}
