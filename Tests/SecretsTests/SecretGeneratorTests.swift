import HostFakes
import HostInterfaces
import Secrets
import Testing

@Suite struct SecretGeneratorTests {
    let generator = SecretGenerator(.fake())

    @Test(arguments: [1, 7, 32, 100])
    func `a secret has as many characters as were asked for`(length: Int) {
        for form in [SecretGenerator.Form.hex, .base64, .password] {
            #expect(generator.generate(form, length: length).count == length)
        }
        #expect(generator.generate(.hex, length: 64).allSatisfy { "0123456789abcdef".contains($0) })
    }

    @Test func `a uuid is one of version 4`() throws {
        for _ in 0..<50 {
            let text = generator.generate(.uuid, length: 5)
            #expect(
                try /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/.wholeMatch(in: text) != nil)
        }
    }

    @Test(arguments: [(SecretGenerator.Form.hex, 16), (.base64, 64)])
    func `every character is as likely as any other`(form: SecretGenerator.Form, alphabet: Int) {
        check(generator.generate(form, length: 60_000), alphabet)
    }

    @Test func `the characters of passwords are evenly drawn behind the first`() {
        // Short ones are not drawn again for their classes.
        let text = (0..<20_000).map { _ in generator.generate(.password, length: 3).suffix(2) }.joined()
        check(text, 60)
    }

    /// Pearson's chi-squared test: far beyond the mean by eight standard deviations is no accident, and the bias
    /// of a plain remainder is.
    private func check(_ text: String, _ alphabet: Int) {
        var counts: [UInt8: Double] = [:]
        for byte in text.utf8 { counts[byte, default: 0] += 1 }
        #expect(counts.count == alphabet)
        let expected = Double(text.utf8.count) / Double(alphabet)
        let chiSquared = counts.values.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
        let freedom = Double(alphabet - 1)
        #expect(chiSquared < freedom + 8 * (2 * freedom).squareRoot(), "\(chiSquared)")
    }

    @Test func `a password holds every class and nothing that must be quoted`() {
        for _ in 0..<500 {
            let text = generator.generate(.password, length: 8)
            #expect(text.contains { $0.isLowercase } && text.contains { $0.isUppercase })
            #expect(text.contains { $0.isNumber } && text.contains { "-_.".contains($0) })
            #expect(text.first!.isLetter || text.first!.isNumber)
            #expect(text.unicodeScalars.allSatisfy { $0.isASCII && !"0O1lI'\"$\\`#& ".unicodeScalars.contains($0) })
        }
    }
}
