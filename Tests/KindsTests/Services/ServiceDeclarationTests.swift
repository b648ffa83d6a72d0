import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import Testing
import YAML

@testable import Kinds

/// What the section `services` says, and what is wrong with it.
struct ServiceDeclarationTests {
    private func problems(_ services: String) throws -> [String] {
        try WorkspaceFixture("version: 1\nworkspace: shop\nservices:\n" + services).problems
    }

    @Test(arguments: [
        ("  db: { use: postgers }", "2", "there is no template 'postgers'"),
        ("  db: { use: postgres, with: { versoin: 16 } }", "4", "the template of 'db' has no parameter 'versoin'"),
        ("  mail: { use: mailpit, ports: { wbe: 1 } }", "4", "'mail' has no port 'wbe'"),
        (
            "  a: { compose: { image: x, ports: [\"80:80\"] } }", "4",
            "ports of 'a' are published by devinit, not in 'compose'"
        ),
        ("  a: { port: 80 }", "4", "service 'a' needs one of 'use', 'compose' and 'native'"),
        ("  a: { compose: { command: x } }", "4", "service 'a' needs an 'image' or a 'build' in 'compose'"),
        ("  a: { compose: { image: x }, port: auto }", "4", "port 'main' of 'a' needs the container's own number"),
        ("  a: { compose: { image: x }, volume: old }", "4", "'a' has no named volume that 'old' could stand for"),
        ("  a: redis\n  b: redis", "5", "'a' and 'b' both want port 6379 of this machine"),
        (
            "  a: { use: redis, native: { run: x } }", "4",
            "a service has 'use' and 'native'; only one of them may stand"
        ),
        ("  a: { compose: { image: x }, with: { y: z } }", "4", "'with' needs 'use': it holds a template's parameters"),
        ("  a: { native: { run: x }, with: { y: z } }", "4", "'with' needs 'use': it holds a template's parameters"),
        (
            "  a: { use: redis, native: true, restart: always }", "4",
            "a native service has no 'restart': no engine watches its process"
        ),
        ("  a: { native: { run: x }, volume: y }", "4", "a native service has no 'volume'"),
        ("  a: { compose: { image: x }, port: 80, health: { tcp: wbe } }", "4", "'a' has no port 'wbe'"),
        (
            "  a: { use: redis }\n  b: { compose: { image: \"${services.a.prot}\" } }", "5",
            "service 'a' has no value 'prot'; did you mean 'port'?"
        ),
    ])
    func `a mistake is told where it stands`(_ text: String, _ line: String, _ message: String) throws {
        let found = try problems(text)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(message) == true, "\(found)")
    }

    @Test func `a version behind the template's name counts beside other keys too`() throws {
        #expect(try problems("  db: { use: postgres@15, port: auto }").isEmpty)
        let fixture = try WorkspaceFixture(
            "version: 1\nworkspace: shop\nservices: { db: { use: postgres@15, port: auto } }\n")
        let image = fixture.read().workspace.containerServices.first?.definition["image"]?.text
        #expect(image == "postgres:15")
    }

    @Test func `ports that are none do not clash with each other as well`() throws {
        let found = try problems("  a: { use: redis, port: abc }\n  b: { use: redis, port: \"x:y\" }")
        #expect(found.count == 2 && found.allSatisfy { $0.contains("is no port") }, "\(found)")
    }

    @Test func `services that refer to each other's values in a circle are no endless loop`() throws {
        let found = try problems(
            """
              a: { use: postgres, with: { user: "${services.b.user}" }, port: 1 }
              b: { use: postgres, with: { user: "${services.a.user}" }, port: 2 }
            """)
        #expect(found.contains { $0.contains("these services refer to each other's values: a → b → a") }, "\(found)")
    }

    private func values(_ services: String, _ texts: [String], secrets: [String: String] = [:]) async throws
        -> [ResolvedText]
    {
        let sections = secrets.isEmpty ? "" : "secrets:\n" + secrets.keys.map { "  \($0): { env: X }\n" }.joined()
        let fixture = try WorkspaceFixture("version: 1\nworkspace: shop\n\(sections)services:\n" + services)
        #expect(fixture.problems == [])
        let values = Values(mask: SecretMask())
        for (name, value) in secrets { values.setSecret(name, to: value) }
        let workspace = fixture.read().workspace
        _ = try await ServiceContext.make(fixture, workspace, values)
        return try texts.map { text in
            try workspace.resolve(
                Text(template: Template(parsing: text), location: SourceLocation(file: "x", line: 1, column: 1)), values
            )
        }
    }

    @Test func `addresses inside and outside, by name and by database`() async throws {
        let texts = try await values(
            """
              postgres: { use: postgres, with: { version: 16, databases: [app, audit], user: me }, port: 6000 }
              queue: { use: rabbitmq, ports: { management: 7000 } }
              cache: redis@7
            """,
            [
                "${services.postgres.port}", "${services.postgres.url}", "${services.postgres.url.audit}",
                "${services.postgres.internal.url.audit}", "${services.postgres.internal.port}",
                "${services.queue.ports.management}",
                "${services.queue.port}", "${services.cache.url}", "${services.cache.host}", "${services.queue.url}",
            ])
        #expect(
            texts.map(\.text) == [
                "6000", "postgresql://me:postgres@127.0.0.1:6000/app", "postgresql://me:postgres@127.0.0.1:6000/audit",
                "postgresql://me:postgres@postgres:5432/audit", "5432", "7000", "5672", "redis://127.0.0.1:6379",
                "127.0.0.1", "amqp://guest:guest@127.0.0.1:5672/%2F",
            ])
    }

    @Test func `a URL with a secret in it is escaped and is a secret`() async throws {
        let texts = try await values(
            "  db: { use: postgres, with: { password: \"${secrets.pass}\" } }",
            ["${services.db.url}", "${services.db.port}", "${services.db.password}"], secrets: ["pass": "a@b/c d"])
        #expect(
            texts[0] == ResolvedText(text: "postgresql://postgres:a%40b%2Fc%20d@127.0.0.1:5432/app", isSecret: true))
        #expect(!texts[1].isSecret)
        #expect(texts[2] == ResolvedText(text: "a@b/c d", isSecret: true))
    }

    @Test func `an automatic port is the same at every run`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nservices:\n  a: { use: redis, port: auto }\n  b: { use: redis, port: auto }\n")
        var found: [[Int?]] = []
        for _ in 0..<3 {
            let values = Values(mask: SecretMask())
            _ = try await ServiceContext.make(fixture, fixture.read().workspace, values)
            found.append([values.port("a", ""), values.port("b", "redis")])
        }
        #expect(found[0] == found[1] && found[1] == found[2])
        #expect(found[0][0] != nil && found[0][0] != found[0][1])
    }
}
