import Base
import Catalog
import Execution
import Kinds
import ManifestModel
import Testing

@Suite struct RepositoryDeclarationTests {
    private func problems(_ repositories: String) throws -> [String] {
        try RepositoryFixture("version: 1\nrepos:\n\(repositories)\n").problems
    }

    @Test func `an address alone is a repository`() throws {
        let fixture = try RepositoryFixture(
            "version: 1\nrepos:\n  api: github:acme/api\n  web: { url: 'git@git.example:acme/web.git', path: apps/web }\n"
        )
        #expect(fixture.problems == [])
        #expect(fixture.node("api")?.place == fixture.root / "api")
        #expect(fixture.node("web")?.place == fixture.root / "apps/web")
    }

    @Test(arguments: [
        "htp://host/x", "github:acme", "ext::sh -c id", "https://", "-u", "\"a\\nb\"",
    ])
    func `what is no address is told before anything runs`(url: String) throws {
        let found = try problems("  api: { url: \(url) }")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("3:15 bad-url") == true, "\(found)")
    }

    @Test func `a bare owner and name asks for its forge`() throws {
        let found = try problems("  api: acme/api")
        #expect(found.first?.contains("github:acme/api") == true, "\(found)")
    }

    @Test func `a password in a wrong address is not shown`() throws {
        let found = try problems("  api: htp://me:hunter2hunter2@host/x")
        #expect(found.count == 1)
        #expect(!found[0].contains("hunter2"))
    }

    @Test(arguments: ["../api", "/srv/api", "a/../../b"])
    func `a path that leaves the workspace is an error`(path: String) throws {
        let found = try problems("  api: { url: github:a/b, path: \(path) }")
        #expect(found.count == 1)
        #expect(found.first?.contains("outside-workspace") == true, "\(found)")
        #expect(found.first?.contains("init.local.yaml") == true)
    }

    @Test func `two repositories in one folder are an error`() throws {
        let found = try problems("  api: github:a/b\n  other: { url: github:a/c, path: ./x/../api }")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("4:35 same-path 'other' and 'api'") == true, "\(found)")
    }

    @Test func `folders that git and devinit keep can't be taken`() throws {
        #expect(try problems("  api: { url: github:a/b, path: .devinit/api }").count == 1)
        #expect(try problems("  api: { url: github:a/b, path: x/.git/y }").count == 1)
    }

    @Test func `a local file may place a checkout anywhere`() throws {
        let fixture = try RepositoryFixture(
            "version: 1\nrepos: { api: { url: github:a/b, path: apps/api } }\n",
            local: "repos: { api: { path: ../elsewhere } }\n")
        #expect(fixture.problems == [])
        #expect(fixture.node("api")?.place == fixture.folder / "elsewhere")
    }

    @Test func `paths inside a repository follow it when it is adopted elsewhere`() throws {
        let fixture = try RepositoryFixture(
            "version: 1\nrepos: { api: { url: github:a/b, path: apps/api }, web: github:a/c }\n",
            local: "repos: { api: { path: ../elsewhere } }\n")
        var reading = Reading(
            manifest: fixture.workspace.manifest, host: fixture.host, templates: .init(host: fixture.host))
        _ = RepositoryKind.nodes(&reading)
        #expect(reading.path("apps/api/.env") == fixture.folder / "elsewhere/.env")
        #expect(reading.path("apps/api") == fixture.folder / "elsewhere")
        #expect(reading.path("apps/api-docs/x") == fixture.root / "apps/api-docs/x")
        #expect(reading.path("web/.env") == fixture.root / "web/.env")
    }

    @Test func `what is said for all repositories counts unless one says otherwise`() throws {
        let fixture = try RepositoryFixture(
            """
            version: 1
            defaults: { repo: { ref: develop, profiles: [all], depth: 1 } }
            repos: { api: github:a/b, web: { url: github:a/c, ref: main, profiles: [web] } }
            """)
        #expect(fixture.problems == [])
        #expect(fixture.node("api")?.common.labels.map(\.source) == ["all"])
        #expect(fixture.node("web")?.common.labels.map(\.source) == ["web"])
        #expect(fixture.node("api")?.texts.map(\.source) == ["github:a/b", "develop"])
        #expect(fixture.node("web")?.texts.map(\.source) == ["github:a/c", "main"])
    }

    @Test func `one address can't be said for all repositories`() throws {
        let found = try RepositoryFixture("version: 1\ndefaults: { repo: { url: github:a/b } }\n").problems
        #expect(found.first?.contains("unknown-key") == true, "\(found)")
    }

    @Test func `a key that does nothing yet says so`() throws {
        let found = try problems("  api: { url: github:a/b, manifest: init.yaml }")
        #expect(found.first?.contains("no-effect-yet") == true, "\(found)")
    }

    @Test func `mistakes are reported with their places, all at once`() throws {
        let found = try problems(
            """
              api: { url: github:a/b, branch: main, depth: -1 }
              web: { path: web }
              lib: { url: github:a/d, ref: "--upload-pack=x", remotes: { origin: github:a/e } }
            """)
        #expect(
            found.map { $0.prefix { $0 != " " } } == ["3:27", "3:48", "4:8", "5:32", "5:70"],
            "\(found)")
    }

    @Test func `a repository inside another one waits for it`() throws {
        let fixture = try RepositoryFixture(
            "version: 1\nrepos: { plugin: { url: github:a/c, path: api/plugins/p }, api: github:a/b }\n")
        let workspace = fixture.workspace.read().workspace
        let edges = fixture.node("plugin")?.edges(in: workspace) ?? []
        #expect(edges.map(\.need) == [NodeID("repo", "api")])
        #expect(fixture.node("api")?.edges(in: workspace) == [])
    }

    @Test func `a wrong value of a repository is told with what there is`() throws {
        let found = try RepositoryFixture(
            "version: 1\nrepos:\n  api: github:a/b\n  web: { url: github:a/c, ref: '${repos.api.pat}' }\n"
        ).problems
        #expect(found.first?.contains("'path' only") == true, "\(found)")
    }
}
