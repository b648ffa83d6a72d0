import Base
import HostInterfaces
import Testing

/// What a person does with services that run: enter them, read along, start them anew, open their page.
@Suite(.needs(.engine)) struct ServiceCommandTests {
    private static let manifest = """
        version: 1
        workspace: WORKSPACE
        secrets:
          token: { generate: hex, length: 24 }
        services:
          redis: { use: redis, with: { image: "devinit-lab/redis:7" }, port: auto }
          page:
            compose: { image: "devinit-lab/nginx:1" }
            ports: { web: "18931:80" }
            open: https://docs.acme.test/
          local:
            native: { run: "echo begun; exec sleep 600", env: { GREETING: hello } }
            profiles: [local]
        steps:
          tell:
            in: folder
            run: [printenv, TOKEN]
            env: { TOKEN: "${secrets.token}" }
            manual: true
          beside: { inside: redis, run: [printenv, COLOUR], env: { COLOUR: "${secrets.token}" }, manual: true }
          refill:
            run: echo done >>refilled
            stops: [redis]
            restarts: [redis]
            manual: true
        """

    @Test(arguments: Lab.Compose.allCases)
    func `a command in a container gets its input, its words as they are, and gives its exit status`(
        compose: Lab.Compose
    ) async throws {
        try await ServiceTests.withWorkspace(
            compose, Self.manifest, files: ["folder/x": ""]
        ) { workspace in
            try await workspace.devinit("exec", "redis", "--", "true").expect(
                stderr: "…has no running container…devinit up redis…", status: 78)
            try await workspace.up("redis").expect(status: 0)
            try await workspace.devinit("exec", "redis", "--", "redis-cli", "ping").expect(stdout: "PONG", status: 0)
            try await workspace.devinit(
                "exec", "redis", "--", "sh", "-c", "echo \"$1\" >&2; exit 37", "x", "a  b $HOME"
            )
            .expect(stdout: "", stderr: "…a  b $HOME…", status: 37)
            let piped = try await workspace.run(
                [Programs.devinit.text, "exec", "redis", "--", "redis-cli"],
                input: .bytes(Array("echo from-input\n".utf8)))
            piped.expect(stdout: "from-input", status: 0)

            // The variables of a step are there, and its secret is in no argument.
            let told = try await workspace.devinit(
                "exec", "tell", "--", "sh", "-c", "pwd; printenv TOKEN | wc -c; tr '\\0' ' ' </proc/$PPID/cmdline")
            #expect(told.status == 77, "nobody approved the step's variables")
            let secret = try await workspace.up("redis").expect(status: 0)
            #expect(secret.status == 0)
            try await workspace.terminal("trust", typing: "y\n").expect(status: 0)
            try await workspace.devinit("run", "beside").expect(status: 0)
            let inside = try await workspace.devinit(
                "exec", "beside", "--", "sh", "-c", "printenv COLOUR | tr -d '\\n' | wc -c")
            inside.expect(stdout: "24", status: 0)
            // Its value stands in no argument of anything that works for the call.
            let value = try await workspace.devinit("exec", "tell", "--", "printenv", "TOKEN").expect(status: 0).stdout
            let long = workspace.start("exec", "beside", "--", "sh", "-c", "touch /tmp/begun; sleep 4")
            try await Task.sleep(for: .seconds(2))
            let arguments = try await workspace.shell("cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' || true")
            #expect(arguments.contains("exec") && arguments.contains("COLOUR") && value.count > 20)
            #expect(!arguments.contains(value.split(separator: "\n").first ?? "-"))
            try await long.ended().expect(status: 0)
            try await workspace.devinit("exec", "tell", "--", "pwd").expect(stdout: "<root>/folder", status: 0)
        }
    }

    @Test func `on a terminal the command has a terminal`() async throws {
        try await ServiceTests.withWorkspace(.plugin, Self.manifest, files: ["folder/x": ""]) { workspace in
            try await workspace.up("redis").expect(status: 0)
            let ended = try await workspace.terminal(
                "exec", "redis", "--", "sh", "-c", "test -t 0 && test -t 1 && echo both", typing: "")
            #expect(ended.stdout.contains("both"), "\(ended)")
            let inPipe = try await workspace.devinit("exec", "redis", "--", "sh", "-c", "test -t 1 || echo none")
            inPipe.expect(stdout: "none", status: 0)
        }
    }

    @Test func `several services are followed at once, each line with its name, and ended with the command`()
        async throws
    {
        try await ServiceTests.withWorkspace(.plugin, Self.manifest, files: ["folder/x": ""]) { workspace in
            try await workspace.up("redis", "local", "--profile", "local").expect(status: 0)
            let both = try await workspace.devinit("logs", "redis", "local").expect(status: 0)
            #expect(both.stdout.contains("redis | ") && both.stdout.contains("local | begun"), "\(both)")
            #expect(!both.stdout.contains("redis-1"), "\(both)")
            let json = try await workspace.devinit("logs", "redis", "local", "--json").expect(status: 0).json()
            #expect(json["logs"]?.array?.count == 2)

            let running = workspace.start("logs", "-f")
            try await Task.sleep(for: .seconds(2))
            try await running.signal(2)
            let followed = try await running.ended()
            #expect(followed.stdout.contains("redis | ") && followed.stdout.contains("local | begun"), "\(followed)")
            #expect(!followed.stdout.contains("page"), "\(followed)")
            try await workspace.devinit("down").expect(status: 0)
            try await workspace.devinit("logs", "-f").expect(stderr: "…no service is running…", status: 1)
        }
    }

    @Test func `a restart shows what it does, ends when the service serves, and a step can do the same`() async throws {
        try await ServiceTests.withWorkspace(.plugin, Self.manifest, files: ["folder/x": ""]) { workspace in
            try await workspace.up("redis").expect(status: 0)
            func started() async throws -> String {
                try await workspace.shell(
                    "docker ps --filter label=com.docker.compose.service=redis --filter label=com.docker.compose.project=$(sed -n 's/^workspace: //p' init.yaml) -q | xargs docker inspect -f '{{.State.StartedAt}}'"
                )
            }
            let first = try await started()
            try await workspace.terminal("trust", typing: "y\n").expect(status: 0)
            try await workspace.devinit("restart", "redis").expect(
                stderr: "…[service:redis] restarting…[service:redis] serves again…restarted: redis", status: 0)
            let second = try await started()
            #expect(first != second)
            let json = try await workspace.devinit("restart", "redis", "--json").expect(status: 0).json()
            #expect(json["restarted"]?[0]?.string == "service:redis")
            try await workspace.devinit("exec", "redis", "--", "redis-cli", "ping").expect(stdout: "PONG", status: 0)
            let third = try await started()
            let ended = try await workspace.devinit("run", "refill").expect(status: 0)
            #expect(
                ended.stderr.contains("stopped service:redis") && ended.stderr.contains("restarted service:redis"),
                "\(ended)")
            #expect(try await started() != third)
            try await workspace.devinit("exec", "redis", "--", "redis-cli", "ping").expect(stdout: "PONG", status: 0)
        }
    }
}
