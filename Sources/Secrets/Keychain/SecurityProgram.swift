import Base
import HostInterfaces

/// `security` of macOS. Recorded: written after its manual page and source, not run by our tests.
struct SecurityProgram: KeychainProgram {
    let workspace: String
    private static let program = "/usr/bin/security"
    /// `security -i` reads a command into a buffer of 4096 bytes.
    private static let longestLine = 4000

    private func item(_ name: String) -> [String] { ["-s", "devinit-\(workspace)", "-a", name] }

    func reading(_ name: String) -> KeychainCall {
        KeychainCall(arguments: [Self.program, "find-generic-password"] + item(name) + ["-w"])
    }

    /// Its own arguments would show the value, so the whole command goes by standard input. Percent-encoded, the value
    /// needs no quotes there, and is printed as it is and not in hexadecimal.
    func writing(_ name: String, _ value: String) throws(SecretStoreError) -> KeychainCall {
        let words = ["add-generic-password", "-U"] + item(name) + ["-w", PercentEncoding.encode(value)]
        let line = words.joined(separator: " ") + "\n"
        guard line.utf8.count <= Self.longestLine else {
            throw SecretStoreError(
                "the secret '\(name)' is too long for the keychain's program",
                remedy: "keep secrets in a file: defaults.secret_store: file")
        }
        return KeychainCall(arguments: [Self.program, "-i"], input: Array(line.utf8))
    }

    func removing(_ name: String) -> KeychainCall {
        KeychainCall(arguments: [Self.program, "delete-generic-password"] + item(name))
    }

    func looking(_ name: String) -> KeychainCall? { nil }

    func value(of output: [UInt8]) -> String? {
        Self.decoded(output.last == UInt8(ascii: "\n") ? output.dropLast() : output[...])
    }

    /// errSecItemNotFound (-25300), of which a shell sees the low byte.
    func saysAbsent(_ result: ProcessResult) -> Bool { result.end == .exited(44) }

    var installing: String { "see why /usr/bin/security can't be run" }

    // MARK: Percent-encoding (RFC 3986, section 2.1)

    /// Nil for what `PercentEncoding` never writes.
    static func decoded(_ text: ArraySlice<UInt8>) -> String? {
        var out: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                out.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            out.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: out, as: UTF8.self)
    }
}
