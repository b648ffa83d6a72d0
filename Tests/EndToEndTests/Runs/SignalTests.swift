import HostInterfaces
import Base
import Foundation
import Testing

/// Signals: no child outlives devinit, the journal keeps what was done, the lock is free.
@Suite struct SignalTests {
    /// A step with a grandchild of its own; both write their numbers.
    static let manifest = """
        version: 1
        defaults: { grace: 2s }
        steps:
          quick: { run: "echo x >>quick", inputs: [in] }
          slow:
            run: |
              sleep 300 & echo $! >grandchild
              echo $$ >child.new; mv child.new child
              wait
            needs: [quick]
          next: { run: touch next, needs: [slow] }
        """

    func children(_ workspace: Workspace) async throws -> [Int32] {
        #expect(try await workspace.eventually { workspace.exists("child") })
        return try ["child", "grandchild"].map {
            try #require(Processes.number(in: workspace.path($0), workspace.host))
        }
    }

    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
    func `a signal leaves no child, keeps the records and frees the lock`(signal: Int32, status: Int32) async throws {
        let workspace = try Workspace(Self.manifest, files: ["in": ""])
        let running = workspace.start("up", "--trust", "--json")
        let children = try await children(workspace)
        try await running.signal(signal)
        let ended = try await running.ended().expect(status: status)
        for pid in children { #expect(!Processes.isRunning(pid), "\(pid) outlived devinit") }
        #expect(try ended.json()["status"]?.string == "cancelled")
        #expect(
            try ended.members("nodes", "status")
                == ["step:quick": "done", "step:slow": "cancelled", "step:next": "cancelled"])
        #expect(!workspace.exists("next"))
        try await workspace.shell("rm child grandchild")

        // The lock is free at once, and what was done is not done again.
        try workspace.write("init.yaml", Self.manifest.replacing("sleep 300 &", with: "sleep 0.01 &"))
        let again = try await workspace.up().expect(status: 0)
        #expect(!again.stderr.contains("waiting for"))
        #expect(workspace.text("quick") == "x" && workspace.exists("next"))
    }

    @Test(arguments: [(SIGINT, "INT", Int32(130)), (SIGTERM, "TERM", 143), (SIGHUP, "HUP", 129)])
    func `a child gets the signal that devinit got, once`(signal: Int32, name: String, status: Int32) async throws {
        let workspace = try Workspace(
            """
            version: 1
            steps:
              careful:
                run: |
                  for name in INT TERM HUP; do trap "echo $name >>heard; exit 1" $name; done
                  echo $$ >child.new; mv child.new child
                  while true; do sleep 0.05; done
            """)
        let running = try await workspace.upUntilThere(is: "child")
        try await running.signal(signal)
        try await running.ended().expect(status: status)
        #expect(workspace.text("heard") == name)
    }

    /// The letter by which the kernel says what a process does: T when it is stopped.
    func state(_ pid: Int32) -> String? {
        let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        return stat.flatMap { $0[($0.lastIndex(of: ")") ?? $0.startIndex)...].dropFirst(2).first.map(String.init) }
    }

