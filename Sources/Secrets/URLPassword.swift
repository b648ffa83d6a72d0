/// Passwords that stand in addresses as written: `https://user:password@host` (RFC 3986, section 3.2.1).
public enum URLPassword {
    /// The text with each of them replaced by `***`.
    public static func masked(_ text: String) -> String {
        guard text.contains("://"), text.contains("@") else { return text }
        var parts = text.split(separator: "://", omittingEmptySubsequences: false).map(String.init)
        for index in parts.indices.dropFirst() {
            let authority = parts[index].prefix { $0 != "/" && $0 != "?" && $0 != "#" && !$0.isWhitespace }
            guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
                continue
            }
            parts[index] = parts[index][...colon] + "***" + parts[index][at...]
        }
        return parts.joined(separator: "://")
    }
}
