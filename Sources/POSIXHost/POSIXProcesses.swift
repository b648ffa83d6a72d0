import Base
import CSpawn
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Programs through `posix_spawn`, each attended by a thread of its own.
struct POSIXProcesses: ProcessLauncher {
    var registry = ChildRegistry.shared

    func run(
        _ request: ProcessRequest, onOutput: (@Sendable (ProcessStream, [UInt8]) -> Void)?
    ) async throws(ProcessError) -> ProcessResult {
        if Task.isCancelled { return ProcessResult(end: .cancelled) }
        ChildSignals.follow()
        let stop: StopRequest
        do { stop = try StopRequest() } catch { throw .failed(error) }
        let result = await withTaskCancellationHandler {
            await Blocking.run { () -> Result<ProcessResult, ProcessError> in
                // The thread may have come late.
                if stop.isRequested { return .success(ProcessResult(end: .cancelled)) }
                do throws(ProcessError) {
                    let child = try LaunchedChild.launch(request, in: registry)
                    // Not reaped yet, so the number is its own even when it has ended already.
                    request.onStart?(
                        ProcessIdentity(id: child.id, startTime: max(0, Int(devinit_start_time(child.id)))))
                    var supervision = ChildSupervision(child, request: request, stop: stop, onOutput: onOutput)
                    return .success(supervision.attend())
                } catch {
                    return .failure(error)
                }
            }
        } onCancel: {
            stop.request()
        }
        return try result.get()
    }

    func find(_ program: String, path: String, folder: Path) -> Path? {
        if case .found(let found) = ProgramSearch.search(program, path: path, folder: folder) { return found }
        return nil
    }

    func startDetached(_ request: ProcessRequest, log: Path) throws(ProcessError) -> ProcessIdentity {
        try DetachedProcess.start(request, log: log)
    }

    func search(words: [String]) -> [(process: ProcessIdentity, leadsGroup: Bool)] { ProcessScan.search(words) }

    func isRunning(_ process: ProcessIdentity) -> Bool { DetachedProcess.isRunning(process) }

    func end(_ process: ProcessIdentity, grace: Duration) async {
        await Blocking.run { DetachedProcess.end(process, grace: grace) }
    }
}