    @Test func `Ctrl-Z stops the children too, and the time it takes counts for no limit`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            steps:
              slow:
                timeout: 3s
                run: |
                  echo $$ >child.new; mv child.new child
                  while ! test -e go; do sleep 0.02; done
                  touch done
            """)
        let running = workspace.start("up", "--trust", "--json")
        #expect(try await workspace.eventually { workspace.exists("child") })
        let devinit = try await running.pid()
        try await running.signal(SIGTSTP)
        #expect(try await workspace.eventually { state(devinit) == "T" })
        try workspace.write("go", "")
        try await Task.sleep(for: .seconds(3.5))
        #expect(!workspace.exists("done"))
        try await running.signal(SIGCONT)
        let ended = try await running.ended().expect(status: 0)
        #expect(workspace.exists("done"))
        #expect(try #require(try ended.json()["seconds"]?.number) < 3)
    }

    @Test func `a child that is started just as Ctrl-Z comes is stopped too`() async throws {
        var manifest = "version: 1\nsteps:\n"
        for number in 0..<2_000 { manifest += "  s\(number): { run: 'exec sleep 0.03' }\n" }
        let workspace = try Workspace(manifest)
        let running = workspace.start("up", "--trust", "--jobs", "8")
        let devinit = try await running.pid()
        #expect(try await workspace.eventually { Processes.children(of: devinit).count > 3 })
        for attempt in 0..<30 {
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...30)))
            try await running.signal(SIGTSTP)
            #expect(try await workspace.eventually { state(devinit) == "T" })
            // One that was signalled may not have come to stop yet, but it does not sleep any more.
            let missed = Processes.children(of: devinit).filter { state($0) == "S" }
            #expect(missed == [], "attempt \(attempt)")
            try await running.signal(SIGCONT)
            #expect(try await workspace.eventually { state(devinit) != "T" })
        }
        try await running.signal(SIGINT)
        try await running.ended().expect(status: 130)
    }

    @Test(arguments: [(SIGINT, "INT", Int32(130)), (SIGTERM, "TERM", 143), (SIGHUP, "HUP", 129)])
    func `a signal outside of a run leaves no child either`(signal: Int32, name: String, status: Int32) async throws {
        let workspace = try Workspace("version: 1\nrequires: { node: '>=20' }\n")
        let program = """
            #!/bin/sh
            cd \(workspace.root)
            trap 'sleep 0.2; echo \(name) >>heard; exit 1' \(name)
            sleep 300 & echo $! >grandchild
            echo $$ >child.new; mv child.new child
            while true; do sleep 0.05; done
            """
        try workspace.write("../bin/node", program, mode: 0o755)
        let running = workspace.start("plan", environment: ["PATH": "\(workspace.folder)/bin:/usr/bin:/bin"])
        let children = try await children(workspace)
        try await running.signal(SIGTSTP)
        // D: a shell waits in the kernel for a child of its own that was stopped between vfork and exec.
        for pid in children {
            #expect(try await workspace.eventually { ["T", "D"].contains(state(pid)) }, "\(pid) runs on")
        }
        try await running.signal(SIGCONT)
        for pid in children { #expect(try await workspace.eventually { state(pid) == "S" }) }
        try await running.signal(signal)
        let ended = try await running.ended().expect(status: status)
        #expect(ended.stdout == "", "it took the child's end for an answer")
        #expect(workspace.text("heard") == name)
        for pid in children { #expect(!Processes.isRunning(pid), "\(pid) outlived devinit") }
    }

    @Test func `Ctrl-Z where no shell could continue the run does not freeze it`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps: { slow: { run: 'kill -TSTP $PPID; sleep 0.5; touch done' } }\n")
        try await workspace.terminal("up", "--trust", typing: "").expect(status: 0)
        #expect(workspace.exists("done"))
    }

    @Test func `a child that ignores the signal is killed after the grace`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            defaults: { grace: 300ms }
            steps:
              deaf:
                run: |
                  trap '' INT TERM
                  echo $$ >child.new; mv child.new child
                  while true; do sleep 0.05; done
            """)
        let running = try await workspace.upUntilThere(is: "child")
        let pid = try #require(Processes.number(in: workspace.path("child"), workspace.host))
        try await running.signal(SIGINT)
        let ended = try await running.ended().expect(status: 130)
        #expect(!Processes.isRunning(pid))
        #expect(ended.seconds < 30)
    }

    @Test func `a child that ignores SIGINT alone gets SIGTERM before it is killed`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            defaults: { grace: 2s }
            steps:
              stubborn:
                run: |
                  trap '' INT
                  trap 'touch tidied; exit 0' TERM
                  echo $$ >child.new; mv child.new child
                  while true; do sleep 0.05; done
            """)
        let running = try await workspace.upUntilThere(is: "child")
        try await running.signal(SIGINT)
        try await running.ended().expect(status: 130)
        #expect(workspace.exists("tidied"))
    }

    @Test func `a second signal kills at once`() async throws {
        let workspace = try Workspace(
            """
            version: 1
            defaults: { grace: 10m }
            steps:
              deaf:
                run: |
                  trap 'touch heard' INT TERM
                  echo $$ >child.new; mv child.new child
                  while true; do sleep 0.05; done
            """)
        let running = try await workspace.upUntilThere(is: "child")
        let pid = try #require(Processes.number(in: workspace.path("child"), workspace.host))
        try await running.signal(SIGINT)
        #expect(try await workspace.eventually { workspace.exists("heard") })
        try await running.signal(SIGINT)
        try await running.ended().expect(status: 130)
        #expect(try await workspace.eventually(within: .seconds(5)) { !Processes.isRunning(pid) })
    }

    @Test func `a signal while a question is open or the lock is waited for ends at once`() async throws {
        let workspace = try Workspace(Self.manifest, files: ["in": ""])
        let holder = workspace.start("up", "--trust")
        let children = try await children(workspace)
        let waiting = workspace.start("up", "--trust")
        #expect(try await workspace.eventually { waiting.said.contains("waiting for") })
        try await waiting.signal(SIGINT)
        let ended = try await waiting.ended().expect(status: 130)
        #expect(ended.seconds < 9, "it waited for the lock to the end")
        try await holder.signal(SIGTERM)
        try await holder.ended().expect(status: 143)
        for pid in children { #expect(!Processes.isRunning(pid)) }
    }
}
