import Base
import Execution
import Foundation
import HostFakes
import HostInterfaces
import Kinds
import POSIXHost
import Reporting
import State
import Testing

@testable import Doctor

@Suite struct DoctorTests {
    @Test func `the report says it all, with the remedy under each problem`() async throws {
        let fixture = try DoctorFixture(
            """
            requires:
              node: ^20
              zig: { version: ">=0.11", optional: true }
              vpn: { check: exit 3, hint: Connect first. }
            """, programs: ["node": "echo v20.11.1"], path: "/bin")
        let report = try await fixture.report("tools")
        #expect(
            report.text(style: Style(isColored: false, isUnicode: true)) == """
                Tools
                  ✓ node  20.11.1 (wanted ^20)
                  ! zig  not found, wanted >=0.11
                    → install it (>=0.11): https://ziglang.org
                  ✗ vpn  its check failed: exit status 3
                    → Connect first.

                1 problem, 1 warning, 1 ok

                """)
        #expect(report.text(style: .plain).contains("  + node"))
        #expect(report.text(style: .plain).contains("  x vpn"))
        #expect(report.text(style: .plain).utf8.allSatisfy { $0 < 0x80 })
    }

    @Test func `the document has the form that programs rely on`() async throws {
        let fixture = try DoctorFixture("requires: { node: ^20 }\n", programs: ["node": "echo v18.0.0"], path: "/bin")
        let json = try await fixture.report("tool:node").json
        #expect(json["schema"] == "devinit.doctor/1")
        #expect(json["status"] == "error")
        let check = try #require(json["checks"]?.array?.first)
        #expect(check["id"] == "tool:node")
        #expect(check["status"] == "error")
        #expect(check["title"] == "node")
        #expect(check["found"] == "18.0.0")
        #expect(check["wanted"] == "^20")
        #expect(check["message"] == "18.0.0 is there, ^20 is wanted")
        #expect(check["remedy"]?.string?.isEmpty == false)
        #expect(json["summary"] == ["ok": 0, "warning": 0, "error": 1, "skipped": 0])
    }

    @Test func `warnings count only where they are to`() async throws {
        let fixture = try DoctorFixture("requires: { zig: { optional: true } }\n", path: "/bin")
        let report = try await fixture.report("tools")
        #expect(report.status == .warning)
        #expect(report.exitStatus(strict: false) == 0)
        #expect(report.exitStatus(strict: true) == 1)
        let broken = try DoctorFixture("requires: { zig: '*' }\n", path: "/bin")
        #expect(try await broken.report("tools").exitStatus(strict: false) == 1)
    }

    @Test func `a check that nobody approved is skipped, not run`() async throws {
        let fixture = try DoctorFixture("requires: { vpn: { check: touch ran } }\n")
        let report = try await fixture.report(trusted: false)
        let check = try #require(report.checks.first { $0.id == "tool:vpn" })
        #expect(check.status == .skipped)
        #expect(check.message == "not trusted")
        #expect(!fixture.host.files.exists(fixture.root / "ran"))
        #expect(report.checks.first { $0.id == "trust" }?.status == .warning)
        #expect(try await fixture.report("vpn").checks.map(\.status) == [.ok])
        #expect(fixture.host.files.exists(fixture.root / "ran"))
    }

    @Test func `an unknown word suggests the nearest check`() async throws {
        let fixture = try DoctorFixture("requires: { node: '*' }\n")
        let context = try fixture.context()
        do throws(Diagnostics) {
            _ = try await Checkup.diagnose(context, words: ["tols", "nodee"])
            Issue.record("no error")
        } catch {
            #expect(error.all.map(\.suggestion) == ["did you mean 'tools'?", "did you mean 'node'?"])
        }
    }

    @Test func `a word limits the report to what it names`() async throws {
        let fixture = try DoctorFixture(
            "requires: { node: '*', git: '*' }\n", programs: ["node": "echo v20.0.0", "git": "echo git version 2.40.0"])
        #expect(try await fixture.report("node").checks.map(\.id) == ["tool:node"])
        #expect(try await fixture.report("tools", "disk").checks.map(\.id) == ["tool:node", "tool:git", "disk"])
    }

    @Test func `a manifest with mistakes is a result, and what needs it is left out`() async throws {
        let fixture = try DoctorFixture("requires: { nodee: '*' }\n")
        let report = try await fixture.report()
        #expect(report.status == .error)
        let check = try #require(report.checks.first)
        #expect(check.id == "manifest")
        #expect(check.remedy == "did you mean 'node'?")
    }

    @Test func `checks have names of their own`() {
        let ids = Doctor.Registry.checks.map { $0.id }
        #expect(Set(ids).count == ids.count)
        for group in CheckGroup.allCases {
            #expect(Doctor.Registry.checks.contains { $0.group == group }, "\(group)")
        }
    }

    @Test func `slow probes run together, more of them than there are cores`() async throws {
        let names = [
            "node", "go", "ruby", "php", "zig", "jq", "gh", "helm", "kubectl", "terraform", "deno", "bun", "gradle",
            "maven", "cmake", "ninja", "make", "curl", "wget", "perl", "rust", "swift", "yarn", "pnpm", "npm", "kind",
            "just", "task", "podman", "composer",
        ]
        let manifest = "requires:\n" + names.map { "  \($0): '*'\n" }.joined()
        // Each answers once a dozen others have started; one after the other none would.
        let script = """
            : > "started.$$"
            for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
              set -- started.*
              if [ $# -ge 12 ]; then echo 1.2.3; exit 0; fi
              sleep 0.2
            done
            exit 1
            """
        let programs = Dictionary(
            (names + ["mvn", "rustc"]).map { ($0, script) }, uniquingKeysWith: { $1 })
        let fixture = try DoctorFixture(manifest, programs: programs)
        let report = try await fixture.report("tools")
        #expect(report.checks.count == 30)
        #expect(report.checks.filter { $0.message.contains("could not tell") } == [])
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/net/tcp"), "no /proc on this machine"))
    func `a port that is taken names who holds it`() async throws {
        let host = POSIXHost.host()
        let port = try #require(host.network.freePort(address: "127.0.0.1"))
        let script = "exec python3 -m http.server --bind 127.0.0.1 \(port)"
        let server = try host.processes.startDetached(
            ProcessRequest(["sh", "-c", script], environment: POSIXHost.host().environment, folder: "/"),
            log: "/dev/null")
        let holder = PortHolder(host: host)
        var found: PortHolder.Holder?
        for _ in 0..<100 where found == nil {
            found = await holder.holder(of: port)
            try await host.clock.sleep(for: .milliseconds(50))
        }
        await host.processes.end(server, grace: .seconds(1))
        #expect(found?.process == Int(server.id))
        #expect(found?.name.hasPrefix("python") == true)
        #expect(found?.isEngine == false)
    }

    @Test func `a port for datagrams is asked as one, and a service's ports of both kinds are told apart`() async throws
    {
        let host = POSIXHost.host()
        let port = try #require(host.network.freePort(address: "127.0.0.1"))
        let script =
            "import socket, time; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('127.0.0.1', \(port))); time.sleep(60)"
        let holder = try host.processes.startDetached(
            ProcessRequest(["python3", "-c", script], environment: host.environment, folder: "/"), log: "/dev/null")
        for _ in 0..<100 where host.network.isFree(port: port, address: "127.0.0.1", transport: .udp) {
            try await host.clock.sleep(for: .milliseconds(50))
        }
        let fixture = try DoctorFixture(
            "services: { dns: { native: { run: serve }, ports: { queries: \(port)/udp, control: \(port) } } }\n")
        let checks = try await fixture.report("ports").checks
        await host.processes.end(holder, grace: .seconds(1))
        #expect(checks.map(\.id) == ["port:\(port)/udp", "port:\(port)"])
        #expect(checks.map(\.status) == [.error, .ok])
        #expect(checks.first?.remedy?.contains("python3") == true, "\(checks)")
    }

    @Test func `what nobody declares any more is told`() async throws {
        let fixture = try DoctorFixture("requires: { git: '*' }\n")
        let (journal, _) = try Journal.open(in: fixture.folder, host: fixture.host)
        let old = fixture.root / "old"
        try fixture.host.files.makeFolder(old, mode: 0o755)
        try journal.append(.created(LedgerEntry(kind: .repository, name: old.text, node: "repo:old")))
        try journal.append(
            .created(LedgerEntry(kind: .repository, name: (fixture.root / "gone").text, node: "repo:gone")))
        let report = try await fixture.report("leftovers")
        #expect(report.checks.map(\.id) == ["leftover:repo:\(old.text)"])
        #expect(report.checks.first?.status == .warning)
    }

    @Test func `mending does what was offered and nothing else`() async throws {
        let fixture = try DoctorFixture("requires: { acme: { check: test -e fixed, fix: touch fixed } }\n")
        let offers = try await fixture.report().offers
        #expect(offers.map(\.command) == ["touch fixed"])
        #expect(offers.first?.isFromManifest == true)
        let offer = try #require(offers.first)
        await #expect(throws: NodeFailure.self) { try await Checkup.mend(offer, try #require(fixture.context().run)) }
        #expect(!fixture.host.files.exists(fixture.root / "fixed"))
        try await Checkup.mend(offer, try #require(fixture.context(mayInstall: true).run))
        #expect(try await fixture.report("acme").status == .ok)
    }

    @Test func `a port of another machine is looked for there and not here`() async throws {
        let network = FakeNetwork()
        network.open(5432)
        network.script { request throws(NetworkError) in
            guard request.target.hasPrefix("/containers/json") else { return nil }
            let stranger: JSON = [
                "Id": "1", "Names": ["/stranger"], "State": "running",
                "Ports": [["PublicPort": 6379, "PrivatePort": 6379]],
            ]
            return HTTPResponse(
                status: 200, body: JSON.array(request.target.contains("filters") ? [] : [stranger]).bytes())
        }
        let fixture = try DoctorFixture("workspace: shop\nservices: { redis: redis@7, db: { use: postgres } }\n") {
            host in
            host.network = network
            host.environment["DOCKER_HOST"] = "tcp://10.0.0.9:2375"
        }
        let report = try await fixture.report("ports")
        #expect(report.checks.map(\.id) == ["port:6379", "port:5432"])
        #expect(report.checks.map(\.status) == [.error, .ok])
        #expect(report.checks[0].message == "taken on 10.0.0.9 by the container stranger")
        #expect(report.checks[1].message == "no container has it on 10.0.0.9")
    }

    @Test func `an engine that does not answer says how to start it`() async throws {
        let fixture = try DoctorFixture(
            "services: { redis: redis@7 }\n",
            programs: [
                "docker": """
                case "$1" in
                  compose) echo 2.24.1;;
                  *) echo 'Cannot connect to the Docker daemon' >&2; exit 1;;
                esac
                """
            ]
        ) { host in
            host.machine.user = 0
            host.machine.operatingSystem = "linux"
            host.environment["DOCKER_HOST"] = "unix:///nowhere/docker.sock"
        }
        let plugins = fixture.base.appending("home/.docker/cli-plugins")
        try fixture.host.files.makeFolder(plugins, mode: 0o755)
        try fixture.host.files.replace(plugins / "docker-compose", with: [], mode: 0o755)
        let report = try await fixture.report("containers")
        #expect(report.checks.map(\.status) == [.error, .ok])
        #expect(report.checks[0].message.hasPrefix("no container engine answers (DOCKER_HOST: "))
        #expect(report.checks[0].remedy?.hasPrefix("start the engine that DOCKER_HOST names") == true)
        #expect(report.checks[1].title == "docker compose" && report.checks[1].found == "2.24.1")
    }

    @Test(arguments: [
        ("{ redis: { use: redis, engine: podman } }", ["engine:podman", "compose:podman"]),
        (
            "{ redis: { use: redis, engine: podman }, other: { use: redis, port: 1 } }",
            ["engine", "engine:podman", "compose", "compose:podman"]
        ),
    ])
    func `each engine that services need is told with its own Compose, and no other`(
        _ services: String, _ ids: [String]
    ) async throws {
        let fixture = try DoctorFixture(
            "services: \(services)\n",
            programs: ["podman-compose": "echo 'podman-compose version 1.0.3'", "podman": "exit 1"]
        ) { host in
            host.environment["DOCKER_HOST"] = "unix:///nowhere/docker.sock"
            host.environment["PODMAN_COMPOSE_PROVIDER"] = "podman-compose"
        }
        let checks = try await fixture.report("containers").checks
        #expect(checks.map(\.id) == ids)
        let compose = try #require(checks.last)
        #expect(compose.status == .ok && compose.title == "podman-compose" && compose.found == "1.0.3", "\(compose)")
    }
}
