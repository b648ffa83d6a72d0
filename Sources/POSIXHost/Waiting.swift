#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A lock under which threads wait for each other's news.
final class Waiting: Sendable {
    // Allocated once, freed with us; the pointers never change.
    private nonisolated(unsafe) let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private nonisolated(unsafe) let news = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(news, nil)
    }

    deinit {
        pthread_cond_destroy(news)
        pthread_mutex_destroy(mutex)
        news.deallocate()
        mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }

    func unlock() { pthread_mutex_unlock(mutex) }

    /// Wakes one of those that wait.
    func wakeOne() { pthread_cond_signal(news) }

    /// Wakes all that wait.
    func wakeAll() { pthread_cond_broadcast(news) }

    /// Gives the lock away until there may be news; has it again on return.
    func wait() { pthread_cond_wait(news, mutex) }

    /// The same, for so many seconds at most; false where they have passed.
    func wait(seconds: Int) -> Bool {
        var limit = timespec()
        clock_gettime(CLOCK_REALTIME, &limit)
        limit.tv_sec += seconds
        return pthread_cond_timedwait(news, mutex, &limit) != ETIMEDOUT
    }
}
