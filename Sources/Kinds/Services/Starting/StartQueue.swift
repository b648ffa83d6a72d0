import Execution
import HostInterfaces

/// Starts that are asked for together are one call of Compose. One that comes a little later, because it waited for a
/// secret, does not wait for the first call's end: two calls may work at once, on different services.
actor StartQueue {
    /// A node's wish to be started, and who waits for it.
    struct Request: Sendable {
        let number: Int
        let service: ContainerService
        let context: NodeContext
        let progress: StartProgress
        let continuation: CheckedContinuation<Result<Void, NodeFailure>, Never>
    }

    private struct Call {
        var requests: [Request]
        var task: Task<Void, Never>
        var cancelled: Set<Int> = []
        /// Whose continuation was resumed before the call's end.
        var left: Set<Int> = []
    }

    private let clock: any Clock
    /// Starts them all; failures by service.
    private let perform: @Sendable ([Request]) async -> [String: NodeFailure]

    private var pending: [Request] = []
    private var gathering: Task<Void, Never>?
    private var calls: [Int: Call] = [:]
    private var nextNumber = 0

    private static let callsAtOnce = 2
    /// Starts are gathered until none has come for so long, and no longer than a few times that.
    private static let silence = Duration.milliseconds(20)
    private static let longestGathering = 5

    init(clock: any Clock, perform: @escaping @Sendable ([Request]) async -> [String: NodeFailure]) {
        self.clock = clock
        self.perform = perform
    }

    func start(
        _ service: ContainerService, _ context: NodeContext, _ progress: StartProgress
    ) async -> Result<Void, NodeFailure> {
        let number = nextNumber
        nextNumber += 1
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Void, NodeFailure>, Never>) in
                guard !Task.isCancelled else {
                    return continuation.resume(returning: .failure(NodeFailure(.cancelled, "cancelled")))
                }
                pending.append(
                    Request(
                        number: number, service: service, context: context, progress: progress,
                        continuation: continuation))
                pump()
            }
        } onCancel: {
            Task { await self.leave(number) }
        }
    }

    /// Waits until no call is under way, or ends them: no program that was started may outlive the run.
    func settle(isCancelled: Bool) async {
        while let call = calls.values.first {
            if isCancelled { call.task.cancel() }
            await call.task.value
        }
    }

    private func pump() {
        guard gathering == nil, calls.count < Self.callsAtOnce, !pending.isEmpty else { return }
        gathering = Task {
            for _ in 0..<Self.longestGathering {
                let count = self.pending.count
                try? await self.clock.sleep(for: Self.silence)
                if self.pending.count == count { break }
            }
            self.gathering = nil
            self.startPending()
        }
    }

    private func startPending() {
        guard !pending.isEmpty else { return }
        let requests = pending
        pending = []
        let number = nextNumber
        nextNumber += 1
        let task = Task {
            let failures = await self.perform(requests)
            self.end(number, failures)
        }
        calls[number] = Call(requests: requests, task: task)
        pump()
    }

    private func end(_ number: Int, _ failures: [String: NodeFailure]) {
        guard let call = calls.removeValue(forKey: number) else { return }
        for request in call.requests where !call.left.contains(request.number) {
            request.continuation.resume(
                returning: failures[request.service.name].map { .failure($0) } ?? .success(()))
        }
        pump()
    }

    /// One whose service is known to serve, or to have failed, goes at once, and the call goes on for the others. One
    /// that was cancelled waits for its end; it is ended only when nobody else waits for it.
    private func leave(_ number: Int) {
        if let index = pending.firstIndex(where: { $0.number == number }) {
            let request = pending.remove(at: index)
            request.continuation.resume(returning: .failure(NodeFailure(.cancelled, "cancelled")))
            return
        }
        for (key, var call) in calls {
            guard let request = call.requests.first(where: { $0.number == number }), !call.left.contains(number)
            else { continue }
            if request.progress.isSettled {
                call.left.insert(number)
                request.continuation.resume(returning: .success(()))
            } else {
                call.cancelled.insert(number)
            }
            calls[key] = call
            let waiting = call.requests.filter { !call.left.contains($0.number) }
            if !waiting.isEmpty, waiting.allSatisfy({ call.cancelled.contains($0.number) }) { call.task.cancel() }
        }
    }
}
