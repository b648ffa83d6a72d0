public import HostInterfaces
import CSpawn
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The real machine, on Linux and macOS.
public enum POSIXHost {
    /// The seams, with a snapshot of environment and folder. Starts no thread. From now on a reader that goes
    /// away is an error of the write (`EPIPE`) and not our end; children get SIGPIPE's default back.
    public static func host() -> Host {
        signal(SIGPIPE, SIG_IGN)
        let environment = StartSnapshot.environment()
        return Host(
            files: POSIXFiles(), processes: POSIXProcesses(), clock: POSIXClock(), randomness: POSIXRandomness(),
            terminal: POSIXTerminal(), network: POSIXNetwork(), digests: POSIXDigests(), environment: environment,
            currentFolder: StartSnapshot.currentFolder(environment: environment),
            machine: MachineReading.machine(environment: environment))
    }

    /// Runs the program's tasks on the calling thread, which should be the first one, and on helpers of it; returns
    /// what came out.
    public static func run<Value: Sendable>(_ program: @escaping @Sendable () async -> Value) -> Value? {
        run(program, on: TaskThreads())
    }

    static func run<Value: Sendable>(
        _ program: @escaping @Sendable () async -> Value, on threads: TaskThreads
    ) -> Value? {
        let outcome = Outcome<Value>()
        Task(executorPreference: threads) {
            outcome.put(await program())
            threads.end()
        }
        threads.work()
        return outcome.value
    }

    /// Kills every child of `run` with its group, at once, and ends the process by the signal's default action, so that
    /// a shell sees how it ended. Typing is shown again. For the second Ctrl-C.
    public static func killAndEnd(by signal: HostSignal) -> Never {
        ChildRegistry.shared.withAll { children -> Never in
            children.signal(SIGKILL)
            // In here, so that no child is started meanwhile.
            devinit_end_by_signal(signal.number)
        }
    }

    /// From its first child on the program neither ends nor stops without its children, also by a signal that no
    /// `SignalSource` follows: they get it first, and SIGKILL two seconds later.
    public static func takeChildrenAlong() { ChildSignals.want() }

    /// How long they have from now on, instead of two seconds: for children that change something.
    public static func grantChildren(_ grace: Duration) { ChildSignals.set(grace: grace) }

    /// From here on a child that is stopped gets this signal first, not SIGTERM: the one that was meant for us.
    public static func passOn(_ signal: HostSignal) {
        // SIGQUIT would have each of them leave a core file.
        if signal != .quit { ChildRegistry.shared.stopSignal = signal.number }
    }

    /// Stops the children and then ourselves, as Ctrl-Z does; returns when we are continued, and so are they. Without a
    /// shell that could continue us it returns at once.
    public static func suspend() {
        ChildRegistry.shared.withAll { children in
            children.signal(SIGTSTP)
            Suspension.stop()
            children.signal(SIGCONT)
        }
    }
}

extension POSIXHost {
    /// The number of this process.
    public static var processID: Int32 { getpid() }
}

/// Where a value is put on one thread and found on another.
private final class Outcome<Value: Sendable>: Sendable {
    private let content = Mutex<Value?>(nil)

    var value: Value? { content.withLock { $0 } }

    func put(_ value: Value) { content.withLock { $0 = value } }
}
