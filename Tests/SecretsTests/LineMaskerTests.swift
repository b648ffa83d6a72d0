import Secrets
import Testing

@Suite struct LineMaskerTests {
    let mask = SecretMask()

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `a secret split across chunks at any place is never shown`() {
        mask.add("hunter2-secret", name: "a")
        let whole = Array("before hunter2-secret after\nhunter2-secret\nlast hunter2-secret".utf8)
        for first in 0...whole.count {
            for second in first...whole.count {
                var masker = LineMasker(mask)
                var out = masker.feed(Array(whole[..<first]))
                out += masker.feed(Array(whole[first..<second]))
                out += masker.feed(Array(whole[second...]))
                out += masker.finish()
                #expect(text(out) == "before *** after\n***\nlast ***")
            }
        }
    }

    @Test func `only whole lines come out, also without secrets`() {
        var masker = LineMasker(mask)
        #expect(text(masker.feed(Array("one\ntw".utf8))) == "one\n")
        #expect(text(masker.feed(Array("o".utf8))) == "")
        #expect(text(masker.feed(Array("\nthree\n".utf8))) == "two\nthree\n")
        #expect(masker.finish() == [])
        #expect(masker.finish() == [])
    }

    @Test func `a secret known only after its line began is hidden`() {
        var masker = LineMasker(mask)
        _ = masker.feed(Array("token: hunter2-".utf8))
        mask.add("hunter2-secret", name: "a")
        #expect(text(masker.feed(Array("secret\n".utf8))) == "token: ***\n")
    }

    @Test func `an endless line comes out in parts without a secret in any`() {
        mask.add("hunter2-secret", name: "a")
        let limit = 512
        // The secret stands around where the line is cut, at every offset.
        for offset in -40...40 {
            let line =
                String(repeating: "x", count: limit + offset) + "hunter2-secret"
                + String(repeating: "y", count: 2 * limit)
            var masker = LineMasker(mask, limit: limit)
            var out: [UInt8] = []
            var largest = 0
            let bytes = Array(line.utf8)
            for start in stride(from: 0, to: bytes.count, by: 37) {
                let part = masker.feed(Array(bytes[start..<min(start + 37, bytes.count)]))
                largest = max(largest, part.count)
                out += part
            }
            #expect(largest > 0)
            out += masker.finish()
            let wanted = Array(line.replacing("hunter2-secret", with: "***").utf8)
            #expect(out == wanted, "offset \(offset)")
        }
    }

    @Test func `secrets that follow each other across a cut are hidden whole`() {
        mask.add("abcabc", name: "a")
        let limit = 512
        for offset in 0..<12 {
            let line = String(repeating: "-", count: limit - offset) + String(repeating: "abc", count: 500) + "--"
            var masker = LineMasker(mask, limit: limit)
            var out: [UInt8] = []
            let bytes = Array(line.utf8)
            for start in stride(from: 0, to: bytes.count, by: 41) {
                out += masker.feed(Array(bytes[start..<min(start + 41, bytes.count)]))
            }
            out += masker.finish()
            #expect(!text(out).contains("ab") && !text(out).contains("c"), "offset \(offset)")
            #expect(text(out).hasSuffix("***--"))
        }
    }
}
