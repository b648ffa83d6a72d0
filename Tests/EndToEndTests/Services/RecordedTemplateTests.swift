import Base
import Foundation
import HostInterfaces
import Testing

/// Templates of services that can't be had here: a server plays their recorded answers, each template's own check asks
/// it. `Tests/Fixtures/Services/recorded.json` has the answers, and where they are from.
@Suite(.needs(.engine)) struct RecordedTemplateTests {
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
        return "version: 1\nworkspace: WORKSPACE\nservices:\n" + entries.joined(separator: "\n") + "\n"
    }

    @Test func `no answer of a service that does not serve yet counts, and each of one that does`() async throws {
        let text = try Self.text("Fixtures/Services/recorded.json")
        let recorded = try #require(try JSON(parsing: text).object)
        let files = ["recorded.json": text, "recorded.py": try Self.text("Lab/recorded.py")]
        let names = recorded.map(\.key)
        try await ServiceTests.withWorkspace(.plugin, Self.manifest(names), files: files) { workspace in
            let first = try await workspace.up("--json").expect(status: 0)
            #expect(Set(try first.members("nodes", "status").values) == ["done"], "\(first)")
            for member in recorded {
                let (name, service) = (member.key, member.value)
                let container = try await workspace.shell(
                    """
                    docker ps -q --filter label=com.docker.compose.service=\(name) \
                      --filter label=com.docker.compose.project=$(sed -n 's/^workspace: //p' init.yaml)
                    """
                ).trimmingCharacters(in: .whitespacesAndNewlines)
                let not = try #require(service["not serving"]?.object).map(\.key)
                let serving = try #require(service["serving"]?.object).map(\.key)
                if name == "jaeger" {
                    // Asked by devinit itself, until the first yes.
                    let told = try await workspace.shell("docker logs \(container)").split(separator: "\n")
                    #expect(told.map(String.init) == (not + serving.prefix(1)).map { "/api/services: \($0)" })
                    continue
                }
                for answer in not + serving {
                    let told = try await workspace.shell(
                        """
                        docker exec \(container) sh -c 'echo "\(answer)" >/phase'
                        python3 '\(Self.tests.path)/Lab/health.py' check=\(container)
                        """
                    ).trimmingCharacters(in: .whitespacesAndNewlines)
                    let expected = serving.contains(answer) ? "healthy" : "not healthy"
                    #expect(told == "check: \(expected)", "\(name): \(answer)")
                }
            }
        }
    }
}
