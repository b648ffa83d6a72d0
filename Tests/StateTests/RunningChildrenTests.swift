import Base
import HostFakes
import HostInterfaces
import State
import Testing

/// What a killed run left running is told from everything else that has its number.
@Suite struct RunningChildrenTests {
    @Test func `a process is known by its start time, on its own machine, until it ended`() async throws {
        let workspace = Workspace()
        let processes = FakeProcesses()
        processes.allowDetached("sleep")
        var host = workspace.host
        host.processes = processes
        let process = try processes.startDetached(
            ProcessRequest(["sleep"], environment: [:], folder: "/"), log: "/log")
        try workspace.folder.prepare()
        func children(_ folder: StateFolder) -> RunningChildren {
            RunningChildren(in: folder, root: folder.workspaceRoot, host: host)
        }
        func note(_ process: ProcessIdentity) {
            let running = children(workspace.folder)
            running.begin()
            running.began(process, of: "step:a")
        }
        note(process)
        #expect(children(workspace.folder).leftovers().map(\.process) == [process])
        let other = Workspace(files: workspace.files, machine: "desktop")
        #expect(children(other.folder).leftovers().isEmpty, "a number of another machine")
        note(ProcessIdentity(id: process.id, startTime: process.startTime + 1))
        #expect(children(workspace.folder).leftovers().isEmpty, "a number that was given away")
        note(process)
        processes.finish(process)
        #expect(children(workspace.folder).leftovers().isEmpty)
    }
}
