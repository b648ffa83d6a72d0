import Base
public import HostInterfaces
public import YAML

/// `when`: on which machines a node applies. Keys are and-ed, a list inside a key or-ed, a list of maps or-ed.
public struct Condition: Hashable, Sendable {
    struct Clause: Hashable, Sendable {
        var systems: [String] = []
        var architectures: [String] = []
        var continuousIntegration: Bool?
        var variables: [String] = []
    }

    var clauses: [Clause]

    static let clause = ObjectShape(
        "a condition",
        keys: [
            KeySpec("os", .list(.choice(["linux", "macos"])), "linux or macos."),
            KeySpec("arch", .list(.choice(["x86_64", "arm64"])), "x86_64 or arm64."),
            KeySpec("ci", .boolean, "Whether the variable CI is set."),
            KeySpec("env", .list(.literal(.plain)), "NAME, !NAME or NAME=value."),
        ])

    public static let shape = Shape.either([.object(clause), .list(.object(clause))])

    public init(_ node: YAMLNode) {
        let maps = node.items ?? [node]
        clauses = maps.map { map in
            var clause = Clause()
            clause.systems = map["os"]?.itemsOrOne.compactMap(\.text) ?? []
            clause.architectures = map["arch"]?.itemsOrOne.compactMap(\.text) ?? []
            clause.continuousIntegration = Fields(map)[Key<Bool>.flag("ci", "")]
            clause.variables = map["env"]?.itemsOrOne.compactMap(\.text) ?? []
            return clause
        }
    }

    /// Why it does not hold on this machine; nil when it holds.
    public func reasonAgainst(_ machine: Machine, environment: [String: String]) -> String? {
        var reasons: [String] = []
        for clause in clauses {
            guard let reason = clause.reasonAgainst(machine, environment) else { return nil }
            reasons.append(reason)
        }
        return reasons.isEmpty ? nil : reasons.joined(separator: ", ")
    }
}

extension Condition.Clause {
    func reasonAgainst(_ machine: Machine, _ environment: [String: String]) -> String? {
        if !systems.isEmpty, !systems.contains(machine.operatingSystem) {
            return "only on \(systems.joined(separator: " or "))"
        }
        if !architectures.isEmpty, !architectures.contains(machine.architecture) {
            return "only on \(architectures.joined(separator: " or "))"
        }
        if let wanted = continuousIntegration {
            let value = environment["CI"] ?? ""
            let isSet = !value.isEmpty && value != "0" && value != "false"
            if wanted != isSet { return wanted ? "only in CI" : "not in CI" }
        }
        if !variables.isEmpty, !variables.contains(where: { holds($0, environment) }) {
            return "only when \(variables.joined(separator: " or "))"
        }
        return nil
    }

    private func holds(_ variable: String, _ environment: [String: String]) -> Bool {
        if variable.hasPrefix("!") { return (environment[String(variable.dropFirst())] ?? "").isEmpty }
        if let equals = variable.firstIndex(of: "=") {
            return environment[String(variable[..<equals])] == String(variable[variable.index(after: equals)...])
        }
        return !(environment[variable] ?? "").isEmpty
    }
}
