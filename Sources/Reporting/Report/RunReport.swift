/// What the record of one run tells, put together by node: what the report shows.
///
/// Times are seconds from the start of the run. Texts are as recorded; views make them safe.
public struct RunReport: Sendable {
    /// How the run stands.
    public enum Status: String, Hashable, Sendable {
        case done, failed, cancelled
        /// It is at work right now.
        case going
        /// Its record has no end, and nobody is at work: it was killed, or the machine stopped.
        case unended
    }

    /// One try of a node.
    struct Attempt: Hashable, Sendable {
        var start: Double
        /// nil where the record ends before.
        var end: Double?
        /// Why it failed, where it was tried again.
        var failure: String?
    }

    /// Why a node failed.
    struct Failure: Hashable, Sendable {
        var message: String
        var remedy: String?
        /// Its last lines of output.
        var output: [String] = []
    }

    /// One node of the run.
    struct Node: Sendable {
        var name: String
        /// As recorded; `running` or `waiting` where the record does not tell its end.
        var status: String
        var reason = ""
        /// When all it needs was done.
        var ready: Double?
        var attempts: [Attempt] = []
        var end: Double?
        /// Places of the nodes it needs.
        var needs: [Int] = []
        var failure: Failure?
        /// The place of the node whose end kept it from being tried.
        var cause: Int?
        /// What it said it was doing, and what it told people.
        var marks: [(at: Double, words: String)] = []

        /// From its first start to its end; 0 where nothing ran.
        func seconds(until last: Double) -> Double {
            attempts.first.map { max(0, (end ?? last) - $0.start) } ?? 0
        }
    }

    /// Its id.
    public internal(set) var run: String
    public internal(set) var status = Status.unended
    /// Seconds since 1970; nil where the record does not say.
    public internal(set) var startedAt: Double?
    /// The length of the run, or the last moment that is recorded.
    public internal(set) var seconds = 0.0
    var expectedSeconds: Double?
    var expectedPath: [String] = []
    /// In the order of the plan.
    var nodes: [Node] = []
    /// Whether it is recorded who needs whom.
    var knowsNeeds = false
    var notices: [(at: Double, words: String)] = []
    var interrupted: (at: Double, signal: Int)?
    /// Numbers about the whole run, by name.
    var metrics: [String: Double] = [:]
    /// Lines of the record that could not be read.
    public internal(set) var damagedLines = 0
    /// Whether the record had its beginning.
    public internal(set) var hasStarted = false

    public var nodeCount: Int { nodes.count }
}
