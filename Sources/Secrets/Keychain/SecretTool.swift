import HostInterfaces

/// `secret-tool` of libsecret, which speaks to the Secret Service of the desktop: GNOME Keyring, KWallet, KeePassXC.
struct SecretTool: KeychainProgram {
    let workspace: String

    private func attributes(_ name: String) -> [String] {
        ["application", "devinit", "workspace", workspace, "secret", name]
    }

    func reading(_ name: String) -> KeychainCall {
        KeychainCall(arguments: ["secret-tool", "lookup"] + attributes(name))
    }

    func writing(_ name: String, _ value: String) -> KeychainCall {
        KeychainCall(
            arguments: ["secret-tool", "store", "--label=devinit: \(name) (\(workspace))"] + attributes(name),
            input: Array(value.utf8))
    }

    func removing(_ name: String) -> KeychainCall {
        KeychainCall(arguments: ["secret-tool", "clear"] + attributes(name))
    }

    /// It lists locked items as well, without their values.
    func looking(_ name: String) -> KeychainCall? {
        KeychainCall(arguments: ["secret-tool", "search", "--all"] + attributes(name))
    }

    func value(of output: [UInt8]) -> String? { String(decoding: output, as: UTF8.self) }

    /// Measured with 0.20.5: status 1 without a word both for an item that is not there and for a locked one.
    func saysAbsent(_ result: ProcessResult) -> Bool { result.end == .exited(1) && result.errorOutput.isEmpty }

    var installing: String { "install secret-tool (Debian, Ubuntu: libsecret-tools; Fedora: libsecret)" }
}
