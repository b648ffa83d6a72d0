import Base
import HostInterfaces
import State

/// The keychain of the user's system, spoken to through the program that the system has for it.
///
/// Values go in by standard input and come out by standard output; an argument could be read by others. What it can't do
/// is an error: nothing is kept elsewhere instead.
struct Keychain: Sendable {
    /// A person may have to unlock it; a command that only looks waits less. In seconds.
    enum Patience: Int64, Sendable { case little = 5, person = 120 }

    private let host: Host
    private let program: any KeychainProgram

    /// `folder` names the workspace in the keychain.
    init(in folder: StateFolder, host: Host) {
        self.host = host
        let workspace = folder.path.name
        program =
            host.machine.operatingSystem == "macos"
            ? SecurityProgram(workspace: workspace) : SecretTool(workspace: workspace)
    }

    /// The value that was put there under the name.
    func read(_ name: String, _ patience: Patience) async throws(SecretStoreError) -> String {
        let result = try await run(program.reading(name), patience)
        guard result.succeeded else { throw await refusal(result, name, "give the secret '\(name)'", patience) }
        guard let value = program.value(of: result.output) else {
            throw SecretStoreError(
                "the keychain's item for the secret '\(name)' is not one that devinit wrote",
                remedy: "give it anew: devinit secrets set \(name)")
        }
        return value
    }

    /// Puts the value there, in place of one that is there. Returns when it can be read back.
    func write(_ name: String, _ value: String) async throws(SecretStoreError) {
        let result = try await run(try program.writing(name, value), .person)
        guard result.succeeded else { throw await refusal(result, name, "take the secret '\(name)'", .person) }
        // One of the programs tells of no failure.
        guard (try? await read(name, .person)) == value else {
            throw SecretStoreError("the keychain did not take the secret '\(name)'", remedy: Self.wayOut)
        }
    }

    /// Takes the value away; one that is not there is no error.
    func remove(_ name: String) async throws(SecretStoreError) {
        let result = try await run(program.removing(name), .person)
        if result.succeeded { return }
        let refusal = await refusal(result, name, "let the secret '\(name)' go", .person)
        if refusal != gone(name) { throw refusal }
    }

    // MARK: What went wrong

    static let wayOut = "unlock it or log in to the desktop, or keep secrets in a file: defaults.secret_store: file"

    private func run(_ call: KeychainCall, _ patience: Patience) async throws(SecretStoreError) -> ProcessResult {
        let request = ProcessRequest(
            call.arguments, environment: host.environment, folder: host.currentFolder,
            input: call.input.isEmpty ? .none : .bytes(call.input), output: .captured(limit: 4 << 20),
            timeLimit: .seconds(patience.rawValue))
        do throws(ProcessError) {
            return try await host.processes.run(request, onOutput: nil)
        } catch {
            throw SecretStoreError(
                "the keychain can't be used: \(error)",
                remedy: "\(program.installing), or keep secrets in a file: defaults.secret_store: file")
        }
    }

    /// What a failed call means. Not every program tells a locked keychain from one that has no such item.
    private func refusal(
        _ result: ProcessResult, _ name: String, _ what: String, _ patience: Patience
    ) async -> SecretStoreError {
        if result.end == .timedOut {
            return SecretStoreError("the keychain did not answer in \(patience.rawValue)s", remedy: Self.wayOut)
        }
        if program.saysAbsent(result) {
            guard let look = program.looking(name) else { return gone(name) }
            let found = try? await run(look, .little)
            if found?.output.isEmpty != false, found?.errorOutput.isEmpty != false { return gone(name) }
            return SecretStoreError("the keychain is locked and did not \(what)", remedy: Self.wayOut)
        }
        let words = result.errorText.split(separator: "\n").last.map { ": \($0)" } ?? ""
        return SecretStoreError("the keychain did not \(what)\(words)", remedy: Self.wayOut)
    }

    func gone(_ name: String) -> SecretStoreError {
        SecretStoreError(
            "the secret '\(name)' is not in the keychain any more, where devinit had put it",
            remedy: "give it anew (devinit secrets set \(name)), or drop it (devinit secrets forget \(name))")
    }
}

/// A call of a keychain's program.
struct KeychainCall: Sendable {
    var arguments: [String]
    var input: [UInt8] = []
}

/// How one system's program is called.
protocol KeychainProgram: Sendable {
    func reading(_ name: String) -> KeychainCall
    func writing(_ name: String, _ value: String) throws(SecretStoreError) -> KeychainCall
    func removing(_ name: String) -> KeychainCall
    /// A call that prints something where there is such an item, locked or not; nil where the others tell that.
    func looking(_ name: String) -> KeychainCall?
    /// The value in what `reading` printed; nil where it can't be one.
    func value(of output: [UInt8]) -> String?
    /// Whether a failed call says that there is no such item, or may say so.
    func saysAbsent(_ result: ProcessResult) -> Bool
    /// How to get the program.
    var installing: String { get }
}
