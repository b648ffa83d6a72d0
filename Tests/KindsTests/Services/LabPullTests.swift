import Base
import Execution
import Foundation
import HostInterfaces
import Testing

@testable import Kinds

/// Images that are fetched from a real registry by the real engine.
@Suite(.enabled(if: ServiceLab.isThere, ServiceLab.hint), .serialized)
struct LabPullTests {
    private static func service(_ name: String, _ image: String, more: String = "") -> String {
        "\(name): { compose: { image: \"\(image)\", init: true, stop_grace_period: 1s\(more) } }"
    }

    @Test func `an image that is missing is fetched with its bytes shown, and nobody waits for another's`()
        async throws
    {
        let registry = try LabRegistry()
        let image = registry.image("slow/tiny")
        let fixture = try ServiceFixture(Self.service("bad", image) + "\n" + LabFailureTests.idle("good"))
        let summary = try await fixture.up()
        #expect(summary.status == .done, "\(summary.words)")
        let ends = Dictionary(fixture.events.finished.map { ($0.id, $0.at) }, uniquingKeysWith: { $1 })
        let pull = fixture.events.progress(of: "service:bad").filter { $0.words == "pulling \(image)" }
        let bytes = pull.compactMap(\.bytes)
        #expect(bytes.count > 5 && bytes == bytes.sorted() && (bytes.last ?? 0) > 8_000_000, "\(bytes)")
        #expect(pull.last.flatMap(\.total).map { $0 > 9_000_000 } == true)
        // Each second, as slowly as the registry gives them: three layers at once, the largest four megabytes.
        let good = try #require(ends["service:good"])
        let bad = try #require(ends["service:bad"])
        #expect(good < bad, "the service whose image is there waited for the other's")
    }

    @Test func `an image is fetched before its service's turn comes`() async throws {
        let registry = try LabRegistry()
        let image = registry.image("x/tiny")
        let fixture = try ServiceFixture(Self.service("a", image))
        let run = try await fixture.open()
        await run.fetchImages(of: [NodeID("service", "a")])
        var isThere = false
        for _ in 0..<200 where !isThere {
            try await Task.sleep(for: .milliseconds(50))
            isThere = ServiceLab.output(["docker", "image", "inspect", image], ServiceLab.environment ?? [:]) != nil
        }
        #expect(isThere)
        #expect(fixture.container("a").isEmpty)
    }

    @Test func `a registry that wants a login is named, and the login that docker keeps is used`() async throws {
        let registry = try LabRegistry()
        let image = registry.privateImage("x/tiny")
        let without = try ServiceFixture(Self.service("bad", image))
        let failure = try #require(try await without.up()["service:bad"]?.failure)
        #expect(failure.message == "the registry wants a login for the image of 'bad', \(image)", "\(failure)")
        #expect(
            failure.remedy == "log in with 'docker login 127.0.0.1:\(registry.privatePort)', then run devinit up again")

        let login = Base64.encode(Array("lab:secret".utf8), Base64.standard, padded: true)
        let configuration = try DockerConfiguration(
            #"{"auths": {"127.0.0.1:\#(registry.privatePort)": {"auth": "\#(String(decoding: login, as: UTF8.self))"}}}"#
        )
        let with = try ServiceFixture(
            Self.service("good", image), environment: ["DOCKER_CONFIG": configuration.folder])
        let summary = try await with.up()
        #expect(summary.status == .done, "\(summary.words)")
        #expect(!with.events.progress(of: "service:good").isEmpty)
    }

    @Test func `a login that a program keeps is asked for there, by the registry's name`() async throws {
        let registry = try LabRegistry()
        let image = registry.privateImage("y/tiny")
        let configuration = try DockerConfiguration(
            #"{"credHelpers": {"127.0.0.1:\#(registry.privatePort)": "lab"}}"#)
        try configuration.write(
            "bin/docker-credential-lab",
            """
            #!/bin/sh
            read -r registry || true
            test "$1 $registry" = "get 127.0.0.1:\(registry.privatePort)" || exit 1
            echo '{"Username": "lab", "Secret": "secret"}'
            """)
        let path = "\(configuration.folder)/bin:\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
        let fixture = try ServiceFixture(
            Self.service("good", image), environment: ["DOCKER_CONFIG": configuration.folder, "PATH": path])
        let summary = try await fixture.up()
        #expect(summary.status == .done, "\(summary.words)")
    }

    @Test func `an image that no registry has, and one for other processors, are told apart`() async throws {
        let registry = try LabRegistry()
        let (missing, elsewhere) = (registry.image("x/nothing"), registry.image("x/elsewhere"))
        let fixture = try ServiceFixture(
            Self.service("missing", missing) + "\n" + Self.service("elsewhere", elsewhere))
        let summary = try await fixture.up()
        let first = try #require(summary["service:missing"]?.failure)
        #expect(
            first.message.hasPrefix("the image of 'missing', \(missing), is not there, or needs a login"), "\(first)")
        #expect(first.remedy?.hasPrefix("check its name and version") == true)
        let second = try #require(summary["service:elsewhere"]?.failure)
        let machine = fixture.workspace.host.machine.architecture
        #expect(
            second.message == "the image of 'elsewhere', \(elsewhere), is not made for this machine's \(machine)",
            "\(second)")
    }

    @Test func `a program for another processor is named as such and not as a failed start`() async throws {
        let registry = try LabRegistry()
        let fixture = try ServiceFixture("bad: { compose: { image: \"\(registry.image("x/alien"))\" } }")
        let failure = try #require(try await fixture.up()["service:bad"]?.failure)
        #expect(failure.message.contains("is not made for this machine's"), "\(failure)")
        #expect(failure.remedy?.contains("platform") == true)
    }

    @Test(arguments: ["", ", pull_policy: never", ", pull_policy: always"])
    func `offline nothing is fetched, and what is missing is said plainly`(policy: String) async throws {
        let registry = try LabRegistry()
        let image = registry.image("x/tiny")
        let fixture = try ServiceFixture(Self.service("bad", image, more: policy))
        let failure = try #require(try await fixture.up(offline: true)["service:bad"]?.failure)
        #expect(
            failure.message
                == "the image of 'bad', \(image), is not on this machine, and --offline forbids to fetch it")
        #expect(failure.remedy?.contains("docker pull \(image)") == true)
        // What is there starts, whatever it would ask the registry for.
        ServiceLab.docker("pull", image)
        registry.stop()
        let summary = try await fixture.up(offline: true)
        #expect(summary.status == .done, "\(summary.words)")
    }

    @Test func `an image that must not be fetched is not`() async throws {
        let registry = try LabRegistry()
        let image = registry.image("x/tiny")
        let fixture = try ServiceFixture(Self.service("bad", image, more: ", pull_policy: never"))
        let failure = try #require(try await fixture.up()["service:bad"]?.failure)
        #expect(failure.message.hasSuffix("is not on this machine, and its 'pull_policy' is never"), "\(failure)")
    }
}
