import Base
import Foundation
import HostInterfaces
import Testing

/// Templates of services that can't be had here: a server plays their recorded answers, each template's own check asks
/// it. `Tests/Fixtures/Services/recorded.json` has the answers, and where they are from.
@Suite(.needs(.engine)) struct RecordedTemplateTests {
    /// Services that are asked by programs of their own: these say what the documentation says
    /// (`Tests/Fixtures/Services/programs`).
    private static let asked = """
          redpanda:
            use: redpanda
            with: { image: "devinit-lab/busybox:1", topics: [a, b] }
            ports: { kafka: auto, registry: auto, admin: auto }
            compose:
              entrypoint: [sleep, "600"]
              command: []
              init: true
              healthcheck: { interval: 1s }
              volumes: ["./rpk:/usr/local/bin/rpk:ro"]
          kafka:
            use: kafka
            with: { image: "devinit-lab/busybox:1", topics: [a, b] }
            port: auto
            compose:
              entrypoint: [sleep, "600"]
              init: true
              healthcheck: { interval: 1s }
              volumes: ["./kafka-topics.sh:/opt/kafka/bin/kafka-topics.sh:ro"]
          minio:
            use: minio
            with: { image: "devinit-lab/busybox:1", buckets: [a, b], password: 'a key\\' }
            ports: { s3: auto, console: auto }
            compose:
              entrypoint: [sleep, "600"]
              command: []
              init: true
              healthcheck: { interval: 1s }
              volumes: ["./mc:/usr/local/bin/mc:ro"]

        """

    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: tests.appending(path: path), encoding: .utf8)
    }

    private static func manifest(_ names: [String]) -> String {
        let entries = names.map { name in
            // The first port is the one that its check from outside takes; a check inside asks every second here.
            let check = name == "jaeger" ? "" : "healthcheck: { interval: 1s }, "
            let ports = ["jaeger": "web", "localstack": "edge"][name] ?? "http"
            let others = name == "jaeger" ? ", otlp_grpc: auto, otlp_http: auto, admin: auto" : ""
            return """
                  \(name):
                    use: \(name)
                    with: { image: "devinit-lab/busybox:1" }
                    ports: { \(ports): auto\(others) }
                    compose:
                      entrypoint: [python3, /recorded.py, \(name)]
                      stop_grace_period: 1s
                      \(check.isEmpty ? "" : "healthcheck: { interval: 1s }")
                      volumes: ["./recorded.py:/recorded.py:ro", "./recorded.json:/recorded.json:ro"]
                """
        }
        return "version: 1\nworkspace: WORKSPACE\nservices:\n" + entries.joined(separator: "\n") + "\n" + asked
    }

    @Test func `no answer of a service that does not serve yet counts, and each of one that does`() async throws {
        let text = try Self.text("Fixtures/Services/recorded.json")
        let recorded = try #require(try JSON(parsing: text).object)
        let files = ["recorded.json": text, "recorded.py": try Self.text("Lab/recorded.py")]
        let programs = ["redpanda": "rpk", "kafka": "kafka-topics.sh", "minio": "mc"]
        let names = recorded.map(\.key)
        try await ServiceTests.withWorkspace(.plugin, Self.manifest(names), files: files) { workspace in
            for program in programs.values {
                try workspace.write(program, try Self.text("Fixtures/Services/programs/\(program)"), mode: 0o755)
            }
            let first = try await workspace.up("--json").expect(status: 0)
            #expect(Set(try first.members("nodes", "status").values) == ["done"], "\(first)")
            var containers: [String: String] = [:]
            for name in names + programs.keys {
                containers[name] = try await workspace.shell(
                    """
                    docker ps -q --filter label=com.docker.compose.service=\(name) \
                      --filter label=com.docker.compose.project=$(sed -n 's/^workspace: //p' init.yaml)
                    """
                ).trimmingCharacters(in: .whitespacesAndNewlines)
            }
            let cases = try recorded.map { member in
                let serving = try #require(member.value["serving"]?.object).map { ($0.key, "healthy") }
                let not = try #require(member.value["not serving"]?.object).map { ($0.key, "not healthy") }
                return (name: member.key, answers: not + serving)
            }
            try await expectQuestions(of: "jaeger", cases, containers, workspace)
            // What the lists say is there once each, and what is added comes to it.
            func made(_ name: String) async throws -> String {
                try await workspace.shell("docker exec \(containers[name] ?? "") cat /made | tr '\\n' ' '")
            }
            for name in programs.keys { #expect(try await made(name) == "a b ", "\(name)") }
            let grown = try #require(workspace.text("init.yaml")).replacing("[a, b]", with: "[a, b, c.d]")
            try workspace.write("init.yaml", grown)
            try await workspace.up().expect(status: 0)
            for name in programs.keys { #expect(try await made(name) == "a b c.d ", "\(name)") }
            // All services at once, an answer of each in turn.
            for round in 0..<(cases.map(\.answers.count).max() ?? 0) {
                let due = cases.filter { $0.name != "jaeger" && $0.answers.count > round }
                let play = due.map {
                    "docker exec \(containers[$0.name] ?? "") sh -c 'echo \"\($0.answers[round].0)\" >/phase'"
                }
                let words = due.map { "'\($0.name): \($0.answers[round].0)=\(containers[$0.name] ?? "")'" }
                let told = try await workspace.shell(
                    play.joined(separator: "\n") + "\npython3 '\(Self.tests.path)/Lab/health.py' "
                        + words.joined(separator: " "))
                let expected = due.map { "\($0.name): \($0.answers[round].0): \($0.answers[round].1)" }
                #expect(Set(told.split(separator: "\n").map(String.init)) == Set(expected))
            }
        }
    }

    /// One that devinit itself asks, from outside, is asked until the first yes.
    private func expectQuestions(
        of name: String, _ cases: [(name: String, answers: [(String, String)])], _ containers: [String: String],
        _ workspace: Workspace
    ) async throws {
        let told = try await workspace.shell("docker logs \(containers[name] ?? "")").split(separator: "\n")
        let answers = try #require(cases.first { $0.name == name }).answers
        let first = try #require(answers.firstIndex { $0.1 == "healthy" })
        #expect(told.map(String.init) == answers[...first].map { "/api/services: \($0.0)" })
    }
}
