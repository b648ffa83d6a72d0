import Execution

/// What the live view knows of a run: a value made from events, so that frames can be tested without time.
struct LiveModel: Sendable {
    /// A node that is being worked on.
    struct Running: Sendable {
        var id: NodeID
        var reason: String
        var progress: NodeProgress?
        var startedAt: Double
        var attempt: Int
        /// While it waits for its next try: the moment of it, and why.
        var retry: (at: Double, reason: String)?
    }

    /// A line that stays: of a node's end, cut at the width, or words that must be read whole.
    struct Finished: Sendable {
        var line: StyledLine
        var isWhole: Bool
    }

    private(set) var running: [Running] = []
    private(set) var counts: [NodeResult.Status: Int] = [:]
    private(set) var startedAt: Double?
    /// When the run is thought to end, on the clock of the events.
    private(set) var expectedEnd: Double?
    private(set) var isInterrupted = false
    private(set) var hasEnded = false
    private var known: Set<NodeID> = []
    /// Lines that scroll away above the live part, oldest first.
    private var finishedLines: [Finished] = []

    private let style: Style
    private let isVerbose: Bool

    init(style: Style, isVerbose: Bool) {
        self.style = style
        self.isVerbose = isVerbose
    }

    var total: Int { known.count }
    var ended: Int { counts.values.reduce(0, +) }

    /// Gives the finished lines away; they are drawn once.
    mutating func takeFinishedLines() -> [Finished] {
        defer { finishedLines = [] }
        return finishedLines
    }

    mutating func handle(_ event: RunEvent, at seconds: Double) {
        switch event {
        case .started(_, let nodes, _):
            startedAt = seconds
            known.formUnion(nodes)
        case .estimated(let estimate): expectedEnd = estimate.seconds.map { seconds + $0 }
        case .ready: break
        case .running(let id, _, let reason, let attempt):
            known.insert(id)
            update(id, at: seconds) { node in
                node.reason = reason
                node.attempt = attempt
                node.progress = nil
                node.retry = nil
            }
        case .progress(let id, let progress):
            update(id, at: seconds) { $0.progress = progress }
        case .output(let id, let line, _):
            if isVerbose { stay(StyledLine("[\(id)] ", .faint) + StyledLine(line)) }
        case .note(let id, let words): stay(StyledLine("[\(id)] ", .faint) + StyledLine(words))
        case .terminal: break
        case .retrying(let id, let failure, let pause):
            update(id, at: seconds) { node in
                node.progress = nil
                node.retry = (seconds + pause, failure.message)
            }
        case .finished(let id, let result):
            known.insert(id)
            running.removeAll { $0.id == id }
            counts[result.status, default: 0] += 1
            if let line = line(for: result, of: id) { finishedLines.append(Finished(line: line, isWhole: false)) }
        case .notice(let words, let isWarning):
            for words in SafeText.lines(words) {
                stay((isWarning ? StyledLine("warning: ", .warning) : StyledLine()) + StyledLine(words))
            }
        case .interrupted(let signal):
            isInterrupted = true
            stay(StyledLine(Words.interrupted(by: signal), .warning))
        case .ended:
            hasEnded = true
            running = []
        }
    }

    private mutating func stay(_ line: StyledLine) { finishedLines.append(Finished(line: line, isWhole: true)) }

    private mutating func update(_ id: NodeID, at seconds: Double, _ change: (inout Running) -> Void) {
        if let index = running.firstIndex(where: { $0.id == id }) { return change(&running[index]) }
        var node = Running(id: id, reason: "", startedAt: seconds, attempt: 1)
        change(&node)
        running.append(node)
    }

    private func line(for result: NodeResult, of id: NodeID) -> StyledLine? {
        var line: StyledLine
        switch result.status {
        case .done:
            line = StyledLine(style.doneSign + " ", .good) + StyledLine("\(id)")
            line.add("  " + Words.elapsed(result.seconds), .faint)
            line.add("  " + result.reason, .faint)
        case .failed:
            line = StyledLine(style.failedSign + " ", .bad) + StyledLine("\(id)", .strong)
            if result.seconds > 0 { line.add("  " + Words.elapsed(result.seconds), .faint) }
            line.add("  " + (result.failure?.message ?? result.reason))
        case .cancelled:
            // Those that never started are counted only.
            guard result.attempts > 0 || isVerbose else { return nil }
            line = StyledLine(style.stoppedSign + " ", .warning) + StyledLine("\(id)")
            line.add("  cancelled: " + result.reason, .faint)
        case .skipped:
            guard result.cause != nil || isVerbose else { return nil }
            line = StyledLine(style.skippedSign + " ", .faint) + StyledLine("\(id)")
            line.add("  skipped: " + result.reason, .faint)
        case .upToDate:
            guard isVerbose else { return nil }
            line = StyledLine(style.doneSign + " ", .faint) + StyledLine("\(id)")
            line.add("  up to date: " + result.reason, .faint)
        }
        return line
    }
}
