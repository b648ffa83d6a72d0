import Base
import Execution
import Foundation
import HostInterfaces
import State
import Testing
import Trust

@testable import Kinds

/// Services of templates as processes of this machine: Debian's own redis and postgres.
@Suite(.serialized, .enabled(if: NativePrograms.areThere, "needs redis-server and postgresql: Tests/Lab/install"))
struct NativeTemplateTests {
    /// The postgres user must be able to reach the data.
    private func fixture(_ services: String, more: String = "") throws -> ServiceFixture {
        let data = FileManager.default.temporaryDirectory.appending(path: "devinit-native-\(UUID().uuidString)").path
        return try ServiceFixture(services, more: more, engine: false, environment: ["XDG_DATA_HOME": data])
    }

    private func output(_ fixture: ServiceFixture, _ service: String, _ command: String) async throws -> String {
        let request = try await fixture.open().services.entering(
            NodeID("service", service), ["sh", "-euc", command], isTerminal: false)
        let result = try await fixture.workspace.host.processes.run(request, onOutput: nil)
        return result.text.trimmingCharacters(in: .whitespacesAndNewlines) + result.errorText
    }

    private static let query = """
        export PGPASSWORD="$(cat "$SECRETS/password")"
        psql -h 127.0.0.1 -p "$PORT" -U "$WITH_USER" -d app -Atc
        """

