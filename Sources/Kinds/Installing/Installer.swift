import Base
import Execution
import HostInterfaces
import Synchronization

/// Installs packages with the person's consent, one command at a time: managers lock their records.
struct Installer: Sendable {
    let context: NodeContext

    /// The arguments to start: with `sudo` where root is needed and we are not.
    static func arguments(_ words: [String], _ manager: PackageManager, _ host: Host) -> [String] {
        manager.needsRoot && host.machine.user != 0 ? ["sudo"] + words : words
    }

    /// The same as a person would type it.
    static func command(_ words: [String], _ manager: PackageManager, _ host: Host) -> String {
        arguments(words.filter { $0 != "-y" && $0 != "--noconfirm" }, manager, host).joined(separator: " ")
    }

    func install(_ packages: [String], casks: Bool, _ manager: PackageManager) async throws(NodeFailure) {
        let host = context.host
        let words = manager.installation(of: packages, casks: casks)
        var arguments = Self.arguments(words, manager, host)
        // A password can't be asked for here: output is captured and others may be running.
        if arguments.first == "sudo" { arguments.insert("-n", at: 1) }
        var environment = host.environment
        environment["DEBIAN_FRONTEND"] = "noninteractive"
        environment["HOMEBREW_NO_AUTO_UPDATE"] = "1"
        context.reporter.progress(NodeProgress("waiting for another installation"))
        await Turn.shared.take()
        defer { Turn.shared.give() }
        context.reporter.progress(NodeProgress("installing \(packages.joined(separator: ", "))"))
        do throws(NodeFailure) {
            try await CommandRunner(context).run(
                ProcessRequest(
                    arguments, environment: environment, folder: host.currentFolder, timeLimit: CallLimit.download),
                what: arguments.joined(separator: " "))
        } catch {
            var failure = InstallFailures.classified(error)
            failure.remedy = "run it yourself and see: \(Self.command(words, manager, host))"
            throw failure
        }
    }
}

/// One at a time, in the order of asking.
final class Turn: Sendable {
    static let shared = Turn()

    private struct State {
        var isTaken = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.isTaken else {
                    state.isTaken = true
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    func give() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
