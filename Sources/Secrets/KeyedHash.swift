import Base
public import HostInterfaces
public import State

/// Tells whether a value changed without keeping it: HMAC-SHA-256 (RFC 2104) under a random key that stays in the
/// state folder, so that a hash that leaks says nothing of a short value.
public struct KeyedHash: Sendable {
    private let key: [UInt8]
    private let digests: any Digests

    init(key: [UInt8], digests: any Digests) {
        self.key = key
        self.digests = digests
    }

    /// Reads the key, making it when it is not there. A key that can't be read is made anew: values then count as
    /// changed.
    public static func open(in folder: StateFolder, host: Host) throws(SystemError) -> KeyedHash {
        if let known = readOnly(in: folder, host: host) { return known }
        try folder.prepare()
        let key = host.randomness.bytes(32)
        try host.files.replace(path(in: folder), with: key, mode: 0o600)
        return KeyedHash(key: key, digests: host.digests)
    }

    /// The same without making one: nil where nothing was hashed yet.
    public static func readOnly(in folder: StateFolder, host: Host) -> KeyedHash? {
        guard let key = try? host.files.read(path(in: folder), limit: 32), key.count == 32 else { return nil }
        return KeyedHash(key: key, digests: host.digests)
    }

    /// 64 hexadecimal digits. The name counts, so that equal values of two secrets don't show as equal.
    public func hash(_ value: String, name: String) -> String {
        let message = Array(String(name.utf8.count).utf8) + [0] + Array(name.utf8) + Array(value.utf8)
        return authentication(of: message)
    }

    /// HMAC itself; keys here are shorter than a block.
    func authentication(of message: [UInt8]) -> String {
        let block = key + Array(repeating: 0, count: 64 - key.count)
        let inner = digests.sha256(block.map { $0 ^ 0x36 } + message)
        return digests.sha256(block.map { $0 ^ 0x5C } + KeyedHash.bytes(inner))
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.utf8.map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static func path(in folder: StateFolder) -> Path { folder.path / "hash-key" }
}
