/// Text inside URLs (RFC 3986, section 2.1): whatever is not unreserved is escaped, so that a password with an `@` in it
/// stays a password.
public enum PercentEncoding {
    /// `kept` are characters of ASCII that stay as they are too.
    public static func encode(_ text: String, keeping kept: String = "", uppercase: Bool = true) -> String {
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
                out += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: uppercase)
            }
        }
        return out
    }
}
