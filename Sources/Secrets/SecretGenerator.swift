import Base
public import HostInterfaces

/// Makes secrets from the system's random source; every result of a length is as likely as any other.
public struct SecretGenerator: Sendable {
    /// What `generate` may say (manifest, section "secrets").
    public enum Form: String, Sendable, CaseIterable {
        case hex, base64, password, uuid
    }

    private let randomness: any Randomness

    public init(_ host: Host) { randomness = host.randomness }

    /// A new secret of that many characters; a UUID (RFC 9562, version 4) has 36 whatever is asked for.
    public func generate(_ form: Form, length: Int = 32) -> String {
        switch form {
        case .hex: text(length, of: Array("0123456789abcdef".utf8))
        case .base64: text(length, of: Base64.standard)
        case .password: password(length)
        case .uuid: uuid()
        }
    }

    /// Without characters that look alike, that a URL must encode or that a shell reads; it begins with a letter
    /// or digit, and from 4 characters on holds each class once at least.
    private func password(_ length: Int) -> String {
        let letters = Array("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789".utf8)
        let alphabet = letters + Array("-_.".utf8)
        while true {
            // Drawing the whole again keeps all that are allowed equally likely.
            let drawn = text(length, of: alphabet)
            guard drawn.utf8.first.map(letters.contains) ?? true else { continue }
            let classes = Set(drawn.utf8.map(characterClass))
            if length < 4 || classes.count == 4 { return drawn }
        }
    }

    private func characterClass(_ byte: UInt8) -> Int {
        switch Unicode.Scalar(byte) {
        case "a"..."z": 0
        case "A"..."Z": 1
        case "0"..."9": 2
        default: 3
        }
    }

    private func uuid() -> String {
        var bytes = randomness.bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }

    private func text(_ length: Int, of alphabet: [UInt8]) -> String {
        // Bytes beyond the last whole multiple would make the first characters more likely.
        let limit = 256 / alphabet.count * alphabet.count
        var out: [UInt8] = []
        while out.count < length {
            for byte in randomness.bytes(length - out.count + 8) where Int(byte) < limit && out.count < length {
                out.append(alphabet[Int(byte) % alphabet.count])
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
