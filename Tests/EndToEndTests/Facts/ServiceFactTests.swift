import Base
import Foundation
import HostInterfaces
import Testing

/// What devinit remembers of services: their data, their ports, their processes.
@Suite struct ServiceFactTests {
    static let manifest = """
        version: 1
        workspace: WORKSPACE
        services:
          redis: { use: redis, with: { image: "devinit-lab/redis:7" }, port: auto }
        steps:
          migrate: { run: "echo x >>migrated", inputs: [schema], per: redis }
          seed: { run: "echo x >>seeded", once: { per: redis }, needs: [migrate] }
        """

    /// How often the data was migrated and seeded.
    private func counts(_ workspace: Workspace) -> [Int] {
        ["migrated", "seeded"].map { workspace.text($0)?.split(separator: "\n").count ?? 0 }
    }

    @Test(.needs(.engine)) func `data that another hand made anew is migrated and seeded, data that came back is not`()
        async throws
    {
        try await ServiceTests.withWorkspace(.plugin, Self.manifest, files: ["schema": "1"]) { workspace in
            try await workspace.up().expect(status: 0)
            try await workspace.up().expect(stderr: "up to date (…", status: 0)
            #expect(counts(workspace) == [1, 1])
            let remove = """
                name=$(sed -n 's/^workspace: //p' init.yaml)
                docker rm -f $(docker ps -aq --filter label=com.docker.compose.project=$name) >/dev/null
                labels=$(docker volume inspect ${name}_redis-data \
                    --format '{{range $k, $v := .Labels}}--label {{$k}}={{$v}} {{end}}')
                docker volume rm ${name}_redis-data >/dev/null
                """
            try await workspace.shell(remove + "\nprintf %s \"$labels\" >../first")
            try await workspace.up().expect(status: 0)
            #expect(counts(workspace) == [2, 2], "new data")

            // The first data again, as a backup brings it back.
            try await workspace.shell(remove + "\ndocker volume create $(cat ../first) ${name}_redis-data >/dev/null")
            try await workspace.up().expect(status: 0)
            #expect(counts(workspace) == [2, 2], "known data")

            // Made by hand: whether it is new can't be told, so nothing is done to it.
            for _ in 0..<2 {
                try await workspace.shell(remove + "\ndocker volume create ${name}_redis-data >/dev/null")
                try await workspace.up().expect(
                    stderr: "…_redis-data' was not made by devinit…docker volume rm …", status: 1)
                #expect(counts(workspace) == [2, 2])
            }
            try await workspace.shell(remove)
            try await workspace.up().expect(status: 0)
            #expect(counts(workspace) == [3, 3])
        }
    }

    @Test(.needs(.engine)) func `git clean beside running services changes nothing of their data`() async throws {
        try await ServiceTests.withWorkspace(.plugin, Self.manifest, files: ["schema": "1", ".gitignore": "*ed\n"]) {
            workspace in
            try await workspace.shell("git init -q .; git add .")
            try await workspace.up().expect(status: 0)
            try await workspace.shell("git clean -fdxq -e migrated -e seeded; test ! -e .devinit")
            try await workspace.up().expect(status: 0)
            try await workspace.devinit("down").expect(status: 0)
            try await workspace.up().expect(status: 0)
            #expect(counts(workspace) == [1, 1])
        }
    }

    @Test(.needs(.engine)) func `what reached a running container from outside its definition is compared`()
        async throws
    {
        let manifest = """
            version: 1
            workspace: WORKSPACE
            secrets: { token: { env: TOKEN } }
            services:
              a:
                compose:
                  image: devinit-lab/base:12
                  command: [sleep, infinity]
                  init: true
                  env_file: a.env
                  environment: { TOKEN: "${secrets.token}" }
                inputs: [conf]
            """
        let files = ["a.env": "X=1", "conf": "1"]
        try await ServiceTests.withWorkspace(.plugin, manifest, files: files) { workspace in
            let token = ["TOKEN": "first-token"]
            try await FileFactTests.rest()
            try await workspace.up(environment: token).expect(status: 0)
            try await workspace.up(environment: token).expect(stderr: "up to date (…", status: 0)
            func reason(_ token: String) async throws -> String? {
                try await workspace.devinit("plan", "--json", environment: ["TOKEN": token]).expect(status: 0)
                    .members("nodes", "reason")["service:a"]
            }
            let changed = "an env file, an input or a secret of it changed"
            #expect(try await reason("other-token") == changed)
            for (file, new) in [("a.env", "X=2"), ("conf", "2")] {
                try await workspace.shell("cp -p \(file) ../kept; printf '\(new)' >\(file); touch -r ../kept \(file)")
                #expect(try await reason("first-token") == changed, "\(file)")
                try await workspace.shell("cp -p ../kept \(file)")
                #expect(try await reason("first-token")?.hasPrefix("running") == true, "\(file) is as it was")
            }
        }
    }

    @Test func `a port that was chosen earlier and is taken by now is chosen anew, and what reads it follows`()
        async throws
    {
        let workspace = try Workspace(
            """
            version: 1
            services:
              web:
                native: { run: "echo $PORT >port; exec python3 -m http.server --bind 127.0.0.1 $PORT" }
                port: auto
                health: { http: / }
            env_files:
              .env: { set: { WEB: "http://127.0.0.1:${services.web.port}" } }
            """)
        try await workspace.up().expect(status: 0)
        let port = try #require(workspace.text("port").flatMap { Int($0) })
        try await workspace.devinit("down").expect(status: 0)
        #expect(try await workspace.eventually { workspace.host.network.isFree(port: port, address: "127.0.0.1") })
        let stranger = try workspace.host.processes.startDetached(
            ProcessRequest(
                ["python3", "-m", "http.server", "--bind", "127.0.0.1", "\(port)"], environment: workspace.environment,
                folder: workspace.folder), log: workspace.folder / "log")
        #expect(try await workspace.eventually { !workspace.host.network.isFree(port: port, address: "127.0.0.1") })
        let ended = try await workspace.up()
        await workspace.host.processes.end(stranger, grace: .seconds(1))
        ended.expect(
            stderr:
                "note: port \(port), chosen earlier for 'web', is taken by python3 (process \(stranger.id)); it has …",
            status: 0)
        let other = try #require(workspace.text("port").flatMap { Int($0) })
        #expect(other != port)
        #expect(workspace.text(".env") == "WEB=http://127.0.0.1:\(other)")
        #expect(try await workspace.eventually { workspace.host.network.isFree(port: port, address: "127.0.0.1") })
        try await workspace.up().expect(stderr: "up to date…", status: 0)
        try await workspace.devinit("down").expect(status: 0)
        try await workspace.up().expect(status: 0)
        #expect(workspace.text("port") == "\(other)", "it is kept from now on")
        try await workspace.devinit("down").expect(stderr: "stopped: web", status: 0)
    }
}
