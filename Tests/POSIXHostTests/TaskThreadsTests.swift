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

    /// Runs it as the program is run; nil where it stands still for ten seconds.
    func run<Value: Sendable>(
        limit: Int, _ program: @escaping @Sendable () async -> Value
    ) async -> Value? {
        await Blocking.run {
            let threads = TaskThreads(limit: limit)
            let isOver = Mark()
            Blocking.detach {
                for _ in 0..<10_000 where !isOver.isSet { usleep(1_000) }
                threads.end()
            }
            defer { isOver.set() }
            return POSIXHost.run(program, on: threads)
        }
    }

    @Test(arguments: [1, 2])
    func `what waits for a thread elsewhere goes on`(limit: Int) async {
        let sum = await run(limit: limit) {
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
        }
        #expect(sum == 1225)
    }

    @Test(arguments: [1, 2])
    func `what sleeps, takes turns with an actor or is cancelled goes on`(limit: Int) async {
        let result = await run(limit: limit) {
            let counter = Counter()
            let sleeper = Task { try await Task.sleep(for: .seconds(60)) }
            return await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try? await Task.sleep(for: .milliseconds(1))
                        for _ in 0..<100 {
                            await counter.add()
                            await Task.yield()
                        }
                    }
                }
                group.addTask { _ = await sleeper.result }
                group.addTask {
                    // Ends by the cancel alone.
                    async let asleep: Void? = try? await Task.sleep(for: .seconds(60))
                    sleeper.cancel()
                    withUnsafeCurrentTask { $0?.cancel() }
                    _ = await asleep
                }
                await group.waitForAll()
                return await counter.count
            }
        }
        #expect(result == 2000)
    }

    @Test func `a queue that never runs empty does not grow with all that went through it`() {
        var queue = Queue<Int>()
        queue.append(0)
        var taken: [Int] = []
        for number in 1...10_000 {
            queue.append(number)
            if let item = queue.take() { taken.append(item) }
        }
        #expect(queue.items.count < 200)
        while let item = queue.take() { taken.append(item) }
        #expect(taken == Array(0...10_000))
        #expect(queue.items.count == 0 && queue.count == 0)
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

private actor Counter {
    var count = 0

    func add() { count += 1 }
}
