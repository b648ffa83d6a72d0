/// One bound of a range: an operator and a version.
struct Comparator: Hashable, Sendable, CustomStringConvertible {
    enum Operator: String, Sendable {
        case equal = "", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    }

    let relation: Operator
    let version: Version

    init(_ relation: Operator, _ version: Version) {
        self.relation = relation
        self.version = version
    }

    /// What no version satisfies: below the lowest there is.
    static let nothing = Comparator(.less, Version(0, 0, 0, prerelease: [.number(0)]))

    /// `>=0.0.0`, which node-semver takes for any version.
    var isAnything: Bool { relation == .greaterOrEqual && version == Version(0, 0, 0) }

    /// By order alone; the rule for pre-releases is the range's.
    func holds(for other: Version) -> Bool {
        switch relation {
        case .equal: other == version
        case .less: other < version
        case .lessOrEqual: other <= version
        case .greater: other > version
        case .greaterOrEqual: other >= version
        }
    }

    var description: String { relation.rawValue + version.precedence }
}
