public import Base

/// A text of the manifest with its place; what it refers to is looked up when it is needed.
public struct Text: Hashable, Sendable {
    public var template: Template
    public var location: SourceLocation

    public init(template: Template, location: SourceLocation) {
        self.template = template
        self.location = location
    }

    public init(literal: String, location: SourceLocation) {
        self.init(template: Template(literal: literal), location: location)
    }

    /// The text where nothing is left to look up.
    public var literal: String? { template.literal }
    public var references: [Reference] { template.references }
    /// As it stands in the manifest: what people are shown.
    public var source: String { template.literal ?? template.source }
}
