import CGit2
import Git

extension Session {
    /// Judges the host's key or certificate: 0 goes on, less than 0 stops.
    func judge(_ certificate: UnsafeMutablePointer<git_cert>?, isValid: Bool) -> Int32 {
        output.activity("checking the host")
        guard let certificate else { return GIT_ECERTIFICATE.rawValue }
        guard certificate.pointee.cert_type == GIT_CERT_HOSTKEY_LIBSSH2 else {
            // No positive number: libgit2 takes that for consent, whatever its documentation says.
            return isValid ? 0 : GIT_ECERTIFICATE.rawValue
        }
        let host = RepositoryAddress(request.connection)?.host ?? ""
        let shown = certificate.withMemoryRebound(to: git_cert_hostkey.self, capacity: 1) { Self.key(of: $0.pointee) }
        guard let shown, let ssh = request.ssh else {
            refusal = GitFailure(.hostKey, "The host key of \(host) can't be checked with this libgit2.")
            return GIT_ECERTIFICATE.rawValue
        }
        if ssh.revokedKeys.contains(shown) {
            refusal = GitFailure(.hostKey, "The key that \(host) shows is marked as revoked in known_hosts.")
            return GIT_ECERTIFICATE.rawValue
        }
        if ssh.hostKeys.contains(shown) { return 0 }
        let type = shown.prefix { $0 != " " }
        let ofSameType = ssh.hostKeys.contains { $0.hasPrefix(type + " ") }
        if ofSameType {
            refusal = GitFailure(
                .hostKey,
                "The key that \(host) shows is not the one in known_hosts: the server was set up anew, or someone is in between.",
                hint: "Ask who runs it. If the change is real: ssh-keygen -R \(host), then connect once with ssh.")
        } else if ssh.hostKeys.isEmpty {
            refusal = GitFailure(
                .hostKey, "\(host) is not in known_hosts, so nothing says that it is the right server.",
                hint: "Connect once (ssh \(host)) and compare the fingerprint with the one that its owner publishes.")
        } else {
            // ssh would have asked for a type that it knows; this libssh2 chooses on its own.
            refusal = GitFailure(
                .unsupported, "\(host) shows a key of the type \(type), and known_hosts has others only.")
        }
        return GIT_ECERTIFICATE.rawValue
    }

    /// The key as it stands in known_hosts: its type and its content in Base64.
    private static func key(of certificate: git_cert_hostkey) -> String? {
        guard certificate.type.rawValue & GIT_CERT_SSH_RAW.rawValue != 0, let start = certificate.hostkey else {
            return nil
        }
        let bytes = UnsafeRawBufferPointer(start: start, count: certificate.hostkey_len).map { $0 }
        // The content begins with the type's name and its length in four bytes (RFC 4253, 6.6).
        guard bytes.count > 4 else { return nil }
        let length = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - 4 else { return nil }
        return String(decoding: bytes[4..<4 + length], as: UTF8.self) + " " + base64(bytes)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for digit in 0..<4 {
                out.append(digit <= group.count ? letters[value >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
