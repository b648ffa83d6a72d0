import Base
import Execution
import Testing

@testable import Kinds

/// `ensure` of a template: what is made inside a service that serves.
struct EnsuringTests {
    static let template = """
        description: Ours
        verified: no
        parameters: { things: { type: list } }
        compose:
          image: devinit-lab/base:12
          command: [sh, -c, "touch /refuse-b; exec sleep 600"]
          init: true
          stop_grace_period: 1s
          healthcheck: { test: [CMD, test, -e, /refuse-b], interval: 1s }
        ensure:
          things: |
            for thing; do
              [ "$thing" != b ] || [ ! -e /refuse-b.wanted ] || { echo "no $thing here"; exit 3; }
              echo "$thing" >>/made
            done
        """

    @Test func `a list that is none, and a command that is missing, are named where they stand`() throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nservices:\n  own: { use: ./own.yaml }\n",
            files: [
                "own.yaml": """
                description: Ours
                parameters: { size: { type: text }, names: { type: list } }
                compose: { image: x }
                ensure: { size: "true", names: }
                """
            ])
        let problems = fixture.problems
        #expect(problems.contains { $0.contains("'ensure' names a parameter of type list, and 'size' is none") })
        #expect(problems.contains { $0.contains("'ensure' needs a command for 'names'") })
    }

    @Test(.enabled(if: ServiceLab.isThere, ServiceLab.hint))
    func
        `what could not be made fails the service and is made by the next run, and a list grows without a new container`()
        async throws
    {
        let fixture = try ServiceFixture(
            "own: { use: ./own.yaml, with: { things: [a] } }", files: ["own.yaml": Self.template])
        let before = Assessment.work(.create, "it has no container yet; to be made where missing: things: a")
        #expect(try await fixture.plan()["service:own"] == before)
        #expect(try await fixture.up().status == .done)
        let container = fixture.container("own")
        func made() -> String { ServiceLab.docker("exec", container, "cat", "/made") }
        #expect(made() == "a")
        #expect(try await fixture.plan()["service:own"]?.action == Action.none)

        let manifest = try #require(fixture.workspace.text("init.yaml")).replacing("[a]", with: "[a, b]")
        try fixture.workspace.write("init.yaml", manifest)
        let work = Assessment.work(.update, "to be made where missing: things: a, b")
        #expect(try await fixture.plan()["service:own"] == work)
        ServiceLab.docker("exec", container, "touch", "/refuse-b.wanted")
        let failure = try #require(try await fixture.up()["service:own"]?.failure)
        #expect(failure.message == "the things of 'own' could not be made (exit status 3)")
        #expect(failure.output == ["no b here"])
        let plan = try await fixture.plan()["service:own"]
        #expect(plan == .work(.update, "failed last time, " + work.reason), "what failed counts as done")

        ServiceLab.docker("exec", container, "rm", "/refuse-b.wanted")
        let again = try await fixture.up()
        #expect(again.status == .done, "\(again.words)")
        #expect(made() == "a\na\na\nb" && fixture.container("own") == container)
    }

    @Test(.enabled(if: ServiceLab.isThere, ServiceLab.hint))
    func `a database that is named before the others later is made too, and the data stays`() async throws {
        func services(_ databases: String) -> String {
            "db: { use: postgres, port: auto, with: { image: devinit-lab/postgres:15, databases: [\(databases)] } }"
        }
        let fixture = try ServiceFixture(services("app"))
        #expect(try await fixture.up().status == .done)
        func query(_ database: String, _ words: String) -> String {
            ServiceLab.docker("exec", fixture.container("db"), "psql", "-U", "postgres", "-d", database, "-Atc", words)
        }
        #expect(query("app", "create table kept()") == "CREATE TABLE")
        let manifest = try #require(fixture.workspace.text("init.yaml")).replacing("[app]", with: "[main, app]")
        try fixture.workspace.write("init.yaml", manifest)
        let summary = try await fixture.up()
        #expect(summary.status == .done, "\(summary.words)")
        #expect(query("main", "select 1") == "1")
        #expect(query("app", "select count(*) from kept") == "0")
    }

    @Test(.enabled(if: ServiceLab.isThere, ServiceLab.hint))
    func `what the image makes with its new volume is not asked for again, until the list grows`() async throws {
        let template = """
            description: Ours
            verified: no
            parameters: { things: { type: list } }
            compose:
              image: devinit-lab/base:12
              command: [sleep, "600"]
              init: true
              stop_grace_period: 1s
              environment: { FIRST: "${with.things.first}" }
              volumes: ["data:/data"]
              healthcheck: { test: [CMD, "true"], interval: 1s }
            ensure: { things: 'for thing; do echo "$thing" >>/data/made; done' }
            """
        let fixture = try ServiceFixture(
            "own: { use: ./own.yaml, with: { things: [a] } }", files: ["own.yaml": template])
        func made() -> String { ServiceLab.docker("exec", fixture.container("own"), "cat", "/data/made") }
        #expect(try await fixture.up().status == .done)
        #expect(made() == "")
        #expect(try await fixture.plan()["service:own"]?.action == Action.none)
        let manifest = try #require(fixture.workspace.text("init.yaml")).replacing("[a]", with: "[a, b]")
        try fixture.workspace.write("init.yaml", manifest)
        #expect(try await fixture.up().status == .done)
        #expect(made() == "a\nb")
        // The volume is older than a container that is made anew.
        try fixture.workspace.write("init.yaml", manifest.replacing("[a, b]", with: "[c]"))
        #expect(try await fixture.up().status == .done)
        #expect(made() == "a\nb\nc")
    }
}
