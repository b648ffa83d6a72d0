import Base
import Secrets
import Testing

@Suite struct SecretMaskTests {
    let mask = SecretMask()

    @Test func `a secret is hidden wherever it stands, short ones are refused`() {
        #expect(mask.add("s3cr3t!", name: "a"))
        #expect(!mask.add("12345", name: "pin"))
        #expect(mask.mask("s3cr3t! and xs3cr3t!y, pin 12345") == "*** and x***y, pin 12345")
        #expect(mask.mask("s3cr3t") == "s3cr3t")
    }

    @Test func `without secrets text passes as it is`() {
        #expect(mask.isEmpty)
        #expect(mask.mask("a\u{0}b") == "a\u{0}b")
    }

    @Test(arguments: [
        "cGEkcyd3Im9yZC8gw6k=", "cGEkcyd3Im9yZC8gw6k", "pa%24s%27w%22ord%2F%20%C3%A9", "pa%24s%27w%22ord%2f%20%c3%a9",
        "pa%24s'w%22ord%2F%20%C3%A9", "pa%24s%27w%22ord%2F+%C3%A9", "pa$s'w\\\"ord/ é", "pa$s'w\\\"ord\\/ é",
        "pa$s'w\\\"ord/ \\u00e9", "'pa$s'\\''w\"ord/ é'", "\"pa\\$s'w\\\"ord/ é\"", "pa\\$s\\'w\\\"ord/\\ é",
    ])
    func `a secret is hidden in every form in which programs print it`(form: String) {
        mask.add("pa$s'w\"ord/ é", name: "a")
        let masked = mask.mask("x=\(form);")
        #expect(masked.contains("***") && !masked.contains("ord"), "\(masked)")
        #expect(masked.utf8.count <= "x='***';".utf8.count, "\(masked)")
    }

    @Test(arguments: [
        ("dXNlcjpodW50ZXIyLXNlY3JldA==", "user:hunter2-secret"), ("eDpodW50ZXIyLXNlY3JldA==", "x:hunter2-secret"),
        ("YWI6aHVudGVyMi1zZWNyZXQ6eg==", "ab:hunter2-secret:z"),
    ])
    func `a secret inside longer base64 is hidden at every alignment`(encoded: String, plain: String) {
        mask.add("hunter2-secret", name: "a")
        let masked = mask.mask("Authorization: Basic \(encoded)")
        let visible = masked.dropFirst("Authorization: Basic ".count).replacing("***", with: "")
        #expect(masked.contains("***") && visible.count <= 12, "\(masked)")
    }

    @Test func `secrets that overlap or touch are hidden whole`() {
        mask.add("abcdefgh", name: "a")
        mask.add("fghijklm", name: "b")
        mask.add("abcdef", name: "c")
        #expect(mask.mask("-abcdefghijklm-") == "-***-")
        #expect(mask.mask("-abcdefabcdef-abcdefgh") == "-***-***")
    }

    @Test func `each line of a secret of many lines is hidden`() {
        mask.add("-----BEGIN KEY-----\r\nMIIEvQIBADANBgkq\nhkiG9w0BAQEF\n", name: "key")
        #expect(mask.mask("log: hkiG9w0BAQEF\nlog: MIIEvQIBADANBgkq\n") == "log: ***\nlog: ***\n")
        #expect(mask.mask("a-----BEGIN KEY-----\r\nMIIEvQIBADANBgkq\nhkiG9w0BAQEF\nb") == "a***b")
        let json = JSON.string("-----BEGIN KEY-----\r\nMIIEvQIBADANBgkq\nhkiG9w0BAQEF\n").text()
        #expect(mask.mask(json) == "\"***\"")
    }

    @Test func `threads that add and mask at once see whole values`() async {
        let mask = mask
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    mask.add("secret-number-\(number)-", name: "s\(number)")
                    #expect(mask.mask("secret-number-\(number)-") == "***")
                }
            }
        }
    }
}
