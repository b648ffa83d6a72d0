import Base
import Testing
import YAML

@testable import Kinds

/// The file of one instance, out of what `config` prints.
@Suite struct InstanceRewritingTests {
    private static let configuration = """
        name: shop-two
        services:
          db:
            image: pg
            container_name: shop-db
            networks: { front: { ipv4_address: 172.30.9.5 } }
            ports:
            - { mode: ingress, host_ip: 127.0.0.1, target: 5432, published: "5432", protocol: tcp }
            - "[::1]:5432:5432/tcp"
            - { target: 53, published: 5353, protocol: udp }
            - { target: 80, published: 8000-8010 }
            command: [echo, $$HOME]
          web: { build: { context: /src }, image: "acme/web:dev" }
          worker: { image: "acme/web:dev", network_mode: "container:shop-db" }
        networks:
          default: { name: shop-two_default }
          front: { name: front, ipam: { config: [{ subnet: 172.30.9.0/24 }] } }
          other: { name: other, external: true }
        volumes:
          data: { name: shop-data }
          plain: { name: shop-two_plain }
        """

    private func rewritten() throws -> YAMLNode {
        let tree = try #require(YAMLReader.examine(Array(Self.configuration.utf8), file: "x", tags: .compose).root)
        let rewriting = InstanceRewriting(
            instance: AdoptedInstance(name: "two", file: "/w/adopted.yaml"), project: "shop-two",
            ports: [
                "db": [
                    InstanceRewriting.Port(target: "5432", transport: "tcp"): 40001,
                    InstanceRewriting.Port(target: "53", transport: "udp"): 40002,
                ]
            ])
        return rewriting.file(from: tree)
    }

    @Test func `the order in which a process holds its ports does not ask Compose anew`() {
        func words(capacity: Int) -> String {
            var ports: [String: [InstanceRewriting.Port: Int]] = [:]
            ports.reserveCapacity(capacity)
            for number in 0..<8 {
                let name = "service\(number % 4)"
                if ports[name] == nil { ports[name] = Dictionary(minimumCapacity: capacity) }
                ports[name]?[InstanceRewriting.Port(target: "\(number)", transport: "tcp")] = 40000 + number
            }
            return InstanceRewriting.words(of: ports)
        }
        #expect(words(capacity: 4).hasPrefix("service0: 0/tcp=40000 4/tcp=40004; service1: "))
        #expect(Set([4, 64, 512, 4096].map(words)).count == 1)
    }

    @Test func `each published port has the instance's number at every address, ranges stay the engine's choice`()
        throws
    {
        let ports = try rewritten()["services"]?["db"]?["ports"]?.items ?? []
        #expect(
            ports.prefix(3).map(\.text) == [
                "127.0.0.1:40001:5432/tcp", "[::1]:40001:5432/tcp", "40002:53/udp",
            ])
        #expect(ports.last?["published"]?.text == "8000-8010")
    }

    @Test func `a name that would be the same in each instance is the instance's own, and others still find it`() throws
    {
        let tree = try rewritten()
        let db = tree["services"]?["db"]
        #expect(db?["container_name"] == nil)
        #expect(db?["networks"]?["front"]?["aliases"]?.items?.map(\.text) == ["shop-db"])
        #expect(tree["services"]?["worker"]?["network_mode"]?.text == "service:db")
        #expect(tree["volumes"]?["data"]?["name"]?.text == "shop-data-two")
        #expect(tree["volumes"]?["plain"]?["name"]?.text == "shop-two_plain")
        #expect(tree["networks"]?["front"]?["name"]?.text == "front-two")
        #expect(tree["networks"]?["other"]?["name"]?.text == "other")
        #expect(db?["command"]?.items?.map(\.text) == ["echo", "$$HOME"])
    }

    @Test func `two networks do not get one range of addresses`() throws {
        let tree = try rewritten()
        #expect(tree["networks"]?["front"]?["ipam"] == nil)
        #expect(tree["services"]?["db"]?["networks"]?["front"]?["ipv4_address"] == nil)
    }

    @Test func `an image that one branch builds does not take the other's name`() throws {
        let services = try rewritten()["services"]
        #expect(services?["web"]?["image"]?.text == "acme/web:dev-two")
        #expect(services?["worker"]?["image"]?.text == "acme/web:dev-two")
        #expect(services?["db"]?["image"]?.text == "pg")
        let instance = AdoptedInstance(name: "two", file: "/x")
        #expect(instance.image(for: "reg:5000/web") == "reg:5000/web:two")
    }
}

/// What Compose says beside what devinit read.
@Suite struct ConfigurationComparisonTests {
    private func differences(_ theirs: String) throws -> [String] {
        let cases = try ComposeCases(
            [
                "c.yml": """
                services:
                  db:
                    image: "pg:15"
                    ports: ["127.0.0.1:5432:5432", "9000-9001:9000-9001"]
                    healthcheck: { test: "pg_isready -U $$USER" }
                """
            ], files: ["c.yml"])
        let tree = try #require(YAMLReader.examine(Array(theirs.utf8), file: "x", tags: .compose).root)
        return ConfigurationComparison(own: cases.read(), theirs: tree).differences(of: ["db"])
    }

    @Test func `both generations' ways to say the same are no difference`() throws {
        #expect(
            try differences(
                """
                services:
                  db:
                    image: pg:15
                    ports:
                    - { mode: ingress, host_ip: 127.0.0.1, target: 5432, published: "5432", protocol: tcp }
                    - { target: 9000, published: "9000" }
                    - { target: 9001, published: 9001 }
                    healthcheck: { test: [CMD-SHELL, pg_isready -U $$USER], interval: 1s }
                """) == [])
    }

    @Test func `a service, port, image or check that Compose reads otherwise is told`() throws {
        let found = try differences(
            "services: { db: { image: \"pg:16\", ports: [\"5433:5432\"], healthcheck: { test: [CMD, true] } } }")
        #expect(
            found == [
                "Compose reads the ports of 'db' as 5433:5432/tcp, devinit as 127.0.0.1:5432:5432/tcp, "
                    + "9000:9000/tcp, 9001:9001/tcp",
                "Compose reads the image of 'db' as pg:16, devinit as pg:15",
                "Compose reads the health check of 'db' as CMD true, devinit as CMD-SHELL pg_isready -U $USER",
            ])
        #expect(try differences("services: {}") == ["Compose has no service 'db' in these files, devinit has"])
    }
}
