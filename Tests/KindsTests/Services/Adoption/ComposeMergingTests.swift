import Base
import ManifestModel
import Testing
import YAML

@testable import Kinds

/// Two services merged by devinit and by Compose itself: `config` must say the same of both.
@Suite(.enabled(if: ServiceLab.isThere, ServiceLab.hint))
struct ComposeMergingTests {
    static let pairs: [(base: String, later: String)] = [
        ("environment: { A: \"1\", B: x }", "environment: [B=2, C=3, D]"),
        ("environment: { labels: x }", "environment: { labels: y }"),
        ("labels: [a=1, b=2]", "labels: { b: \"3\" }"),
        ("build: ./one", "build: { args: [A=1], target: t }"),
        (
            "build: { context: ., args: { A: \"1\" }, labels: [x=1] }",
            "build: { args: [A=2, B=3], labels: { y: \"2\" } }"
        ),
        ("command: [a, b]", "command: c d"),
        ("entrypoint: [a]", "entrypoint: !reset null"),
        ("healthcheck: { test: [CMD, a], interval: 2s }", "healthcheck: { test: b, timeout: 3s }"),
        ("depends_on: [a, b]", "depends_on: { b: { condition: service_healthy } }"),
        ("depends_on: { a: { condition: service_healthy } }", "depends_on: [a, b]"),
        ("networks: [one]", "networks: { two: { aliases: [x] } }"),
        ("networks: { one: { aliases: [x] } }", "networks: { one: { aliases: [y, x] } }"),
        (
            "ports: [\"80:80\", \"127.0.0.1:81:81\"]",
            "ports: [\"80:80\", \"82:82\", { target: 81, published: \"81\", host_ip: 127.0.0.1 }]"
        ),
        ("ports: [\"80:80\"]", "ports: !override [\"81:81\"]"),
        (
            "volumes: [\"one:/data\", \"./a:/a\"]",
            "volumes: [\"two:/data:ro\", { type: bind, source: ./b, target: /b }]"
        ),
        ("volumes: [\"/anonymous\"]", "volumes: [{ type: volume, source: one, target: /anonymous }]"),
        ("devices: [\"/dev/a:/dev/x\"]", "devices: [\"/dev/b:/dev/x\", \"/dev/c:/dev/y\"]"),
        ("dns: 1.1.1.1", "dns: [8.8.8.8, 1.1.1.1]"),
        ("tmpfs: /a", "tmpfs: [/b, /a]"),
        ("env_file: a.env", "env_file: [b.env, a.env]"),
        ("extra_hosts: [\"a:1.1.1.1\"]", "extra_hosts: { b: 2.2.2.2 }"),
        ("ulimits: { nofile: 10, nproc: 5 }", "ulimits: { nofile: { soft: 1, hard: 2 } }"),
        ("sysctls: [a=1]", "sysctls: { b: \"2\" }"),
        ("logging: { driver: json-file, options: { max-size: 1m } }", "logging: { options: { max-file: \"3\" } }"),
        (
            "logging: { driver: json-file, options: { max-size: 1m } }",
            "logging: { driver: syslog, options: { tag: x } }"
        ),
        ("secrets: [one]", "secrets: [{ source: one, target: one }, two]"),
        ("configs: [one]", "configs: [two]"),
        ("deploy: { labels: [a=1], replicas: 2 }", "deploy: { labels: { b: \"2\" }, replicas: 3 }"),
        ("cap_add: [A]", "cap_add: [B, A]"),
        ("expose: [\"1\"]", "expose: [\"2\", \"1\"]"),
        ("profiles: [x]", "profiles: [y]"),
        ("environment: { A: \"1\" }", "environment:"),
        ("ports: [\"80:80\"]\ncommand: x", "ports: !reset []\ncommand: !reset null"),
    ]

    @Test(arguments: pairs.indices)
    func `what devinit merges is what Compose merges`(_ index: Int) throws {
        let (base, later) = Self.pairs[index]
        func file(_ text: String) -> String {
            "services:\n  x:\n    image: i\n" + text.split(separator: "\n").map { "    \($0)\n" }.joined() + Self.rest
        }
        func service(_ text: String) throws -> YAMLNode {
            let root = try YAMLReader.read(Array(file(text).utf8), file: "x", tags: .compose).root
            return try #require(root?["services"]?["x"])
        }
        let merged = try ComposeMerging.merge(service(base), with: service(later))
        let own = YAMLWriter.write(.mapping(["services": .mapping(["x": merged])]))
        let contents = ["a.yml": file(base), "b.yml": file(later), "a.env": "A=1\n", "b.env": "A=2\n"]
        let theirs = try ComposeCases(contents, files: ["a.yml", "b.yml"])
        let real = theirs.configuration(profiles: ["x", "y"])?["services"]?["x"]
        let ours = try ComposeCases(
            contents.merging(["own.yml": own, "rest.yml": "services:\n" + Self.rest]) { $1 },
            files: ["own.yml", "rest.yml"])
        let found = ours.configuration(profiles: ["x", "y"])?["services"]?["x"]
        #expect(real != nil, "\(base) / \(later)")
        // Folders differ, and so do the paths in them.
        #expect(
            found?.text(pretty: true).replacing(ours.folder.text, with: "")
                == real?.text(pretty: true).replacing(theirs.folder.text, with: ""),
            "\(own)")
    }

    /// What the services refer to.
    private static let rest = """
          a: { image: i }
          b: { image: i }
        networks: { one: {}, two: {} }
        volumes: { one: {}, two: {} }
        secrets: { one: { file: a.env }, two: { file: b.env } }
        configs: { one: { file: a.env }, two: { file: b.env } }

        """
}
