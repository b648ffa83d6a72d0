import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import Testing
import YAML

@testable import Kinds

/// The generated Compose file.
struct ComposeFileTests {
    private struct Written {
        var text: String
        var outcome: ComposeFile.Outcome
        var tree: YAMLNode
    }

    private func write(
        _ fixture: WorkspaceFixture, secrets: [String: String] = [:]
    ) async throws -> Written {
        let values = Values(mask: SecretMask())
        for (name, value) in secrets { values.setSecret(name, to: value) }
        let workspace = fixture.read().workspace
        let context = try await ServiceContext.make(fixture, workspace, values)
        let services = workspace.nodes(of: "service").compactMap { $0 as? ContainerService }
        let file = ComposeFile(rendering: ComposeRendering(workspace: workspace, values: values, host: fixture.host))
        let outcome = try file.write(
            services, starting: Set(services.map(\.name)), values: values, parts: context.parts, form: .docker)
        let text = fixture.host.files.text(of: file.path) ?? ""
        let tree = try YAMLReader.read(Array(text.utf8), file: "compose.yaml").root
        return Written(text: text, outcome: outcome, tree: try #require(tree))
    }

    private static let manifest = """
        version: 1
        workspace: shop
        secrets:
          pass: { env: PASS }
          key: { env: KEY }
        services:
          db:
            use: postgres
            with: { password: "${secrets.pass}" }
            compose:
              mem_limit: 1g
              environment: { EXTRA: "costs 5$$", POSTGRES_USER: other }
          api:
            compose:
              image: api
              environment: { API_KEY: "${secrets.key}", DATABASE: "${services.db.internal.url}" }
              volumes: ["./conf:/conf:ro", "cache:/cache"]
            port: 8080:80
            health: { command: "test $HOME" }
        """

    @Test func `Compose is not asked to wait for what its file does not have, and the order stays`() async throws {
        let fixture = try WorkspaceFixture(
            """
            version: 1
            workspace: shop
            compose: compose.yaml
            services:
              job: { native: { run: x }, port: 1 }
              near: { compose: { image: n } }
              far: { compose: { image: f }, engine: heavy }
              web: { compose: { image: w, depends_on: [api, job, far, near] } }
              lone: { compose: { image: w, depends_on: { api: { condition: service_healthy } } } }
            """, files: ["compose.yaml": "services: { api: { image: a } }\n"])
        #expect(fixture.problems == [])
        let workspace = fixture.read().workspace
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()))
        let rendering = ComposeRendering(workspace: workspace, values: context.values, host: fixture.host)
        func rendered(_ name: String) throws -> YAMLNode {
            try rendering.render(try #require(workspace.node("service", name) as? ContainerService)).node
        }
        #expect(try rendered("web")["depends_on"]?.items?.compactMap(\.text) == ["near"])
        #expect(try rendered("lone")["depends_on"] == nil)
        let needs = workspace.edges(of: NodeID("service", "web")).map(\.need.name)
        #expect(Set(needs).isSuperset(of: ["api", "job", "far", "near"]), "\(needs)")
    }

    @Test func `the same manifest gives the same bytes, with no secret in them`() async throws {
        let fixture = try WorkspaceFixture(Self.manifest)
        #expect(fixture.problems == [])
        let first = try await write(fixture, secrets: ["pass": "hunter22", "key": "sesame99"])
        let second = try await write(fixture, secrets: ["pass": "hunter22", "key": "sesame99"])
        #expect(first.text == second.text)
        #expect(!first.text.contains("hunter22") && !first.text.contains("sesame99"))
        #expect(first.outcome.secretVariables.count == 2)
        #expect(second.outcome.backup == nil)
    }

    @Test func `compose is merged over the template, dollars are doubled, paths are from the root`() async throws {
        let fixture = try WorkspaceFixture(Self.manifest)
        let tree = try await write(fixture, secrets: ["pass": "hunter22", "key": "sesame99"]).tree
        let db = tree["services"]?["db"]
        #expect(db?["mem_limit"]?.text == "1g")
        #expect(db?["environment"]?["EXTRA"]?.text == "costs 5$$")
        #expect(db?["environment"]?["POSTGRES_USER"]?.text == "other")
        #expect(db?["environment"]?["POSTGRES_PASSWORD_FILE"]?.text == "/run/secrets/password")
        #expect(db?["ports"]?.items?.compactMap(\.text) == ["127.0.0.1:5432:5432"])
        let api = tree["services"]?["api"]
        #expect(api?["healthcheck"]?["test"]?.items?.compactMap(\.text) == ["CMD-SHELL", "test $$HOME"])
        #expect(api?["volumes"]?.items?.first?.text == "\(fixture.root)/conf:/conf:ro")
        #expect(api?["environment"]?["API_KEY"]?.text?.hasPrefix("${DEVINIT_SECRET_") == true)
        #expect(tree["volumes"]?.entries?.map(\.key) == ["db-data", "cache"])
        #expect(tree["version"] == nil && tree["name"] == nil)
    }

    @Test func `a password reaches the container as a file for the owner alone`() async throws {
        let fixture = try WorkspaceFixture(Self.manifest)
        let tree = try await write(fixture, secrets: ["pass": "hunter22", "key": "sesame99"]).tree
        let mount = tree["services"]?["db"]?["volumes"]?.items?.first { $0["target"]?.text == "/run/secrets/password" }
        let path = Path(try #require(mount?["source"]?.text))
        #expect(!path.isInside(fixture.root))
        #expect(fixture.host.files.text(of: path) == "hunter22")
        #expect(try fixture.host.files.status(of: path, followingLinks: false)?.mode == 0o600)
    }

    @Test func `a hand edit is kept aside and not overwritten in silence`() async throws {
        let fixture = try WorkspaceFixture(Self.manifest)
        let before = try await write(fixture, secrets: ["pass": "hunter22", "key": "sesame99"]).text
        try fixture.write(".devinit/compose.yaml", before.replacing("1g", with: "2g"))
        let after = try await write(fixture, secrets: ["pass": "hunter22", "key": "sesame99"])
        #expect(after.text == before)
        let backup = try #require(after.outcome.backup)
        #expect(fixture.host.files.text(of: backup)?.contains("2g") == true)
    }

    @Test func `our own earlier file is no hand edit when the manifest changes`() async throws {
        let fixture = try WorkspaceFixture(Self.manifest)
        _ = try await write(fixture, secrets: ["pass": "hunter22", "key": "sesame99"])
        try fixture.write("init.yaml", Self.manifest.replacing("1g", with: "3g"))
        let after = try await write(fixture, secrets: ["pass": "hunter22", "key": "sesame99"])
        #expect(after.outcome.backup == nil && after.text.contains("3g"))
    }

    @Test func `an env file that is not there yet is left out, because Compose reads all of them`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nservices:\n  a: { compose: { image: x, env_file: [a.env, b.env] } }\n",
            files: ["b.env": "B=1\n"])
        let tree = try await write(fixture).tree
        #expect(tree["services"]?["a"]?["env_file"]?.items?.compactMap(\.text) == ["\(fixture.root)/b.env"])
    }

    @Test func `edges follow from what a service reads`() throws {
        let fixture = try WorkspaceFixture(Self.manifest)
        #expect(fixture.edges(of: "service:db").contains { $0.hasPrefix("secret:pass:") })
        // The address of the database holds its password.
        #expect(fixture.edges(of: "service:api").contains { $0.hasPrefix("secret:pass:") })
        #expect(!fixture.edges(of: "service:api").contains { $0.hasPrefix("service:") })
    }
}
