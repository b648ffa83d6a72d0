import Base
public import HostInterfaces
public import ManifestModel

/// The keys that every kind of node takes. A class, because every look at a node asks for them.
public final class CommonKeys: Sendable {
    static let needs = Key<[Text]>.names("needs", "Nodes that must be done first: ids or names.")
    static let profiles = Key<[Text]>.names("profiles", "Labels; a node with labels is in only when one is chosen.")
    static let condition = Key(KeySpec("when", Condition.shape, "On which machines this counts.")) { Condition($0) }
    static let description = Key<Text>.text("description", "One line for people.")

    /// To be added to the keys of a kind.
    public static let specs = [needs.spec, profiles.spec, condition.spec, description.spec]

    public let needs: [Text]
    public let labels: [Text]
    public let condition: Condition?
    public let description: Text?

    /// `description` is that of the template, for a node that has none of its own.
    public init(_ fields: Fields, description: Text? = nil) {
        needs = fields[Self.needs] ?? []
        labels = fields[Self.profiles] ?? []
        condition = fields[Self.condition]
        self.description = fields[Self.description] ?? description
    }

    /// Those that an entry adds to a node that is declared elsewhere, with the labels that it has there.
    init(_ added: CommonKeys?, standardLabels: [Text]) {
        needs = added?.needs ?? []
        labels = added.flatMap { $0.labels.isEmpty ? nil : $0.labels } ?? standardLabels
        condition = added?.condition
        description = added?.description
    }

    /// For nodes that no entry of the manifest stands for.
    public init() {
        needs = []
        labels = []
        condition = nil
        description = nil
    }

    /// Why the node does not count on this machine; nil when it does.
    public func reasonAgainst(_ host: Host) -> String? {
        condition?.reasonAgainst(host.machine, environment: host.environment)
    }
}
