#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Work that blocks, on threads of its own: the threads of Swift's tasks are as many as cores, and must never wait.
///
/// Threads are made when none is idle, without a limit (every caller is bounded by something else), and end
/// after two idle seconds.
public enum Blocking {
    /// Runs the body on such a thread and waits for it without blocking the caller's.
    public static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            detach { continuation.resume(returning: body()) }
        }
    }

    /// Runs the body on such a thread; nobody waits for it.
    public static func detach(_ body: @escaping @Sendable () -> Void) {
        ThreadPool.shared.submit(body)
    }
}

private final class ThreadPool: Sendable {
    static let shared = ThreadPool()

    private let waiting = Waiting()
    // Both are touched only while `waiting` is locked.
    private nonisolated(unsafe) var jobs = Queue<@Sendable () -> Void>()
    private nonisolated(unsafe) var idle = 0

    func submit(_ job: @escaping @Sendable () -> Void) {
        waiting.lock()
        jobs.append(job)
        let needsThread = jobs.count > idle
        if !needsThread { waiting.wakeOne() }
        waiting.unlock()
        guard needsThread else { return }
        // At the limit of threads one of those that run takes the job later; a first one must come.
        while !Threads.start({ ThreadPool.shared.work() }) { usleep(10_000) }
    }

    private func work() {
        waiting.lock()
        while true {
            if let job = jobs.take() {
                waiting.unlock()
                job()
                waiting.lock()
                continue
            }
            idle += 1
            let hasNews = waiting.wait(seconds: 2)
            idle -= 1
            if !hasNews && jobs.count == 0 { break }
        }
        waiting.unlock()
    }
}
