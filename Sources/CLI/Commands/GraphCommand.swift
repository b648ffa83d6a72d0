import Arguments
import Base
import Execution
import Kinds

/// `graph`: who waits for whom, for drawing.
enum GraphCommand: Command {
    static let format = Option<String>(
        "format", value: "HOW", type: .choice(["mermaid", "dot"]), default: "mermaid",
        help: "The language of the drawing.",
        variable: .none)

    static let spec = CommandSpec(
        name: "graph", summary: "Prints the graph of nodes as mermaid or dot.",
        arguments: SelectionOptions.specs + [format.spec],
        examples: [Example("devinit graph --format dot", help: "For Graphviz.")], group: CommandTable.more)

    static func run(_ parsed: ParsedArguments, in session: Session) async throws(CommandFailure) -> ExitStatus {
        let opened = try OpenedWorkspace.open(session)
        let graph = try opened.graph(SelectionOptions.selection(parsed))
        if session.isJSON {
            session.answer(json(graph))
        } else {
            session.answer(parsed[format] == "dot" ? dot(graph) : mermaid(graph))
        }
        return .done
    }

    static func json(_ graph: ExecutionGraph) -> JSON {
        let edges = graph.order.flatMap { id in
            (graph.nodes[id]?.edges ?? []).map { edge -> JSON in
                [
                    "node": .string(id.description), "needs": .string(edge.need.description),
                    "reason": .string(edge.reason),
                ]
            }
        }
        return [
            "schema": "devinit.graph/1", "nodes": .array(graph.order.map { .string($0.description) }),
            "edges": .array(edges),
        ]
    }

    /// https://graphviz.org/doc/info/lang.html: an edge goes from what is needed to what waits.
    static func dot(_ graph: ExecutionGraph) -> String {
        var lines = ["digraph devinit {", "  rankdir=LR;", "  node [shape=box];"]
        for id in graph.order { lines.append("  \"\(id)\";") }
        for id in graph.order {
            for edge in graph.nodes[id]?.edges ?? [] {
                lines.append("  \"\(edge.need)\" -> \"\(id)\" [tooltip=\"\(edge.reason)\"];")
            }
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    /// https://mermaid.js.org/syntax/flowchart.html
    static func mermaid(_ graph: ExecutionGraph) -> String {
        let order = graph.order
        let numbers = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, "n\($0)") })
        var lines = ["flowchart LR"]
        for id in order { lines.append("  \(numbers[id] ?? "")[\"\(id)\"]") }
        for id in order {
            for edge in graph.nodes[id]?.edges ?? [] {
                lines.append("  \(numbers[edge.need] ?? "") --> \(numbers[id] ?? "")")
            }
        }
        return lines.joined(separator: "\n")
    }
}
