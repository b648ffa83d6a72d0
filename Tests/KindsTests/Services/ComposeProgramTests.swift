import Base
import HostFakes
import HostInterfaces
import Testing
import YAML

@testable import Kinds

/// Which program starts containers, and what it is given to read.
struct ComposeProgramTests {
    private func program(
        _ programs: [String], podman: Bool, plugin: Path? = nil, environment: [String: String] = [:]
    ) -> String? {
        let (processes, tree) = (FakeProcesses(), FakeFiles())
        for program in programs { processes.install(program) }
        if let plugin { tree.add(plugin, "") }
        let host = Host.fake(
            files: tree, processes: processes,
            environment: ["PATH": "/usr/bin:/bin", "HOME": "/home/dev"].merging(environment) { $1 })
        let found = EngineSearch(host: host, choice: "auto").compose(forPodman: podman)
        return found.map { "\($0.generation) \($0.words.map { Path($0).name }.joined(separator: " "))" }
    }

    @Test func `each engine gets the best program that is here, and podman-compose only where there is no other`() {
        let plugin: Path = "/usr/libexec/docker/cli-plugins/docker-compose"
        #expect(program(["docker", "docker-compose"], podman: false, plugin: plugin) == "plugin docker compose")
        #expect(program(["docker", "docker-compose"], podman: false) == "standalone docker-compose")
        #expect(program(["docker", "podman", "podman-compose"], podman: false) == nil)
        // A `docker` beside Podman may be Podman's own, which knows no plugins.
        #expect(
            program(["docker", "podman", "podman-compose"], podman: true, plugin: plugin) == "plugin docker-compose")
        #expect(program(["podman", "docker-compose", "podman-compose"], podman: true) == "standalone docker-compose")
        #expect(program(["podman", "podman-compose"], podman: true) == "podman podman-compose")
        #expect(program(["podman"], podman: true) == nil)
        let stated = ["PODMAN_COMPOSE_PROVIDER": "podman-compose"]
        #expect(
            program(["podman", "docker-compose", "podman-compose"], podman: true, plugin: plugin, environment: stated)
                == "podman podman-compose")
    }

    private func adapted(_ form: ComposeForm, _ text: String) throws -> YAMLNode {
        let node = try #require(YAMLReader.examine(Array(text.utf8), file: "test").root)
        return form.adapt(node, variables: ["DEVINIT_SECRET_1"])
    }

    @Test func `a check whose words hold spaces is not split at them by Podman, and others stay as they are`() throws {
        let text = #"healthcheck: { test: [CMD, sh, -c, "it's; exit 1"] }"#
        #expect(try adapted(.docker, text)["healthcheck"]?["test"]?.items?.compactMap(\.text).first == "CMD")
        for form in [ComposeForm.podman, .podmanCompose] {
            let test = try adapted(form, text)["healthcheck"]?["test"]?.items?.compactMap(\.text)
            #expect(test == ["CMD-SHELL", #"sh -c 'it'\''s; exit 1'"#])
            let plain = try adapted(form, "healthcheck: { test: [CMD, redis-cli, ping] }")
            #expect(plain["healthcheck"]?["test"]?.items?.compactMap(\.text) == ["CMD", "redis-cli", "ping"])
        }
    }

    @Test func `podman-compose gets no variable with an empty default, which it would take for a text`() throws {
        let text = "environment: { WORD: \"${DEVINIT_SECRET_1-}\", OTHER: \"$${DEVINIT_SECRET_1-}\" }"
        #expect(try adapted(.podmanCompose, text)["environment"]?["WORD"]?.text == "${DEVINIT_SECRET_1}")
        #expect(try adapted(.podmanCompose, text)["environment"]?["OTHER"]?.text == "$${DEVINIT_SECRET_1-}")
        #expect(try adapted(.podman, text)["environment"]?["WORD"]?.text == "${DEVINIT_SECRET_1-}")
    }
}
