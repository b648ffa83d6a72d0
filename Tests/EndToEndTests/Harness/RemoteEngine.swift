import Foundation

/// The lab's engine as one on another machine (`Tests/Lab/remote-engine`), for as long as this lives.
final class RemoteEngine {
    enum Way: String, CaseIterable, Sendable { case tcp = "TCP", tls = "TLS", ssh = "SSH" }

    /// The other machine.
    static let host = "127.0.0.2"

    private let process = Process()
    private let input = Pipe()
    private var told: [String: String] = [:]

    init(in folder: String) throws {
        guard let socket = Lab.environment["DOCKER_HOST"]?.dropFirst("unix://".count) else {
            throw Missing(what: "the lab's engine")
        }
        let output = Pipe()
        process.executableURL = URL(filePath: Lab.file("remote-engine"))
        process.arguments = [String(socket), folder]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var text = ""
        while !text.contains("READY=1\n") {
            let bytes = output.fileHandleForReading.availableData
            if bytes.isEmpty { throw Missing(what: "the remote engine; it said: \(text)") }
            text += String(decoding: bytes, as: UTF8.self)
        }
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { told[parts[0]] = parts[1] }
        }
    }

    /// The variables with which people use it so.
    func environment(_ way: Way) -> [String: String] {
        var environment = ["DOCKER_HOST": told[way.rawValue] ?? ""]
        switch way {
        case .tcp: break
        case .tls:
            environment["DOCKER_TLS_VERIFY"] = "1"
            environment["DOCKER_CERT_PATH"] = told["CERTIFICATES"]
        case .ssh: environment["PATH"] = "\(told["SSH_FOLDER"] ?? ""):/usr/local/bin:/usr/bin:/bin"
        }
        return environment
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
