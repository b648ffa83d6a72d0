import ManifestModel

/// Values inside URLs (RFC 3986, section 2.1): whatever is not unreserved is escaped, so that a password with an
/// `@` in it stays a password.
enum PercentEncoding {
    static func encode(_ text: String, keeping kept: String = "") -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                out.unicodeScalars.append(Unicode.Scalar(byte))
            case _ where kept.utf8.contains(byte):
                out.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                out += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return out
    }

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
