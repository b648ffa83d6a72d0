import Base
import Catalog
import Foundation
import HostInterfaces
import ManifestModel
import POSIXHost
import Secrets
import Testing
import YAML

@testable import Kinds

/// The templates that devinit brings, and what becomes of them.
struct ServiceTemplateTests {
    static let required = [
        "postgres", "mysql", "mariadb", "mongodb", "redis", "valkey", "memcached", "kafka", "redpanda", "rabbitmq",
        "nats",
        "elasticsearch", "opensearch", "minio", "localstack", "mailpit", "clickhouse", "keycloak", "jaeger",
        "prometheus", "grafana", "adminer",
    ]
    static let library = TemplateLibrary(host: POSIXHost.host())

    @Test func `every service of the manifest's list has a template`() {
        #expect(Set(Self.required).isSubset(of: Set(Self.library.names(of: "services"))))
    }

    @Test(arguments: required)
    func `a template is read without a problem, checks that it serves, and exports an address`(_ name: String) throws {
        let loaded = try Self.library.load(name, of: "services", from: "/", at: nil)
        let (template, diagnostics) = ServiceTemplateReader.read(loaded, name: name)
        #expect(diagnostics.all.map(\.message) == [])
        #expect(!template.description.isEmpty && !template.ports.isEmpty)
        #expect(template.parameters.contains { $0.name == "image" })
        #expect(template.compose?["healthcheck"]?["test"] != nil || template.health != nil)
        #expect(template.exports.contains { $0.name == "url" })
        #expect(template.compose?["container_name"] == nil && template.compose?["ports"] == nil)
    }

