import Arguments
import Base
import Execution
import HostInterfaces
import Kinds
import Reporting
import Secrets
import Synchronization

/// The logs of several services beside each other, each line with its service's name.
struct ServiceLogs {
    private let opened: OpenedWorkspace
    private let parsed: ParsedArguments

    init(_ opened: OpenedWorkspace, _ parsed: ParsedArguments) {
        self.opened = opened
        self.parsed = parsed
    }

    /// Those of the named services; where none is named of all that run.
    func show(_ names: [String]) async throws(CommandFailure) -> ExitStatus {
        try await Preparation.settle(opened, writing: false)
        let services: [String]
        if names.isEmpty {
            let all = opened.workspace.nodes(of: "service").map(\.id.name)
            services = await opened.services.running(among: all)
            if services.isEmpty {
                throw CommandFailure(
                    .failed, code: "no-log", "no service is running", suggestion: "start them with: devinit up")
            }
        } else {
            var found: [String] = []
            for name in names where !found.contains(name) {
                let id = try opened.service(named: name)
                if !found.contains(id.name) { found.append(id.name) }
            }
            services = found
        }
        var requests: [(name: String, request: ProcessRequest)] = []
        do throws(NodeFailure) {
            for name in services {
                var request = try await opened.services.logs(
                    name, follow: parsed[LogsCommand.follow], lines: parsed[LogsCommand.lines], prefixed: false)
                request.output = .captured(limit: opened.session.isJSON ? 64 << 20 : 1 << 12)
                request.timeLimit = nil
                requests.append((name, request))
            }
        } catch {
            throw CommandFailure(.of([error]), code: "logs", error.message, suggestion: error.remedy)
        }
        return opened.session.isJSON ? await document(requests) : await lines(requests)
    }

    private func lines(_ requests: [(name: String, request: ProcessRequest)]) async -> ExitStatus {
        let width = requests.map(\.name.count).max() ?? 0
        let session = opened.session
        let mask = opened.values.mask
        return await withTaskGroup(of: Bool.self) { group in
            for (name, request) in requests {
                let start = name + String(repeating: " ", count: width - name.count) + " | "
                group.addTask {
                    let maskers = Mutex((output: LineMasker(mask), error: LineMasker(mask)))
                    @Sendable func show(_ bytes: [UInt8]) {
                        // Compose 2.26 begins with "erase the line" also where no terminal reads it.
                        let text = String(decoding: bytes, as: UTF8.self).replacing("\u{1B}[2K", with: "")
                        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                        if lines.last == "" { lines.removeLast() }
                        // Written at once, so that lines of two services do not run into each other.
                        let all = lines.map { "\(start)\($0)\n" }.joined()
                        if !all.isEmpty { session.host.terminal.write(all, to: .output) }
                    }
                    let result = try? await session.host.processes.run(request) { stream, bytes in
                        show(
                            maskers.withLock { stream == .output ? $0.output.feed(bytes) : $0.error.feed(bytes) })
                    }
                    show(maskers.withLock { $0.output.finish() + $0.error.finish() })
                    return result?.succeeded ?? false
                }
            }
            return await group.reduce(true) { $0 && $1 } ? .done : .failed
        }
    }

    private func document(_ requests: [(name: String, request: ProcessRequest)]) async -> ExitStatus {
        var logs: [JSON] = []
        var isWhole = true
        for (name, request) in requests {
            let result = try? await opened.session.host.processes.run(request, onOutput: nil)
            isWhole = isWhole && result?.succeeded == true
            let text = opened.values.mask.mask(result?.text ?? "")
            logs.append([
                "node": .string("service:\(name)"),
                "lines": .array(text.split(whereSeparator: \.isNewline).map { .string(String($0)) }),
            ])
        }
        opened.session.answer(["schema": "devinit.logs/1", "logs": .array(logs)])
        return isWhole ? .done : .failed
    }
}
