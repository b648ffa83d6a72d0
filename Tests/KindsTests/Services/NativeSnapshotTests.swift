import Base
import Execution
import Foundation
import HostInterfaces
import State
import Testing

@testable import Kinds

/// Snapshots of services that run without a container: Debian's own redis and postgres.
@Suite(.serialized, .enabled(if: NativePrograms.areThere, "needs redis-server and postgresql: Tests/Lab/install"))
struct NativeSnapshotTests {
    private static let services = """
        db: { use: postgres, native: true, port: auto }
        cache: { use: redis, native: true, port: auto }
        """
    private static let steps = """
        steps:
          seed: { run: "echo seeded >>seeded", once: { per: db } }
          later: { run: "echo later >>later", once: { per: db }, needs: seed }

        """
    private let home = FileManager.default.temporaryDirectory.appending(path: "devinit-shots-\(UUID().uuidString)").path

    private func fixture() throws -> ServiceFixture {
        try ServiceFixture(Self.services, more: Self.steps, engine: false, environment: ["XDG_DATA_HOME": home])
    }

    private func data(_ fixture: ServiceFixture) async throws -> ServiceData {
        try await ServiceData(fixture.open().services)
    }

    private func query(_ fixture: ServiceFixture, _ statement: String) async throws -> String {
        let command = """
            PGPASSWORD="$(cat "$SECRETS/password")" psql -h 127.0.0.1 -p "$PORT" -U "$WITH_USER" -d app -Atc '\(statement)'
            """
        let request = try await fixture.open().services.entering(
            NodeID("service", "db"), ["sh", "-euc", command], isTerminal: false)
        let result = try await fixture.workspace.host.processes.run(request, onOutput: nil)
        return (result.text + result.errorText).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func `rows of a local database come back with the record of its seed, and what came later is done again`()
        async throws
    {
        let fixture = try fixture()
        try await NativePrograms.with(fixture) {
            let first = try await fixture.up()
            #expect(first.status == .done, "\(first.words)")
            #expect(try await query(fixture, "create table kept as select 7 as id") == "SELECT 1")
            let process = NativeRecord(fixture.journal.fact(NativeRecord.fact("db")))?.process
            let saved = try await data(fixture).save("seeded", services: [], replacing: false)
            #expect(saved.map(\.service) == ["db", "cache"] && saved.allSatisfy { $0.bytes > 0 && $0.isFolder })
            // It runs again, as another process, since it was stopped meanwhile.
            #expect(NativeRecord(fixture.journal.fact(NativeRecord.fact("db")))?.process != process)
            #expect(try await query(fixture, "insert into kept values (8)") == "INSERT 0 1")
            let refused = await #expect(throws: NodeFailure.self) {
                try await data(fixture).save("seeded", services: ["db"], replacing: false)
            }
            #expect(refused?.message == "there is a snapshot 'seeded' of db already")

            // As if 'later' was first done after the saving.
            let plan = try await data(fixture).plan(loading: "seeded", services: ["db"])
            #expect(plan.lost.count == 1 && plan.lost[0].hasSuffix("/db"))
            var load = plan
            load.snapshots[0].records.removeAll { $0["node"]?.string == "step:later" }
            try await data(fixture).perform(load)
            let second = try await fixture.up()
            #expect(second.status == .done, "\(second.words)")
            #expect(try await query(fixture, "select string_agg(id::text, chr(44)) from kept") == "7")
            #expect(fixture.workspace.text("seeded") == "seeded\n")
            #expect(fixture.workspace.text("later") == "later\nlater\n")

            #expect(try await data(fixture).delete("seeded").map(\.service) == ["db", "cache"])
            #expect(try await data(fixture).list().isEmpty)
        }
    }

    @Test func `data whose loading was cut short is not started with, and a copy that was is no snapshot`() async throws
    {
        let fixture = try fixture()
        try await NativePrograms.with(fixture) {
            let first = try await fixture.up("service:cache")
            #expect(first["service:cache"]?.status == .done, "\(first.words)")
            _ = try await data(fixture).save("a", services: ["cache"], replacing: false)
            let shelf = Path(home) / "devinit/snapshots" / fixture.project
            let files = fixture.workspace.host.files
            let place = try #require(try files.entries(of: shelf).first).name
            let about = shelf / place / "about.json"
            let text = try files.read(about, limit: 1 << 16)
            try files.remove(about)
            #expect(try await data(fixture).list().isEmpty)
            try files.replace(about, with: text, mode: 0o600)

            let run = try await fixture.open()
            try run.journal.append(.fact(DataLoading.fact("cache"), "a"))
            _ = await run.services.stopNative()
            let failure = try #require(try await fixture.up("service:cache")["service:cache"]?.failure)
            #expect(failure.message.contains("is not whole: loading the snapshot 'a' was cut short"))
            try await data(fixture).perform(try await data(fixture).plan(loading: "a", services: []))
            #expect(try await fixture.up("service:cache")["service:cache"]?.status == .done)
        }
    }

    @Test func `data that was half replaced goes with what down removes, and nothing starts with the half`()
        async throws
    {
        let fixture = try fixture()
        try await NativePrograms.with(fixture) {
            try await fixture.up("service:cache")
            let files = fixture.workspace.host.files
            let run = try await fixture.open()
            _ = await run.services.stopNative()
            let folder = try #require(run.services.lostFolders().first)
            // As after a kill between the copying and the naming.
            try files.remove(folder / "devinit-data")
            try files.makeFolder(folder.parent / ".cache.coming", mode: 0o700)
            try run.journal.append(.fact(DataLoading.fact("cache"), "a"))
            #expect(run.services.lostFolders() == [folder])
            try run.services.removeFolders()
            let left = try files.entries(of: folder.parent)
            #expect(left.isEmpty, "\(left)")
        }
        try await NativePrograms.with(fixture) {
            let summary = try await fixture.up("service:cache")
            #expect(summary["service:cache"]?.status == .done, "\(summary.words)")
        }
    }
}
