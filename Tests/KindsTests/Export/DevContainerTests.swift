import Base
import Foundation
import HostInterfaces
import ManifestModel
import POSIXHost
import Secrets
import State
import Testing
import YAML

@testable import Kinds

/// What `export devcontainer` gives.
@Suite struct DevContainerTests {
    private static let manifest = """
        version: 1
        workspace: acme
        requires:
          node: ^20.11 || ^22
          python: ">=3.10"
          git: ">=2.30"
          maven: "3"
          ffmpeg: ">=4"
          machine: { memory: 8GB, cpus: 4, disk: 20GiB }
        repos:
          api: "github:acme/api"
          web: { url: "git@github.com:acme/web.git" }
          other: { url: "https://git.acme.test/other.git" }
        secrets:
          token: { env: NPM_TOKEN, hint: From the registry }
          stripe: { prompt: Stripe key }
          made: { generate: hex }
        services:
          db: { use: postgres }
          mq: { use: rabbitmq, ports: { management: auto } }
          cache: { use: redis, native: true }
          search: { compose: { image: x }, engine: heavy }
        """

    private func container(_ manifest: String) async throws -> DevContainer {
        let fixture = try WorkspaceFixture(manifest)
        #expect(fixture.problems == [])
        let workspace = fixture.read().workspace
        let values = Values(mask: SecretMask())
        _ = try await ServiceContext.make(fixture, workspace, values, writing: false)
        return DevContainer(workspace, values, image: "example.test/base:1")
    }

    private static let schema = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/devcontainer/devContainer.base.schema.json").path

    /// In continuous integration a validator that is missing is a failure, elsewhere the test shows as skipped.
    private static let canValidate: Bool = {
        if ProcessInfo.processInfo.environment["CI"]?.isEmpty == false { return true }
        return ServiceLab.output(["python3", "-c", "from jsonschema import Draft201909Validator"]) != nil
    }()

    /// What the published schema (Tests/Fixtures/devcontainer) says against it.
    private func problems(_ json: JSON) async throws -> String {
        let fixture = try WorkspaceFixture("version: 1\n")
        let script = """
            import sys, json, jsonschema
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft201909Validator.check_schema(schema)
            for error in jsonschema.Draft201909Validator(schema).iter_errors(json.load(sys.stdin)):
                print(error.message)
                for inner in error.context: print(" ", list(inner.path), inner.message)
            """
        let result = try await fixture.host.processes.run(
            ProcessRequest(
                ["python3", "-c", script, Self.schema], environment: fixture.host.environment, folder: fixture.root,
                input: .bytes(json.bytes())), onOutput: nil)
        #expect(result.succeeded, "\(result.errorText)")
        return result.text
    }

    @Test(.enabled(if: canValidate, "needs python3-jsonschema"))
    func `it asks for no feature, port or machine that the published schema would refuse`() async throws {
        for manifest in [Self.manifest, "version: 1\nworkspace: bare\n"] {
            let container = try await container(manifest)
            #expect(try await problems(container.configuration) == "")
            let compose = try #require(YAMLReader.examine(Array(container.compose.utf8), file: "compose.yaml").root)
            let service = container.configuration["service"]?.string ?? ""
            #expect(compose["services"]?[service]?["image"]?.text == "example.test/base:1")
        }
    }

    @Test(.enabled(if: canValidate, "needs python3-jsonschema"))
    func `a key or a value that the schema does not know is seen by the validator`() async throws {
        let good = try await container("version: 1\nworkspace: bare\n").configuration
        for wrong: JSON.Member in [
            JSON.Member("forwardPort", [5432]), JSON.Member("forwardPorts", [70000]),
            JSON.Member("hostRequirements", ["memory": "8 gigabytes"]),
        ] {
            #expect(try await problems(.object((good.object ?? []) + [wrong])) != "", "\(wrong.key)")
        }
    }

    @Test func `what the manifest needs arrives there: tools with their versions, ports, secrets, access, the machine`()
        async throws
    {
        let json = try await container(Self.manifest).configuration
        let features = json["features"]
        let folder = "ghcr.io/devcontainers/features/"
        #expect(features?[folder + "node:1"]?["version"]?.string == "20.11")
        #expect(features?[folder + "python:1"]?["version"]?.string == "latest")
        #expect(features?[folder + "java:1"]?["installMaven"] == .bool(true))
        #expect(features?[folder + "docker-in-docker:2"] != nil)
        #expect(json["forwardPorts"]?.array?.compactMap(\.integer) == [5432, 5672, 6379])
        #expect(json["portsAttributes"]?["5672"]?["label"]?.string == "mq amqp")
        #expect(json["secrets"]?["NPM_TOKEN"]?["description"]?.string == "From the registry")
        #expect(json["hostRequirements"]?["memory"]?.string == "8gb")
        #expect(json["hostRequirements"]?["storage"]?.string == "22gb")
        let access = json["customizations"]?["codespaces"]?["repositories"]
        #expect(access?["acme/api"] != nil && access?["acme/web"] != nil && access?["other"] == nil)
        #expect(json["postCreateCommand"]?.string?.hasPrefix("devinit up") == true)
    }

    @Test func `what it can't say is told and not dropped in silence`() async throws {
        let notes = try await container(Self.manifest).notes.joined(separator: "\n")
        for word in [
            "devinit on its PATH", "'ffmpeg'", "port of mq management", "'stripe'", "'cache' runs without",
            "context create heavy",
        ] {
            #expect(notes.contains(word), "\(word)")
        }
    }
}
