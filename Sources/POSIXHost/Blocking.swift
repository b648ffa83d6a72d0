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

    // Allocated once, never freed: the pool lives as long as the process. The pointers never change.
    private nonisolated(unsafe) let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private nonisolated(unsafe) let wakened = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    // Both are touched only while `mutex` is held.
    private nonisolated(unsafe) var jobs: [@Sendable () -> Void] = []
    private nonisolated(unsafe) var idle = 0

    private init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wakened, nil)
    }

    func submit(_ job: @escaping @Sendable () -> Void) {
        pthread_mutex_lock(mutex)
        jobs.append(job)
        let needsThread = jobs.count > idle
        if !needsThread { pthread_cond_signal(wakened) }
        pthread_mutex_unlock(mutex)
        if needsThread { startThread() }
    }

    private func startThread() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        #if canImport(Glibc)
            pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
            var thread = pthread_t()
        #else
            pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED)
            var thread: pthread_t?
        #endif
        // At the limit of threads (EAGAIN) one of those that run takes the job later; a first one must come.
        while pthread_create(
            &thread, &attributes,
            { _ in
                ThreadPool.shared.work(); return nil
            }, nil) != 0
        {
            usleep(10_000)
        }
    }

    private func work() {
        pthread_mutex_lock(mutex)
        while true {
            if !jobs.isEmpty {
                let job = jobs.removeFirst()
                pthread_mutex_unlock(mutex)
                job()
                pthread_mutex_lock(mutex)
                continue
            }
            var limit = timespec()
            clock_gettime(CLOCK_REALTIME, &limit)
            limit.tv_sec += 2
            idle += 1
            let code = pthread_cond_timedwait(wakened, mutex, &limit)
            idle -= 1
            if code == ETIMEDOUT && jobs.isEmpty { break }
        }
        pthread_mutex_unlock(mutex)
    }
}
