import Testing

@testable import Secrets

@Suite struct URLPasswordTests {
    @Test(
        arguments: [
            ("http://u:p@h/x", "http://u:***@h/x"), ("a b", "a b"), ("http://u@h", "http://u@h"),
            ("http://h:80/a@b", "http://h:80/a@b"), ("x http://u:a@b@h?c:d@e", "x http://u:***@h?c:d@e"),
            ("p://u:1@h q://v:2@i", "p://u:***@h q://v:***@i"), ("git@h:a/b://", "git@h:a/b://"),
        ])
    func `a password in an address is not shown, whatever stands around it`(text: String, masked: String) {
        #expect(URLPassword.masked(text) == masked)
    }
}
