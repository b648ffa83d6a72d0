import Base
import Execution
import HostFakes
import HostInterfaces
import Testing

@testable import Kinds

/// Names of images, logins of registries and the bytes of layers, without an engine.
struct ImagePullTests {
    @Test(
        arguments: [
            ("postgres", "docker.io", "postgres", "latest", nil), ("acme/api:v2", "docker.io", "acme/api", "v2", nil),
            ("localhost/api", "localhost", "localhost/api", "latest", nil),
            ("127.0.0.1:5000/x/api:1", "127.0.0.1:5000", "127.0.0.1:5000/x/api", "1", nil),
            ("127.0.0.1:5000/api", "127.0.0.1:5000", "127.0.0.1:5000/api", "latest", nil),
            ("ghcr.io/acme/api@sha256:0a", "ghcr.io", "ghcr.io/acme/api", nil, "sha256:0a"),
            ("redis:7@sha256:0a", "docker.io", "redis", "7", "sha256:0a"),
        ] as [(String, String, String, String?, String?)])
    func `a port is no tag, and a name without a tag never means all tags`(
        text: String, registry: String, repository: String, tag: String?, digest: String?
    ) throws {
        let reference = try #require(ImageReference(text))
        #expect(reference.registry == registry)
        #expect(reference.repository == repository)
        #expect(reference.tag == tag)
        #expect(reference.digest == digest)
    }

    @Test func `an image's id is nothing that could be fetched`() {
        #expect(ImageReference("sha256:0a0b") == nil)
        #expect(ImageReference("") == nil)
    }

    @Test func `bytes of layers never go back, and unpacking is not shown as fetching`() {
        var progress = PullProgress()
        func add(_ status: String, _ id: String, _ done: Int? = nil, of total: Int? = nil) -> NodeProgress {
            let detail: JSON =
                done.map { ["current": .integer($0), "total": .integer(total ?? 0)] } ?? .object([])
            let line: JSON = ["status": .string(status), "id": .string(id), "progressDetail": detail]
            _ = progress.add(line.text())
            return progress.shown(of: "db:1")
        }
        #expect(add("Pulling from db", "1") == NodeProgress("pulling db:1"))
        _ = add("Pulling fs layer", "a")
        _ = add("Pulling fs layer", "b")
        #expect(
            add("Downloading", "a", 50, of: 100) == NodeProgress("pulling db:1", done: 50, total: 100, bytes: 50))
        #expect(
            add("Downloading", "b", 10, of: 300) == NodeProgress("pulling db:1", done: 60, total: 400, bytes: 60))
        #expect(add("Download complete", "a").bytes == 110)
        #expect(add("Extracting", "a", 40, of: 100).words == "pulling db:1", "the other is still fetched")
        #expect(
            add("Download complete", "b") == NodeProgress("unpacking db:1", done: 40, total: 400, bytes: 400))
        #expect(add("Pull complete", "a").done == 100)
        #expect(add("Pull complete", "b").done == 400)
    }

    @Test func `a failure in the middle of the stream is one`() {
        var progress = PullProgress()
        _ = progress.add(#"{"errorDetail":{"message":"no space left on device"},"error":"no space"}"#)
        #expect(progress.error == "no space left on device")
        let isShown = progress.add("nothing that is JSON")
        #expect(!isShown)
    }

    private func header(_ json: JSON) -> RegistryLogins.Login {
        .header(String(decoding: Base64.encode(json.bytes(), Base64.forURLs, padded: true), as: UTF8.self))
    }

    @Test func `a login is read from the file by the registry's name, Docker Hub's under its own`() async throws {
        let coded = String(decoding: Base64.encode(Array("me:a:b".utf8), Base64.standard, padded: true), as: UTF8.self)
        let configuration: JSON = [
            "auths": [
                "https://index.docker.io/v1/": ["auth": .string(coded)],
                "ghcr.io": ["identitytoken": "token"], "broken.example": ["auth": "Og=!"],
            ]
        ]
        let logins = RegistryLogins(host: .fake(), configuration: configuration)
        #expect(
            await logins.login(for: "docker.io")
                == header(["username": "me", "password": "a:b", "serveraddress": "https://index.docker.io/v1/"]))
        #expect(await logins.login(for: "ghcr.io") == header(["identitytoken": "token", "serveraddress": "ghcr.io"]))
        #expect(await logins.login(for: "quay.io") == .none)
    }

    @Test func `a program that keeps logins and can't be asked leaves the image to Compose`() async throws {
        let processes = FakeProcesses()
        let logins = RegistryLogins(
            host: .fake(processes: processes), configuration: ["credsStore": "desktop", "auths": .object([])])
        #expect(await logins.login(for: "quay.io") == .unreadable)
        processes.install("docker-credential-desktop")
        processes.on(
            ["docker-credential-desktop", "get"], output: "credentials not found in native keychain\n", status: 1)
        #expect(await logins.login(for: "quay.io") == .none)
        processes.on(
            ["docker-credential-desktop", "get"], output: #"{"Username": "<token>", "Secret": "t"}"#)
        #expect(await logins.login(for: "quay.io") == header(["identitytoken": "t", "serveraddress": "quay.io"]))
    }

    @Test func `letters of either alphabet are read back, with and without padding`() {
        for length in 0..<7 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 41 + 250) }
            for (alphabet, padded) in [(Base64.standard, true), (Base64.forURLs, false)] {
                let text = String(decoding: Base64.encode(bytes, alphabet, padded: padded), as: UTF8.self)
                #expect(Base64.decode(text) == bytes)
            }
        }
        #expect(Base64.decode("a b") == nil)
    }
}
