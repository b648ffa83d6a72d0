import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State
import Synchronization
import Testing

@testable import Kinds

/// Secrets that data was made with.
@Suite struct SecretCareTests {
    private static let manifest = """
        version: 1
        workspace: shop
        secrets: { password: { generate: hex }, other: { generate: hex } }
        services:
          db: { compose: { image: "db:1", volumes: ["data:/data"], environment: { P: "${secrets.password}" } } }
          cache: { compose: { image: "cache:1", environment: { P: "${secrets.other}" } } }
        """

    private func found(
        _ secret: String, _ engine: PlayedEngine, _ fixture: WorkspaceFixture, recording records: [JournalRecord] = []
    ) async throws -> [String] {
        let workspace = fixture.read().workspace
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()), service: "db")
        for record in records { try context.journal.append(record) }
        return await ServiceOperations(
            workspace: workspace, host: fixture.host, values: context.values, journal: context.journal,
            settings: context.settings, parts: context.parts
        ).withData(using: [secret])
    }

    @Test func `a volume that is there holds the password that it was made with`() async throws {
        let engine = PlayedEngine()
        let fixture = try engine.fixture(Self.manifest)
        #expect(try await found("password", engine, fixture) == [])
        let volume = JournalRecord.created(LedgerEntry(kind: .volume, name: "shop_data", node: "service:db"))
        #expect(try await found("password", engine, fixture, recording: [volume]) == [], "it was removed by hand")
        engine.state.withLock { $0.volumes["shop_data"] = [:] }
        #expect(try await found("password", engine, fixture) == ["db"])
        #expect(try await found("other", engine, fixture) == [])
    }

    @Test func `where no engine answers, what was recorded counts`() async throws {
        let engine = PlayedEngine()
        let fixture = try WorkspaceFixture(Self.manifest, environment: ["DOCKER_HOST": "unix:///nobody.sock"])
        #expect(try await found("password", engine, fixture) == [])
        let volume = JournalRecord.created(LedgerEntry(kind: .volume, name: "shop_data", node: "service:db"))
        #expect(try await found("password", engine, fixture, recording: [volume]) == ["db"])
    }
}
