import Synchronization

/// How far the start of one service is. Before Compose has returned, the container that is seen may be the one that
/// is about to go; and a service may well serve before Compose has returned.
final class StartProgress: Sendable {
    private enum Stage {
        case gathered
        /// Compose works. What stood before, and whether it ran, by the container's id.
        case called(before: [String: Bool])
        /// Compose has returned, at that moment of the monotonic clock.
        case returned(Double)
    }

    private let service: String
    private let project: String
    /// Whether it is to have more than one container: then nobody can tell before Compose returns which are all.
    private let hasSeveral: Bool
    private let stage = Mutex((Stage.gathered, settled: false))

    /// Of that service in that Compose project.
    init(of service: String, in project: String, hasSeveral: Bool = false) {
        self.service = service
        self.project = project
        self.hasSeveral = hasSeveral
    }

    func begin(before containers: [ContainerState]) {
        let own = self.own(containers).map { ($0.id, $0.isRunning) }
        stage.withLock { $0.0 = .called(before: Dictionary(own, uniquingKeysWith: { $1 })) }
    }

    func end(at seconds: Double) { stage.withLock { $0.0 = .returned(seconds) } }

    /// Nobody waits for the start any more, and it is to go on all the same: what it is for is known already.
    var isSettled: Bool {
        get { stage.withLock(\.settled) }
        set { stage.withLock { $0.settled = newValue } }
    }

    /// Whether Compose had done its work when that look was taken.
    func hasReturned(before look: Double) -> Bool {
        stage.withLock { if case .returned(let moment) = $0.0 { moment <= look } else { false } }
    }

    /// The service's containers as this start made them; none while they are not to be seen.
    func containers(in look: ContainerLook) -> [ContainerState] {
        let own = self.own(look.containers)
        return stage.withLock { stage in
            switch stage.0 {
            case .gathered: return []
            case .returned(let moment): return moment <= look.at ? own : []
            case .called where hasSeveral: return []
            case .called(let before):
                let made = own.first { container in
                    guard let ran = before[container.id] else { return true }
                    return !ran && container.isRunning
                }
                return made.map { [$0] } ?? []
            }
        }
    }

    private func own(_ containers: [ContainerState]) -> [ContainerState] {
        containers.filter { $0.service == service && $0.labels[ContainerState.projectLabel] == project }
    }
}

/// The containers of a project, and when they were looked at.
struct ContainerLook: Sendable {
    /// On the monotonic clock, in seconds: when the look began.
    var at: Double
    var containers: [ContainerState]
}

/// What the watch over a project's containers tells.
enum EngineNews: Sendable {
    case look(ContainerLook)
    /// Nothing answers where the engine was.
    case gone
}
