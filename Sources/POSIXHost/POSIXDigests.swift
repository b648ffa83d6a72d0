import HostInterfaces

#if canImport(CommonCrypto)
    import CommonCrypto
#else
    import CMessageDigest
#endif

/// SHA-256 of CommonCrypto on macOS, of libcrypto elsewhere.
struct POSIXDigests: Digests {
    func sha256(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        #if canImport(CommonCrypto)
            bytes.withUnsafeBytes { _ = CC_SHA256($0.baseAddress, CC_LONG($0.count), &digest) }
        #else
            devinit_sha256(bytes, bytes.count, &digest)
        #endif
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 64) { text in
            for (index, byte) in digest.enumerated() {
                text[2 * index] = digits[Int(byte >> 4)]
                text[2 * index + 1] = digits[Int(byte & 15)]
            }
            return 64
        }
    }
}
