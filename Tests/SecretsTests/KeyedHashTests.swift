import HostFakes
import Testing

@testable import Secrets

@Suite struct KeyedHashTests {
    /// RFC 4231, test cases 1 and 2.
    @Test(arguments: [
        (
            Array(repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
    ])
    func `the authentication code is the standard's`(key: [UInt8], message: String, code: String) {
        #expect(KeyedHash(key: key, digests: FakeDigests()).authentication(of: Array(message.utf8)) == code)
    }
}
