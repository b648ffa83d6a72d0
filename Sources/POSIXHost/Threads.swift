#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Threads that nobody joins.
enum Threads {
    /// Starts one; false at the limit of threads (EAGAIN). It takes none of the process's signals: they are the first
    /// thread's, and interrupt no call elsewhere.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        var all = sigset_t()
        var own = sigset_t()
        sigfillset(&all)
        for fault in [SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGABRT] { sigdelset(&all, fault) }
        pthread_sigmask(SIG_SETMASK, &all, &own)
        defer { pthread_sigmask(SIG_SETMASK, &own, nil) }
        #if canImport(Glibc)
            pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
            var thread = pthread_t()
        #else
            pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED)
            var thread: pthread_t?
        #endif
        let box = Unmanaged.passRetained(Body(run: body))
        if pthread_create(&thread, &attributes, runBody, box.toOpaque()) == 0 { return true }
        box.release()
        return false
    }
}

/// What a thread is to do, on its way there.
private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(run: @escaping @Sendable () -> Void) { self.run = run }
}

#if canImport(Glibc)
    private func runBody(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let box { Unmanaged<Body>.fromOpaque(box).takeRetainedValue().run() }
        return nil
    }
#else
    private func runBody(_ box: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<Body>.fromOpaque(box).takeRetainedValue().run()
        return nil
    }
#endif
