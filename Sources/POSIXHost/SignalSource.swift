import CSpawn
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The signals that the program answers itself.
public enum HostSignal: Sendable, Hashable, CaseIterable {
    /// SIGINT, Ctrl-C.
    case interrupt
    /// SIGTERM.
    case terminate
    /// SIGHUP: the terminal is gone.
    case hangUp
    /// SIGQUIT, Ctrl-\\.
    case quit
    /// SIGWINCH: the terminal has another size.
    case resized
    /// SIGTSTP, Ctrl-Z. Tidy the screen, then call `POSIXHost.suspend()`.
    case suspend
    /// SIGCONT: we go on after a stop.
    case resume

    /// The system's number.
    public var number: Int32 {
        switch self {
        case .interrupt: SIGINT
        case .terminate: SIGTERM
        case .hangUp: SIGHUP
        case .quit: SIGQUIT
        case .resized: SIGWINCH
        case .suspend: SIGTSTP
        case .resume: SIGCONT
        }
    }
}

/// Hands signals on as they come. While one source lives, those signals have no other effect; when the last source of a
/// signal ends, it has its default action again. A signal that was ignored when we were started (`nohup`)
/// stays ignored and never comes.
public struct SignalSource: Sendable {
    private let id: Int

    /// `receive` is called on a thread of its own, for one signal after the other, until `stop`.
    public init(_ wanted: Set<HostSignal>, receive: @escaping @Sendable (HostSignal) -> Void) {
        id = SignalHub.shared.subscribe(wanted, receive)
    }

    /// Hands on no more, and gives the signals their default action.
    public func stop() { SignalHub.shared.unsubscribe(id) }

    /// From now on these signals never have their default action: they go to this receiver where no source lives that
    /// wants them.
    static func last(_ wanted: Set<HostSignal>, _ receive: @escaping @Sendable (HostSignal) -> Void) {
        SignalHub.shared.setLast(wanted, receive)
    }
}

private final class SignalHub: Sendable {
    typealias Subscriber = (wanted: Set<HostSignal>, receive: @Sendable (HostSignal) -> Void)

    static let shared = SignalHub()

    private struct State {
        var subscribers: [Int: Subscriber] = [:]
        /// Gets what none of them wants.
        var last: Subscriber = ([], { _ in })
        var nextID = 0
        /// Where the handler writes; -1 before the first source. The pipe and its thread stay.
        var writing: Int32 = -1
    }

    private let state = Mutex(State())

    func subscribe(_ wanted: Set<HostSignal>, _ receive: @escaping @Sendable (HostSignal) -> Void) -> Int {
        state.withLock { state in
            state.nextID += 1
            state.subscribers[state.nextID] = (wanted, receive)
            Self.watch(wanted, &state)
            return state.nextID
        }
    }

    func setLast(_ wanted: Set<HostSignal>, _ receive: @escaping @Sendable (HostSignal) -> Void) {
        state.withLock { state in
            state.last = (wanted, receive)
            Self.watch(wanted, &state)
        }
    }

    private static func watch(_ wanted: Set<HostSignal>, _ state: inout State) {
        if state.writing < 0, let pipe = try? Pipe() {
            let (reading, writing) = pipe.give()
            // A handler must never wait.
            makeNonBlocking(writing)
            state.writing = writing
            Blocking.detach { SignalHub.shared.forward(from: reading) }
        }
        guard state.writing >= 0 else { return }
        for signal in wanted { _ = devinit_catch_signal(signal.number, state.writing) }
    }

    func unsubscribe(_ id: Int) {
        state.withLock { state in
            guard let gone = state.subscribers.removeValue(forKey: id) else { return }
            let kept = state.subscribers.values.reduce(state.last.wanted) { $0.union($1.wanted) }
            for signal in gone.wanted.subtracting(kept) { devinit_release_signal(signal.number) }
        }
    }

    /// A thread of its own that hands on what the handler writes.
    private func forward(from descriptor: Int32) {
        while true {
            var number: UInt8 = 0
            let count = read(descriptor, &number, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return }
            guard let signal = HostSignal.allCases.first(where: { $0.number == Int32(number) }) else { continue }
            let receivers = state.withLock { state in
                let receivers = state.subscribers.values.filter { $0.wanted.contains(signal) }
                return (receivers.isEmpty ? [state.last] : receivers).filter { $0.wanted.contains(signal) }
                    .map(\.receive)
            }
            for receive in receivers { receive(signal) }
        }
    }
}
