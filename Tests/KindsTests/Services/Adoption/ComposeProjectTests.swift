import Base
import HostInterfaces
import ManifestModel
import Testing
import YAML

@testable import Kinds

/// devinit's own reading of Compose files beside the engine's.
@Suite struct ComposeProjectTests {
    /// Anchors, merge keys, profiles, several files, extends within a file, variables from `.env`.
    static let anchors = [
        "docker-compose.yml": """
        x-common: &common
          restart: "no"
          environment: &env { A: "1", B: "${B:-two}" }
        services:
          db: { <<: *common, image: "pg:${TAG:?set it}", ports: ["${DB_PORT}:5432"] }
          web:
            <<: *common
            image: web
            environment: { <<: *env, B: "three" }
            depends_on: [db]
          admin: { image: admin, profiles: [tools, all] }
          sleeper: { image: s, environment: { C: "4" }, profiles: [all] }
          worker: { extends: sleeper, image: worker, depends_on: [db] }
        """,
        "more.yml": """
        services:
          web: { ports: ["8080:80", "127.0.0.1:9000-9001:9000-9001"], depends_on: { cache: { condition: service_started } } }
          cache: { image: redis }
        """,
        ".env": "TAG=15\nDB_PORT=15432\n",
    ]

    /// Compose 2 alone reads these: `include`, `!reset`, `!override`, optional env files.
    static let modern = [
        "compose.yaml": """
        include:
          - sub/compose.yaml
          - path: [other/a.yml, other/b.yml]
            project_directory: .
        services:
          web: { image: "web:${TAG}", depends_on: [included, two], env_file: [{ path: none.env, required: false }] }
          old: { image: old, ports: ["1:1"], command: run }
        """,
        "override.yaml": """
        services:
          old: { ports: !override ["2:2"], command: !reset null, labels: [a=b] }
        """,
        "sub/compose.yaml": """
        services:
          included: { extends: { file: ../base/base.yml, service: base }, volumes: ["./data:/data"] }
          hidden: { image: h, profiles: [deep] }
        """,
        "base/base.yml": """
        services:
          root: { image: "base:${TAG}", env_file: base.env, environment: [X=1] }
          base: { extends: root, environment: { Y: "2" }, profiles: [deep] }
        """,
        "base/base.env": "",
        "other/a.yml": "services: { two: { image: a, build: ./ctx } }\n",
        "other/b.yml": "services: { two: { image: b }, three: { image: c, profiles: [deep] } }\n",
        ".env": "TAG=7\n",
    ]

    @Test func `values come out as Compose has them`() throws {
        let cases = try ComposeCases(Self.anchors, files: ["docker-compose.yml", "more.yml"])
        let project = cases.read()
        #expect(!project.problems.hasErrors && project.missing.isEmpty)
        #expect(project.services["db"]?["image"]?.text == "pg:15")
        #expect(project.services["web"]?["environment"]?["B"]?.text == "three")
        #expect(project.services["worker"]?["image"]?.text == "worker")
        #expect(project.services["web"]?.composeDependencies.map(\.name) == ["db", "cache"])
        let web = AdoptedPorts.read(project.services["web"] ?? .null(), in: project)
        #expect(web.map(\.port.name) == ["80", "9000", "9001"])
        #expect(web.map(\.port.host) == [.fixed(8080), .fixed(9000), .fixed(9001)])
        #expect(web.map(\.address) == [nil, "127.0.0.1", "127.0.0.1"])
        // The number stands in a file that may still be written.
        let db = AdoptedPorts.read(project.services["db"] ?? .null(), in: project)
        #expect(db.map(\.port.host) == [.fromFiles])
    }

    @Test func `a variable of the process counts before the file's`() throws {
        let cases = try ComposeCases(Self.anchors, files: ["docker-compose.yml", "more.yml"])
        #expect(cases.read(["TAG": "16"]).services["db"]?["image"]?.text == "pg:16")
        #expect(cases.read(["COMPOSE_PROJECT_NAME": "mine"]).name == "mine")
    }

    @Test func `paths of an extended or included file are seen from that file`() throws {
        let cases = try ComposeCases(Self.modern, files: ["compose.yaml", "override.yaml"])
        let project = cases.read()
        #expect(project.problems.all.isEmpty, "\(project.problems.all)")
        let included = project.services["included"]
        #expect(included?["volumes"]?.items?.first?.text == "\(cases.folder)/sub/data:/data")
        #expect(project.environmentFiles(of: ["included", "web"]) == [cases.folder / "base/base.env"])
        #expect(included?["image"]?.text == "base:7")
        #expect(included?["environment"]?.entries?.map(\.key) == ["X", "Y"])
        #expect(included?.composeProfiles == ["deep"])
        #expect(project.services["two"]?["build"]?.text == "\(cases.folder)/ctx")
        #expect(project.services["old"]?["ports"]?.items?.map(\.text) == ["2:2"])
        #expect(project.services["old"]?["command"] == nil)
    }

