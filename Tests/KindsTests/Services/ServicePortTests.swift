import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets
import State
import Testing
import YAML

@testable import Kinds

/// Which ports services get on this machine.
@Suite struct ServicePortTests {
    private static let manifest = """
        version: 1
        workspace: shop
        services:
          db: { use: postgres, port: 5432 }
          dns: { compose: { image: dns }, ports: { queries: 5353:53/udp, control: 5353:53 } }
          told: { compose: { image: x }, port: "${TOLD}" }
          web: { native: { run: serve }, port: 3000 }
        """

    private func ports(
        _ fixture: WorkspaceFixture, instance: String? = nil, writing: Bool = true
    ) async throws -> [String: Int] {
        let workspace = fixture.read(instance: instance).workspace
        let values = Values(mask: SecretMask())
        let folder = StateFolder(host: fixture.host, workspaceRoot: fixture.root, instance: instance)
        let journal =
            writing
            ? try Journal.open(in: folder, host: fixture.host).journal : .readOnly(in: folder, host: fixture.host)
        try await ServicePorts.decide(workspace, values, host: fixture.host, journal: journal, writing: writing)
        var found: [String: Int] = [:]
        for case let service as any ServiceNode in workspace.nodes(of: "service") {
            for port in service.ports {
                let scope = workspace.scope(values)
                if case .value(let text) = service.value(of: ["ports", port.name], in: values, scope: scope) {
                    found["\(service.name) \(port.name)"] = Int(text)
                }
            }
        }
        return found
    }

    @Test func `an instance has no port of the main one, and keeps its own`() async throws {
        let fixture = try WorkspaceFixture(Self.manifest, environment: ["TOLD": "8080:80"])
        let main = try await ports(fixture)
        #expect(main["db postgres"] == 5432 && main["web main"] == 3000 && main["told main"] == 8080, "\(main)")
        #expect(main["dns queries"] == 5353 && main["dns control"] == 5353)
        let (b, c) = (try await ports(fixture, instance: "b"), try await ports(fixture, instance: "c"))
        #expect(b.count == main.count && c.count == main.count)
        let all = Array(b.values) + Array(c.values)
        #expect(Set(all).count == all.count && Set(all).isDisjoint(with: main.values), "\(b) \(c)")
        #expect(try await ports(fixture, instance: "b") == b)
        #expect(try await ports(fixture, instance: "b", writing: false) == b)
        #expect(try await ports(fixture) == main)
    }

    @Test func `a chosen port of a container without a template leads to the port that is stated`() async throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nworkspace: s\nservices: { a: { compose: { image: a }, port: auto:80 }, d: { compose: { image: d }, port: auto:53/udp } }\n"
        )
        #expect(fixture.problems.isEmpty, "\(fixture.problems)")
        let inside = fixture.read().workspace.containerServices.flatMap(\.ports)
        #expect(inside.map(\.container) == [80, 53] && inside.map(\.host) == [.automatic, .automatic])
        #expect(inside.map(\.transport) == [.tcp, .udp])
        #expect(try await ports(fixture).values.allSatisfy { $0 > 1023 })
        for wrong in ["auto:", "auto:auto", "auto:0", "80:auto"] {
            let other = try WorkspaceFixture(
                "version: 1\nworkspace: s\nservices: { a: { compose: { image: a }, port: \"\(wrong)\" } }\n")
            #expect(
                other.problems.first?.contains("is no port; write 8080, 8080:80, auto, auto:80") == true, "\(wrong)")
        }
    }

    @Test func `a port of datagrams is published as one, and the container's own number stays`() async throws {
        let fixture = try WorkspaceFixture(Self.manifest, environment: ["TOLD": "8080:80"])
        for instance in [nil, "b"] as [String?] {
            let workspace = fixture.read(instance: instance).workspace
            let values = Values(mask: SecretMask())
            let context = try await ServiceContext.make(fixture, workspace, values)
            func published(_ name: String) throws -> [String] {
                let service = try #require(workspace.node("service", name) as? ContainerService)
                let rendering = ComposeRendering(workspace: workspace, values: values, host: context.host)
                return (try rendering.render(service).node["ports"]?.items ?? []).compactMap(\.text)
            }
            let dns = try published("dns")
            #expect(dns[0].hasSuffix(":53/udp") && dns[1].hasSuffix(":53"), "\(dns)")
            #expect(try published("told")[0].hasSuffix(":80"))
            #expect((try published("db")[0] == "127.0.0.1:5432:5432") == (instance == nil))
        }
    }

    @Test func `two services may have one number, one by TCP and one by UDP`() throws {
        let text = """
            version: 1
            services:
              a: { compose: { image: x }, port: 53/udp }
              b: { compose: { image: x }, port: 53 }
              c: { compose: { image: x }, port: 53/udp }
            """
        let problems = try WorkspaceFixture(text).read().diagnostics.map(\.message)
        #expect(problems == ["'a' and 'c' both want port 53 of this machine"])
    }
}
