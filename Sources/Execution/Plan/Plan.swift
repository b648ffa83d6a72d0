public import Base

/// What `up` would do, node by node, in an order that respects the edges.
public struct Plan: Sendable {
    /// A node with what its assessment found.
    public struct Entry: Sendable {
        public var node: ExecutionNode
        public var assessment: Assessment
        /// Everything that was compared, a sentence each; nil where nobody asked.
        public var explanation: [String]?

        public init(node: ExecutionNode, assessment: Assessment) {
            self.node = node
            self.assessment = assessment
        }
    }

    public var entries: [Entry]
    /// The longest chain of work, first to last; empty when there is none.
    public var criticalPath: [NodeID]
    /// How long the work may take; nil when nothing is known from earlier runs.
    public var expectedSeconds: Double?

    public init(entries: [Entry], criticalPath: [NodeID], expectedSeconds: Double?) {
        self.entries = entries
        self.criticalPath = criticalPath
        self.expectedSeconds = expectedSeconds
    }

    public var hasWork: Bool { entries.contains { $0.assessment.isWork } }

    /// The document `devinit.plan/1`.
    public var json: JSON {
        [
            "schema": "devinit.plan/1",
            "nodes": .array(
                entries.map { entry in
                    .members([
                        "id": .string(entry.node.id.description), "kind": .string(entry.node.id.kind),
                        "action": .string(entry.assessment.action.rawValue),
                        "reason": .string(entry.assessment.reason),
                        "needs": .array(entry.node.edges.map { .string($0.need.description) }),
                        "why": entry.explanation.map { .array($0.map { .string($0) }) },
                    ])
                }),
            "critical_path": .array(criticalPath.map { .string($0.description) }),
            "eta_seconds": expectedSeconds.map { .number($0) } ?? .null,
        ]
    }
}
