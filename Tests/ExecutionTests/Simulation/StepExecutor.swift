import HostFakes
import Synchronization

/// Runs the pieces of all its tasks one at a time, on the thread of the test, in an order drawn from a seed: the same
/// seed interleaves them the same way.
final class StepExecutor: TaskExecutor {
    private let state: Mutex<(waiting: [UnownedJob], random: SeededGenerator)>

    init(seed: UInt64) { state = Mutex(([], SeededGenerator(seed: seed))) }

    func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        state.withLock { $0.waiting.append(unowned) }
    }

    /// Runs one piece; false when there is none, so that only time or an event from outside can bring one.
    func step() -> Bool {
        let next = state.withLock { state -> UnownedJob? in
            state.waiting.isEmpty ? nil : state.waiting.remove(at: state.random.below(state.waiting.count))
        }
        next?.runSynchronously(on: asUnownedTaskExecutor())
        return next != nil
    }
}
