import CSpawn

/// Runs the program's tasks on its first thread, and on more of them, up to one per core, where that one is busy.
///
/// The library's own executor starts three threads and moves everything away from the first one: that takes longer than
/// all the rest of a short command's start.
final class TaskThreads: TaskExecutor {
    private let waiting = Waiting()
    // All are touched only while `waiting` is locked.
    private nonisolated(unsafe) var jobs = Queue<UnownedJob>()
    /// The first thread counts before it comes: it is on its way.
    private nonisolated(unsafe) var idle = 1
    private nonisolated(unsafe) var threads = 1
    private nonisolated(unsafe) var isOver = false
    private let limit: Int

    /// Two at least: a task that computes must not hold up the rest.
    init(limit: Int = max(2, Int(devinit_usable_processors()))) { self.limit = limit }

    func enqueue(_ job: consuming ExecutorJob) {
        waiting.lock()
        jobs.append(UnownedJob(job))
        let needsThread = jobs.count > idle && threads < limit
        if needsThread { threads += 1 } else if idle > 0 { waiting.wakeOne() }
        waiting.unlock()
        if needsThread, !Threads.start({ self.help() }) {
            waiting.lock()
            threads -= 1
            waiting.unlock()
        }
    }

    /// Runs jobs on the calling thread, the first one, until `end` is called.
    func work() {
        waiting.lock()
        idle -= 1
        loop()
    }

    /// Lets the threads go; what they have not begun is left.
    func end() {
        waiting.lock()
        isOver = true
        waiting.wakeAll()
        waiting.unlock()
    }

    private func help() {
        waiting.lock()
        loop()
    }

    private func loop() {
        while !isOver {
            if let job = jobs.take() { run(job) } else { rest() }
        }
        waiting.unlock()
    }

    private func run(_ job: UnownedJob) {
        waiting.unlock()
        job.runSynchronously(on: asUnownedTaskExecutor())
        waiting.lock()
    }

    private func rest() {
        idle += 1
        waiting.wait()
        idle -= 1
    }
}
