import Base
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

    @Test func `it asks for no feature, port or machine that the schema would refuse`() async throws {
        for manifest in [Self.manifest, "version: 1\nworkspace: bare\n"] {
            let container = try await container(manifest)
            #expect(DevContainerRules.problems(in: container.configuration) == [])
            let compose = try #require(YAMLReader.examine(Array(container.compose.utf8), file: "compose.yaml").root)
            let service = container.configuration["service"]?.string ?? ""
            #expect(compose["services"]?[service]?["image"]?.text == "example.test/base:1")
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

/// The rules of the published schema (devcontainers/spec, schemas/devContainer.base.schema.json) for the keys that devinit
/// writes, in our own words: the schema itself is not among the conformance data.
enum DevContainerRules {
    static func problems(in json: JSON) -> [String] {
        guard case .object(let members) = json else { return ["no object"] }
        var problems: [String] = []
        func check(_ holds: Bool, _ what: String) { if !holds { problems.append(what) } }
        let keys: Set = [
            "name", "dockerComposeFile", "service", "workspaceFolder", "features", "forwardPorts", "portsAttributes",
            "secrets", "hostRequirements", "customizations", "postCreateCommand", "postStartCommand",
        ]
        for member in members { check(keys.contains(member.key), "\(member.key) is not known") }
        for key in ["dockerComposeFile", "service", "workspaceFolder"] {
            check(json[key]?.string?.isEmpty == false, "\(key) is required")
        }
        for key in ["name", "postCreateCommand", "postStartCommand"] { check(json[key]?.string != nil, key) }
        for member in Self.members(json["features"]) { check(Self.isObject(member.value), member.key) }
        for port in json["forwardPorts"]?.array ?? [] {
            check(port.integer.map { (0...65535).contains($0) } ?? false, "forwardPorts")
        }
        for member in Self.members(json["portsAttributes"]) {
            check(Self.members(member.value).allSatisfy { $0.key == "label" && $0.value.string != nil }, member.key)
        }
        for member in Self.members(json["secrets"]) {
            check(member.key.wholeMatch(of: #/[a-zA-Z_][a-zA-Z0-9_]*/#) != nil, member.key)
            check(
                Self.members(member.value).allSatisfy { $0.key == "description" && $0.value.string != nil }, member.key)
        }
        for member in Self.members(json["hostRequirements"]) {
            switch member.key {
            case "cpus": check((member.value.integer ?? 0) >= 1, "cpus")
            case "memory", "storage":
                check(member.value.string?.wholeMatch(of: #/\d+([tgmk]b)?/#) != nil, member.key)
            default: check(false, member.key)
            }
        }
        check(json["customizations"].map(Self.isObject) ?? true, "customizations")
        return problems
    }

    private static func members(_ json: JSON?) -> [JSON.Member] {
        if case .object(let members) = json { return members }
        return []
    }

    private static func isObject(_ json: JSON) -> Bool {
        if case .object = json { return true }
        return false
    }
}