    @Test
    func `postgres comes up with its databases and password, keeps its data, and is healthy only for one who logs in`()
        async throws
    {
        let fixture = try fixture(
            """
            db:
              use: postgres
              native: true
              with: { databases: [app, 'od"d $(x)'], user: me, password: "it's \\"a\\" secret" }
              port: auto
            """)
        try await NativePrograms.with(fixture) {
            let first = try await fixture.up()
            #expect(first["service:db"]?.status == .done, "\(first.words)")
            let query = Self.query.replacing("\n", with: "; ")
            #expect(
                try await output(
                    fixture, "db", "\(query) \"select string_agg(datname, ',' order by datname) from pg_database\"")
                    == "app,od\"d $(x),postgres,template0,template1")
            #expect(try await output(fixture, "db", "\(query) 'create table kept (id int)'") == "CREATE TABLE")
            let refused = try await output(
                fixture, "db", "PGPASSWORD=wrong psql -h 127.0.0.1 -p \"$PORT\" -U me -d app -c 'select 1' || true")
            #expect(refused.contains("password authentication failed"))
            #expect(try await fixture.plan()["service:db"] == .upToDate("running"))
            #expect(try await fixture.up()["service:db"]?.reason == "running, healthy")

            #expect(try await fixture.open().services.stopNative() == ["db"])
            let log = fixture.workspace.text(".devinit/logs/db.log") ?? ""
            #expect(log.contains("database system is shut down"), "\(log)")
            #expect(!fixture.workspace.records.contains("\"a\" secret") || !log.contains("\"a\" secret"))
            // A list that grew later, and what was made before.
            let grown = try #require(fixture.workspace.text("init.yaml")).replacing("[app,", with: "[app, later,")
            try fixture.workspace.write("init.yaml", grown)
            let second = try await fixture.up()
            #expect(second.status == .done, "\(second.words)")
            #expect(try await output(fixture, "db", "\(query) 'select count(*) from kept'") == "0")
            #expect(
                try await output(fixture, "db", "\(query) \"select 1 from pg_database where datname = 'later'\"") == "1"
            )
        }
    }

    @Test func `redis takes its password from a file, and new data makes work that is done once for it be done again`()
        async throws
    {
        let fixture = try fixture(
            "cache: { use: redis, native: true, with: { password: \"a \\\\ \\\"b\", memory: 64mb }, port: auto }",
            more: "steps:\n  fill: { run: echo filled >>filled, once: { per: cache } }\n")
        try await NativePrograms.with(fixture) {
            let summary = try await fixture.up()
            #expect(summary["service:cache"]?.status == .done, "\(summary.words)")
            let cli = "redis-cli -p \"$PORT\" --no-auth-warning"
            #expect(try await output(fixture, "cache", "\(cli) ping").contains("NOAUTH"))
            let login = "REDISCLI_AUTH=\"$(cat \"$SECRETS/password\")\" \(cli)"
            #expect(try await output(fixture, "cache", "\(login) config get maxmemory").hasSuffix("67108864"))
            #expect(try await output(fixture, "cache", "\(login) set a 1") == "OK")
            let arguments = try await output(
                fixture, "cache",
                "tr '\\0' ' ' </proc/$(\(login) info server | sed -n 's/^process_id:\\([0-9]*\\).*/\\1/p')/cmdline")
            #expect(arguments.contains("redis-server") && !arguments.contains("\"b"))

            try await fixture.up()
            #expect(fixture.workspace.text("filled") == "filled\n")
            let run = try await fixture.open()
            #expect(run.services.lostFolders().count == 1)
            _ = await run.services.stopNative()
            try run.services.removeFolders()
            #expect(run.services.lostFolders().isEmpty)
        }
        try await NativePrograms.with(fixture) {
            try await fixture.up()
            #expect(fixture.workspace.text("filled") == "filled\nfilled\n")
        }
    }

    @Test func `a container is not begun beside the data of the process, nor the process beside a volume`() async throws
    {
        let native = "cache: { use: redis, native: true, port: auto }"
        let fixture = try fixture(native)
        try await NativePrograms.with(fixture) {
            try await fixture.up()
            let manifest = try #require(fixture.workspace.text("init.yaml"))
            try fixture.workspace.write("init.yaml", manifest.replacing(", native: true", with: ""))
            guard case .blocked(let failure) = try await fixture.plan()["service:cache"] else {
                Issue.record("the container would be started")
                return
            }
            #expect(failure.message.contains("where it ran without a container"))
            #expect(failure.remedy?.contains("down --volumes") == true)
            try fixture.workspace.write("init.yaml", manifest)

            let run = try await fixture.open()
            try run.journal.append(.created(LedgerEntry(kind: .volume, name: "x_cache-data", node: "service:cache")))
            guard case .blocked(let other) = try await fixture.plan()["service:cache"] else {
                Issue.record("the process would go on beside the volume")
                return
            }
            #expect(other.message.contains("is in a container's volume"))
        }
    }

    @Test func `a process of an earlier start of the machine is not taken for the service, and not ended`() async throws
    {
        let fixture = try fixture("cache: { use: redis, native: true, port: auto }")
        try await NativePrograms.with(fixture) {
            try await fixture.up()
            let record = try #require(NativeRecord(fixture.journal.fact(NativeRecord.fact("cache"))))
            #expect(!record.boot.isEmpty)
            var earlier = record
            earlier.boot = "another"
            do {
                let run = try await fixture.open()
                try run.journal.append(.fact(NativeRecord.fact("cache"), earlier.json))
                #expect(await run.services.stopNative() == [])
                #expect(fixture.workspace.host.processes.isRunning(record.process))
                try run.journal.append(.fact(NativeRecord.fact("cache"), record.json))
            }
        }
    }

    @Test func `a version that is not installed is refused with what to do`() async throws {
        let fixture = try fixture("db: { use: postgres, native: true, with: { version: 9 }, port: auto }")
        try await NativePrograms.with(fixture) {
            let failure = try #require(try await fixture.up()["service:db"]?.failure)
            #expect(failure.output.contains { $0.contains("PostgreSQL 9 is not installed; found:") }, "\(failure)")
        }
    }

    @Test func `what it gets has to be approved, and a template without a native form is refused`() throws {
        let fixture = try fixture("cache: { use: redis, native: true, with: { memory: 1mb } }")
        let workspace = fixture.workspace.read().workspace
        let items = workspace.node("service", "cache")?.executables(in: workspace) ?? []
        #expect(items.contains { $0.what == "native" && $0.text == "the template redis" })
        #expect(items.contains { $0.what == "WITH_MEMORY" && $0.text == "1mb" })
        let other = try ServiceFixture("mq: { use: rabbitmq, native: true }", engine: false)
        #expect(other.workspace.problems == ["4: the template 'rabbitmq' has no native form"])
        let bare = try ServiceFixture("mq: { native: true }", engine: false)
        #expect(bare.workspace.problems.contains { $0.contains("needs 'use'") })
    }

    @Test func `a local file may choose the process where the team has the container`() throws {
        let fixture = try ServiceFixture(
            "cache: { use: redis, compose: { labels: [a=b] } }", engine: false,
            files: ["init.local.yaml": "services: { cache: { native: true } }\n"])
        let (workspace, diagnostics) = fixture.workspace.read()
        #expect(diagnostics.map(\.message) == [])
        #expect(workspace.node("service", "cache") is NativeService)
    }
}

/// The programs of the services that also run without a container.
enum NativePrograms {
    static let areThere =
        ServiceLab.output(["sh", "-c", "command -v redis-server redis-cli && ls /usr/lib/postgresql/*/bin/initdb"])
        != nil

    /// Ends all and removes the data, whatever the test did.
    static func with(_ fixture: ServiceFixture, _ body: () async throws -> Void) async throws {
        func sweep() async throws {
            _ = try await fixture.open().services.stopNative()
            try fixture.workspace.host.files.removeTree(Path(fixture.workspace.host.environment["XDG_DATA_HOME"] ?? ""))
        }
        do { try await body() } catch {
            try? await sweep()
            throw error
        }
        try await sweep()
    }
}
