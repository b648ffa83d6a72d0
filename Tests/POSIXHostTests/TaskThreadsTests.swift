import Synchronization
import Testing

@testable import POSIXHost

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

struct TaskThreadsTests {
    @Test func `a task that keeps the first thread busy does not hold up the others`() async {
        let isOver = await Blocking.run {
            POSIXHost.run(
                {
                    let mark = Mark()
                    return await withTaskGroup(of: Bool.self) { group in
                        group.addTask {
                            for _ in 0..<5_000 where !mark.isSet { usleep(1_000) }
                            return mark.isSet
                        }
                        group.addTask {
                            mark.set()
                            return true
                        }
                        return await group.reduce(true) { $0 && $1 }
                    }
                }, on: TaskThreads(limit: 2))
        }
        #expect(isOver == true)
    }

    @Test(arguments: [1, 2])
    func `what waits for a thread elsewhere goes on`(limit: Int) async {
        let sum = await Blocking.run {
            POSIXHost.run(
                {
                    await withTaskGroup(of: Int.self) { group in
                        for number in 0..<50 {
                            group.addTask {
                                await Blocking.run {
                                    usleep(1_000)
                                    return number
                                }
                            }
                        }
                        return await group.reduce(0, +)
                    }
                }, on: TaskThreads(limit: limit))
        }
        #expect(sum == 1225)
    }

    @Test func `a signal of the process interrupts no call on a thread of ours`() async {
        // The one that starts it takes them, as the first thread does.
        let isBlocked = await Blocking.run {
            var none = sigset_t()
            var before = sigset_t()
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, &before)
            defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
            let (isOver, isBlocked) = (Mark(), Mark())
            let isStarted = Threads.start {
                var mask = sigset_t()
                pthread_sigmask(SIG_SETMASK, nil, &mask)
                if [SIGINT, SIGTERM, SIGCHLD, SIGWINCH].allSatisfy({ sigismember(&mask, $0) == 1 }) { isBlocked.set() }
                isOver.set()
            }
            for _ in 0..<5_000 where isStarted && !isOver.isSet { usleep(1_000) }
            return isBlocked.isSet
        }
        #expect(isBlocked)
    }
}

private final class Mark: Sendable {
    private let content = Mutex(false)

    var isSet: Bool { content.withLock { $0 } }

    func set() { content.withLock { $0 = true } }
}
