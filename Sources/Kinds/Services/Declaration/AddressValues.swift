import Base
import ManifestModel

extension PercentEncoding {
    /// Whether the value of an export is a URL, by its name: `url`, `url.app`, `management_url`.
    static func isURL(_ name: String) -> Bool {
        name == "url" || name.hasPrefix("url.") || name.hasSuffix("_url")
    }
}

extension Template.Segment {
    /// Literal text escaped for a URL; what is looked up later is escaped then.
    var encoded: Template.Segment {
        if case .literal(let text) = self { .literal(PercentEncoding.encode(text)) } else { self }
    }
}
