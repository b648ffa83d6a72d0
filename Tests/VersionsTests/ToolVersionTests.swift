import Testing

@testable import Versions

@Suite struct ToolVersionTests {
    @Test(arguments: [
        // What distributors append is no pre-release.
        ("Docker Compose version v2.39.4-desktop.1", "2.39.4"), ("Docker Compose version 2.40.3-3", "2.40.3"),
        ("git version 2.39.3 (Apple Git-146)", "2.39.3"), ("git version 2.29.0.windows.1", "2.29.0"),
        ("podman version 4.9.4-rhel", "4.9.4"), ("Docker version 26.1.5+dfsg1, build a72d7cd", "26.1.5"),
        ("Client Version: v1.28.2-eks-ab12cd3", "1.28.2"), ("OpenSSL 1.1.1k-fips  25 Mar 2021", "1.1.1k"),
        ("Gradle 8.6-20231104002216+0000", "8.6"), ("jq-1.6-137-gd8a", "1.6"), ("OpenSSH_9.2p1 Debian-2", "9.2"),
        ("zip 1.0.2zh", "1.0.2zh"),
        // Pre-releases are kept.
        ("v21.0.0-rc.1", "21.0.0-rc.1"), ("go version go1.23rc1 linux/amd64", "1.23rc1"),
        ("Python 3.13.0b2", "3.13.0b2"),
        ("v23.0.0-nightly20240801d396a041f7", "23.0.0-nightly20240801d396a041f7"), ("PHP 8.4.0RC1 (cli)", "8.4.0RC1"),
        ("psql (PostgreSQL) version 17beta1", "17beta1"), ("3.9.1.dev0", "3.9.1-dev0"), ("tool 1.22~rc1-1", "1.22-rc1"),
        ("git version 2.46.0.rc2.dirty", "2.46.0-rc2"), ("x 1.2.3-M2", "1.2.3-M2"), ("x 1.8.0_192-b12", "1.8.0_192"),
        // A number alone, where a version would stand.
        ("less 590 (GNU regular expressions)", "590"), ("openjdk 21 2023-09-19", "21"), ("tool version 7", "7"),
    ])
    func `the version is told from what surrounds it`(output: String, version: String) {
        #expect(ToolVersion.extract(from: output, pattern: nil) == version)
    }

    @Test(arguments: [
        "", "\n\n", "command not found", "go version devel +6e592c2 Fri Jan 31 14:46:05 2020 +0000 linux/riscv64",
        "2024-01-02 started", "/opt/tool/1.2.3/bin/tool: no such file",
        "WARNING: Python 3.7 will no longer be supported", "12:30 ready",
    ])
    func `no version is made up`(output: String) {
        #expect(ToolVersion.extract(from: output, pattern: nil) == nil)
    }

    @Test func `a JVM's notice, warnings and colours do not hide the version`() {
        let output = """
            Picked up JAVA_TOOL_OPTIONS: -Dversion=9.9.9 -Xmx1.5g\r
            NOTE: Picked up JDK_JAVA_OPTIONS: -Da=8.8.8
            OpenJDK 64-Bit Server VM warning: version 7.7.7 is deprecated
            \u{1B}]0;title 6.6.6\u{07}\u{1B}[1;32mopenjdk\u{1B}[0m version "\u{1B}[33m17.0.15\u{1B}[m" 2025-04-15
            """
        #expect(ToolVersion.extract(from: output, pattern: #"version "([^"]+)""#) == "17.0.15")
        #expect(ToolVersion.extract(from: output, pattern: nil) == "17.0.15")
    }

    @Test func `a pattern leads to the version, and nothing else is taken where it does not match`() {
        let swift = "swift-driver version: 1.127.15 Apple Swift version 6.2.4 (swiftlang-6.2.4.1.4)"
        #expect(ToolVersion.extract(from: swift, pattern: #"Swift version (\S+)"#) == "6.2.4")
        #expect(ToolVersion.extract(from: swift, pattern: #"Ruby (\S+)"#) == nil)
        #expect(ToolVersion.extract(from: swift, pattern: #"Ruby (\S+)|driver version: (\S+)"#) == "1.127.15")
        #expect(ToolVersion.extract(from: swift, pattern: #"driver version: \S+"#) == "1.127.15")
        #expect(ToolVersion.extract(from: swift, pattern: "(") == nil)
        #expect(!ToolVersion.isPattern("("))
    }

    @Test(arguments: [
        ("3.10", ">=3.10 <3.11", true), ("3.10", "3.1", false), ("18.03.1-ce", ">=18.3", true),
        ("21.0.12.1", "21", true),
        // A pre-release counts as its release …
        ("21.0.0-rc.1", ">=20", true), ("3.13.0b2", ">=3.13", true), ("1.85.0-nightly", "^1.85", true),
        ("21.0.0-rc.1", "^20", false), ("1.23rc1", "<1.23", false),
        // … unless the range names one of that version.
        ("3.13.0b1", ">=3.13.0-rc1", false), ("1.2.3-rc.2", ">=1.2.3-rc.1", true),
        ("1.2.4-rc.1", ">=1.2.3-rc.1", true),
    ])
    func `a tool's version is measured against a range`(version: String, range: String, answer: Bool) throws {
        #expect(ToolVersion.satisfies(version, try VersionRange(parsing: range)) == answer)
    }

    @Test func `Java 8 counts as 1.8 and as 8`() throws {
        for (range, answer) in [(">=8", true), ("8", true), ("1.8", true), (">=11", false), (">=1.8 <2", true)] {
            let range = try VersionRange(parsing: range)
            #expect(ToolVersion.satisfies("1.8.0_392", range, optionalPrefix: "1.") == answer, "\(range)")
        }
        #expect(ToolVersion.satisfies("1.8.0_392", try VersionRange(parsing: ">=8")) == false)
        #expect(ToolVersion.satisfies("no version", .any) == nil)
    }

    @Test func `the newest of two is found by number, not by text`() {
        #expect(ToolVersion.newest(["1.29.2", "2.39.4"]) == 1)
        #expect(ToolVersion.newest(["2.10.0", "2.9.0"]) == 0)
        #expect(ToolVersion.newest(["none", "1.0", "1.0.0"]) == 1)
        #expect(ToolVersion.newest([]) == nil)
    }
}