    @Test func `a password goes by a file, and the exceptions are those that the README names`() throws {
        let readme = try #require(EmbeddedTemplates.text("services/README.md"))
        let rows = readme.split(separator: "\n").drop { !$0.contains("| template | why |") }.dropFirst(2)
        let named = rows.prefix { $0.hasPrefix("|") }.compactMap {
            $0.firstMatch(of: #/`([a-z]+)`/#).map { String($0.1) }
        }
        var found: [String] = []
        for name in Self.library.names(of: "services") {
            let loaded = try Self.library.load(name, of: "services", from: "/", at: nil)
            let secrets = (loaded.root["parameters"]?.entries ?? []).filter { $0.value["type"]?.text == "secret" }
            let compose = YAMLWriter.write(try #require(loaded.root["compose"]))
            if secrets.contains(where: { compose.contains("${with.\($0.key)") }) { found.append(name) }
        }
        #expect(found.sorted() == named.sorted())
    }

    /// All templates in one workspace; their host ports would clash.
    static func everything() throws -> WorkspaceFixture {
        let entries = required.map { name in
            let ports = (try? library.load(name, of: "services", from: "/", at: nil))?.root["ports"]?.entries ?? []
            let auto = ports.map { "\($0.key): auto" }.joined(separator: ", ")
            return "  \(name): { use: \(name), ports: { \(auto) } }"
        }
        return try WorkspaceFixture("version: 1\nworkspace: all\nservices:\n" + entries.joined(separator: "\n") + "\n")
    }

    /// What only knocks at the door, in the words of the programs that do so.
    private static func knocksOnly(_ command: String) -> Bool {
        let knocks = ["nc -z", "pg_isready", "netstat", "lsof", " ss -", "mysqladmin ping", "mariadb-admin ping"]
        if knocks.contains(where: command.contains) { return true }
        // A connection by the shell counts when something is sent and the answer read.
        if command.contains("/dev/tcp/") { return !(command.contains(">&3") && command.contains("<&3")) }
        return false
    }

    @Test(arguments: required)
    func `a health check asks the service and does not only find its port open`(_ name: String) throws {
        let loaded = try Self.library.load(name, of: "services", from: "/", at: nil)
        let (template, _) = ServiceTemplateReader.read(loaded, name: name)
        for check in [template.health?.check, template.native?.health?.check] {
            if case .tcp = check { Issue.record("\(name): an open port proves nothing") }
            if case .log = check { Issue.record("\(name): a line of its log proves nothing by now") }
            if case .command(let command) = check { #expect(!Self.knocksOnly(command.description)) }
        }
        let summary = try ServiceCatalog.summary(of: name, from: "/", Self.library)
        #expect(!Self.knocksOnly(summary.health), "\(summary.health)")
        // One that has a user of its own is asked as that user, or where it takes none, what it would answer him.
        let asksWithoutLogin: Set = ["minio", "grafana", "keycloak", "clickhouse"]
        if !summary.secrets.isEmpty, !asksWithoutLogin.contains(name) {
            #expect(summary.health.contains("/run/secrets/password"), "\(summary.health)")
        }
    }

    @Test func `a value that a template does not allow is refused with those that it does`() throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nservices:\n  cache: { use: redis, with: { eviction: lru } }\n")
        #expect(fixture.problems.contains { $0.contains("'lru' is not one of noeviction, allkeys-lru") })
    }

    /// In continuous integration what is missing is a failure, elsewhere the test shows as skipped.
    static let canValidate: Bool = {
        if ProcessInfo.processInfo.environment["CI"]?.isEmpty == false { return true }
        return ServiceLab.output(["python3", "-c", "import yaml, jsonschema"]) != nil && schema != nil
    }()

    private static let schema: Path? = {
        guard let path = Conformance.folder?.appending(Path("compose-schema/compose-spec.json")) else { return nil }
        return POSIXHost.host().files.isFile(path) ? path : nil
    }()

    @Test(.enabled(if: canValidate, "needs python3-jsonschema, python3-yaml and shared/conformance/compose-schema"))
    func `every template gives a valid Compose file`() async throws {
        let fixture = try Self.everything()
        #expect(fixture.problems == [])
        let path = try await writtenFile(of: fixture)
        let text = fixture.host.files.text(of: path) ?? ""
        #expect(!text.contains("\nversion:") && !text.contains("container_name"))
        let schema = try #require(Self.schema)
        let script = """
            import sys, json, yaml, jsonschema
            document = yaml.safe_load(open(sys.argv[2]))
            jsonschema.validate(document, json.load(open(sys.argv[1])))
            assert len(document["services"]) == \(Self.required.count)
            """
        let result = try await fixture.host.processes.run(
            ProcessRequest(
                ["python3", "-c", script, schema.text, path.text], environment: fixture.host.environment,
                folder: fixture.root), onOutput: nil)
        #expect(result.succeeded, "\(result.errorText)")
    }

    /// Writes the generated file as a start would.
    private func writtenFile(of fixture: WorkspaceFixture) async throws -> Path {
        let values = Values(mask: SecretMask())
        let workspace = fixture.read().workspace
        let context = try await ServiceContext.make(fixture, workspace, values)
        let services = workspace.nodes(of: "service").compactMap { $0 as? ContainerService }
        let file = ComposeFile(rendering: ComposeRendering(workspace: workspace, values: values, host: fixture.host))
        _ = try file.write(
            services, starting: Set(services.map(\.name)), values: values, parts: context.parts, form: .docker)
        return file.path
    }

    @Test func `a team's own template with mistakes names each of them`() throws {
        let fixture = try WorkspaceFixture(
            """
            version: 1
            services:
              own: { use: ./own.yaml }
            """,
            files: [
                "own.yaml": """
                description: Ours
                verfied: real
                parameters:
                  size: { type: nmber }
                ports: { web: 99999 }
                compose: { image: "x:${with.tag}" }
                """
            ])
        let problems = fixture.problems
        #expect(problems.contains { $0.contains("a service's template has no key 'verfied'") })
        #expect(problems.contains { $0.contains("parameter 'size' needs a 'type'") })
        #expect(problems.contains { $0.contains("port 'web' must be a number") })
    }
}

/// The folder of conformance data; nil where it does not stand.
enum Conformance {
    static let folder: Path? = {
        if let stated = ProcessInfo.processInfo.environment["DEVINIT_CONFORMANCE"] { return Path(stated) }
        var folder = Path(#filePath).parent
        let files = POSIXHost.host().files
        while folder.text != "/" {
            let candidate = folder.parent.appending(Path("shared/conformance"))
            if files.isFolder(candidate) { return candidate }
            folder = folder.parent
        }
        return nil
    }()
}
