import Base
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
        return digest.hexadecimal
    }
}