    @Test func `several documents in one file are merged as files are, and a place is that of the file`() throws {
        let text =
            "---\n# first\nservices:\n  a: { image: x, ports: [\"1:1\"] }\n--- # more\nservices:\n  a: { ports: [\"2:2\"] }\n"
            + "  b: { image: y, command: [\"---\"] }\n---\n"
        let cases = try ComposeCases(["c.yml": text], files: ["c.yml"])
        let project = cases.read()
        #expect(project.problems.all.isEmpty, "\(project.problems.all)")
        #expect(project.services["a"]?["ports"]?.items?.compactMap(\.text) == ["1:1", "2:2"])
        #expect(project.services["b"]?.location.line == 8)
    }

    @Test(arguments: [
        "include: [\"oci://registry.test/acme/base:1\"]\n",
        "services:\n  a: { extends: { file: \"https://git.test/base.git\", service: b } }\n",
    ])
    func `what is on another machine is named with its place and the way to resolve it`(_ text: String) throws {
        let problem = try #require(
            try ComposeCases(["c.yml": text], files: ["c.yml"]).read().problems.all.first)
        #expect(problem.code == "remote-include" && problem.location?.column ?? 0 > 1)
        #expect(problem.suggestion?.contains("docker compose -f c.yml config >resolved.yaml") == true)
    }

    @Test func `the project's name stands in the files as Compose settles it, the instance's part included`() throws {
        let cases = try ComposeCases(
            ["c.yml": "name: shop\nservices: { a: { image: \"${COMPOSE_PROJECT_NAME}/x\" } }\n"], files: ["c.yml"])
        #expect(cases.read().services["a"]?["image"]?.text == "shop/x")
        let instance = AdoptedInstance(name: "two", file: "/nowhere/adopted.yaml")
        let project = cases.read(instance: instance)
        #expect(project.name == "shop-two" && project.services["a"]?["image"]?.text == "shop-two/x")
        // A step of the instance hands on its own.
        let inner = ["COMPOSE_PROJECT_NAME": "shop-two", "DEVINIT_NODE": "step:x"]
        #expect(cases.read(inner, instance: instance).name == "shop-two")
    }

    @Test func `a circle of includes or extends ends, with words`() throws {
        let cases = try ComposeCases(
            [
                "a.yml": "include: [b.yml]\nservices: { x: { extends: y }, y: { extends: x } }\n",
                "b.yml": "include: [a.yml]\n",
            ], files: ["a.yml"])
        #expect(cases.read().problems.all.map(\.code) == ["cycle", "cycle", "cycle"])
    }

    @Test func `a file that is not there is named, and nothing else is wrong`() throws {
        let cases = try ComposeCases(
            ["a.yml": "services: { x: { extends: { file: gone.yml, service: y } } }\n"], files: ["a.yml", "none.yml"])
        let project = cases.read()
        #expect(project.missing == [cases.folder / "gone.yml", cases.folder / "none.yml"])
        #expect(project.problems.all.isEmpty)
    }

    @Test(arguments: ["Acme Shop", "_x", "ümlaut-9"])
    func `a folder's name becomes the project's as Compose makes it`(_ name: String) throws {
        #expect(
            ComposeProjectReader.fitting(name) == ["Acme Shop": "acmeshop", "_x": "x", "ümlaut-9": "mlaut-9"][name])
    }
}

/// The same with the real programs.
@Suite(.enabled(if: ServiceLab.isThere, ServiceLab.hint))
struct ComposeProjectLabTests {
    private static let standalone = ServiceLab.environment?["DEVINIT_LAB_COMPOSE1"] ?? "docker-compose"

    @Test(arguments: [nil, "tools", "all", "none"])
    func `services are those of config, profile by profile`(_ profile: String?) throws {
        let cases = try ComposeCases(ComposeProjectTests.anchors, files: ["docker-compose.yml", "more.yml"])
        #expect(cases.names(profile: profile) == cases.realNames(["docker", "compose"], profile: profile))
        // 1.29 lists them all, whatever profile is on.
        #expect(cases.read().services.keys.sorted() == cases.realNames([Self.standalone], profile: profile))
    }

    @Test(arguments: [nil, "deep"])
    func `includes and tags give the services of config`(_ profile: String?) throws {
        let cases = try ComposeCases(ComposeProjectTests.modern, files: ["compose.yaml", "override.yaml"])
        // Compose refuses a service whose needs a profile holds back.
        let real = cases.realNames(["docker", "compose"], profile: profile)
        if profile == nil { #expect(real == nil) } else { #expect(cases.names(profile: profile) == real) }
    }

    @Test func `ports, images and waits are those of config`() throws {
        let cases = try ComposeCases(ComposeProjectTests.anchors, files: ["docker-compose.yml", "more.yml"])
        let real = try #require(cases.configuration(profiles: ["all"]))
        let project = cases.read()
        for member in real["services"]?.object ?? [] {
            let service = member.value
            let own = try #require(project.services[member.key])
            #expect(own["image"]?.text == service["image"]?.string)
            #expect(
                Set(own.composeDependencies.map(\.name)) == Set((service["depends_on"]?.object ?? []).map { $0.key }))
            let published = (service["ports"]?.array ?? []).compactMap { $0["published"]?.string }
            let ports = (own["ports"]?.items ?? []).flatMap { ComposePort($0)?.each ?? [] }.compactMap(\.published)
            #expect(ports == published)
        }
    }
}
