import Base
import Execution
import HostFakes
import HostInterfaces
import Testing

@testable import Kinds

/// What is offered to be started where no engine answers.
struct EngineStartTests {
    private func start(
        _ programs: [String], os: String = "linux", user: Int = 1000, choice: String = "auto",
        context: String? = nil, files: [Path] = [], environment: [String: String] = [:]
    ) -> String? {
        let (processes, tree) = (FakeProcesses(), FakeFiles())
        for program in programs { processes.install(program) }
        for file in files { tree.add(file, "") }
        if let context { tree.add("/home/dev/.docker/config.json", "{\"currentContext\": \"\(context)\"}") }
        var machine = Machine.fake
        (machine.operatingSystem, machine.user) = (os, user)
        let host = Host.fake(
            files: tree, processes: processes,
            environment: ["PATH": "/usr/bin:/bin", "HOME": "/home/dev"].merging(environment) { $1 }, machine: machine)
        return EngineSearch(host: host, choice: choice).start()?.words
    }

    @Test func `the engine that is here is started, in the way that this machine has`() {
        #expect(start(["docker", "systemctl"]) == "sudo systemctl start docker")
        #expect(start(["docker", "systemctl"], user: 0) == "systemctl start docker")
        #expect(start(["dockerd", "service"], user: 0) == "service docker start")
        let unit: Path = "/home/dev/.config/systemd/user/docker.service"
        #expect(start(["docker", "systemctl"], files: [unit]) == "systemctl --user start docker")
        #expect(start(["podman", "systemctl"]) == "systemctl --user start podman.socket")
        #expect(start(["docker", "podman"], choice: "podman") == "systemctl --user start podman.socket")
        #expect(start([]) == nil)
    }

    @Test func `on a Mac the virtual machine's own command is used, that of the chosen context first`() {
        let app: Path = "/Applications/Docker.app"
        #expect(start(["docker"], os: "macos", files: [app]) == "open -a Docker")
        #expect(start(["docker", "colima"], os: "macos") == "colima start")
        #expect(start(["docker", "orb"], os: "macos") == "orb start")
        #expect(start(["docker", "colima"], os: "macos", context: "colima-work", files: [app]) == "colima start work")
        #expect(start(["docker"], os: "macos", context: "orbstack", files: [app]) == "orb start")
        #expect(start(["docker"], os: "macos", choice: "rancher-desktop", files: [app]) == "rdctl start")
        #expect(start(["podman"], os: "macos", choice: "podman") == "podman machine start")
    }

    @Test func `an engine that a person pointed to elsewhere is not ours to start`() {
        #expect(start(["docker"], environment: ["DOCKER_HOST": "tcp://build.acme.test:2375"]) == nil)
        #expect(start(["docker"], context: "build-server") == nil)
        #expect(
            start(["docker", "systemctl"], environment: ["DOCKER_HOST": "unix:///var/run/docker.sock"])
                == "sudo systemctl start docker")
    }

    @Test func `every engine that does not run is offered, each once`() async throws {
        let fixture = try WorkspaceFixture(
            """
            version: 1
            workspace: shop
            services:
              a: { use: redis, port: 1 }
              b: { use: redis, port: 2, engine: podman }
              c: { use: redis, port: 3, engine: podman }
            """, environment: ["DOCKER_HOST": "unix:///var/run/docker.sock"]
        ) { host in
            host.network = FakeNetwork()
            (host.machine.operatingSystem, host.machine.user) = ("linux", 0)
            host.environment["PATH"] = (host.machine.home / "bin").text
        }
        let folder = fixture.host.machine.home / "bin"
        try fixture.host.files.makeFolder(folder, mode: 0o755)
        for program in ["docker", "podman", "systemctl"] {
            try fixture.host.files.replace(folder / program, with: [], mode: 0o755)
        }
        let run = try fixture.runWorkspace(RunSettings(jobs: 2), writing: false)
        let starts = await run.enginesToStart(for: ["a", "b", "c"].map { NodeID("service", $0) })
        #expect(starts.map(\.words) == ["systemctl start docker", "systemctl --user start podman.socket"])
    }
}
