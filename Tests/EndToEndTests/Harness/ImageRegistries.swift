import Foundation

/// The lab's image registries (`Tests/Lab/registry.py`), for as long as this lives.
final class ImageRegistries {
    private let process = Process()
    private let input = Pipe()
    /// `127.0.0.1:PORT` of the one that is open to everybody, and of the one that wants a login.
    let open: String
    let closed: String

    init() throws {
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", Lab.file("registry.py")]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var text = ""
        while text.split(separator: "\n", omittingEmptySubsequences: false).count < 3 {
            let bytes = output.fileHandleForReading.availableData
            if bytes.isEmpty { throw Missing(what: "the image registries") }
            text += String(decoding: bytes, as: UTF8.self)
        }
        let ports = text.split(separator: "\n").map { "127.0.0.1:\($0)" }
        (open, closed) = (ports[0], ports[1])
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
