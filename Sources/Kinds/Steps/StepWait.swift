import Base
import Execution
import HostInterfaces
import ManifestModel
import Secrets

/// Waits until something answers, asking at growing intervals.
struct StepWait {
    let rule: WaitRule
    let look: StepLook

    /// A single question gets so long at most.
    private static let probeLimit = Duration.seconds(5)

    private var context: NodeContext { look.context }

    func wait() async throws(NodeFailure) {
        let limit = rule.timeout ?? look.declaration.timeout ?? WaitRule.standardLimit
        let end = context.host.clock.monotonicSeconds + limit.seconds
        var pause = 20
        var last = "nothing yet"
        while true {
            let left = end - context.host.clock.monotonicSeconds
            if Task.isCancelled { throw NodeFailure(.cancelled, "cancelled") }
            guard left > 0 else {
                throw NodeFailure(
                    .timedOut,
                    "waited \(TimeSpan.describe(seconds: limit.seconds)) for \(rule.words); last: \(last)",
                    remedy: "look at what should answer, or give it more time with 'timeout'")
            }
            guard let problem = try await probe(within: min(Self.probeLimit, .milliseconds(Int(left * 1000) + 1)))
            else {
                return
            }
            if problem != last {
                context.reporter.progress(NodeProgress("waiting: \(problem)"))
                last = problem
            }
            let rest = max(0, Int((end - context.host.clock.monotonicSeconds) * 1000))
            if (try? await context.host.clock.sleep(for: .milliseconds(min(pause, rest)))) == nil {
                throw NodeFailure(.cancelled, "cancelled")
            }
            pause = min(pause * 3 / 2, 500)
        }
    }

    /// What is not right yet; nil when it is.
    private func probe(within limit: Duration) async throws(NodeFailure) -> String? {
        switch rule.target {
        case .http(let text): return try await http(try context.resolve(text).text, limit)
        case .tcp(let text): return try await tcp(try context.resolve(text).text, limit)
        case .command(let command): return try await run(command, limit)
        case .log(let pattern): return try await log(pattern)
        }
    }

    private func tcp(_ address: String, _ limit: Duration) async throws(NodeFailure) -> String? {
        guard let place = WebAddress.hostAndPort(address) else {
            throw NodeFailure(.prerequisite, "wait: '\(address)' is no HOST:PORT")
        }
        switch await context.host.network.connect(host: place.host, port: place.port, timeLimit: limit) {
        case .open: return nil
        case .refused: return "connection refused"
        case .timedOut: return "no answer in time"
        case .failed(let reason): return reason
        }
    }

    private func http(_ text: String, _ limit: Duration) async throws(NodeFailure) -> String? {
        guard let address = WebAddress(text) else {
            throw NodeFailure(.prerequisite, "wait: '\(context.values.mask.mask(text))' is no http address")
        }
        if address.isSecure { return try await curl(text, limit) }
        do throws(NetworkError) {
            let answer = try await context.host.network.exchange(
                HTTPRequest(
                    .tcp(host: address.host, port: address.port), target: address.target,
                    headers: ["Host": address.authority, "User-Agent": "devinit", "Accept": "*/*"], timeLimit: limit))
            return answer.status < 400 ? nil : "status \(answer.status)"
        } catch {
            return error.description
        }
    }

    /// devinit brings no TLS of its own; the address goes through a file, for it may hold a secret.
    private func curl(_ address: String, _ limit: Duration) async throws(NodeFailure) -> String? {
        let path = context.host.environment["PATH"] ?? ""
        guard context.host.processes.find("curl", path: path, folder: look.place) != nil else {
            throw NodeFailure(
                .prerequisite, "waiting for https needs curl, and it is not installed",
                remedy: "install curl, or wait for http or tcp")
        }
        guard !address.contains("\""), !address.contains("\n"), !address.contains("\\") else {
            throw NodeFailure(.prerequisite, "wait: the address holds a character that no address has")
        }
        let request = ProcessRequest(
            ["curl", "-q", "-s", "-S", "-o", "/dev/null", "-f", "-K", "-"], environment: context.host.environment,
            folder: context.workspace.root, input: .bytes(Array("url = \"\(address)\"\n".utf8)), timeLimit: limit)
        return try await outcome(request)
    }

    private func run(_ command: CommandText, _ limit: Duration) async throws(NodeFailure) -> String? {
        var request = try await StepCommand(look).request(for: command)
        request.timeLimit = limit
        return try await outcome(request)
    }

    private func outcome(_ request: ProcessRequest) async throws(NodeFailure) -> String? {
        do throws(ProcessError) {
            let result = try await context.host.processes.run(request, onOutput: nil)
            if result.succeeded { return nil }
            let line = result.errorText.split(whereSeparator: \.isNewline).last.map(String.init)
            return line.map { context.values.mask.mask($0) } ?? "\(result.end)"
        } catch {
            throw NodeFailure(.prerequisite, "\(error)")
        }
    }

    private func log(_ pattern: String) async throws(NodeFailure) -> String? {
        let service = look.declaration.inside?.service.source ?? ""
        guard let holder = context.workspace.node("service", service) as? any LogHolder else {
            throw NodeFailure(
                .prerequisite, "the log of '\(service)' can't be read", remedy: "wait for http, tcp or a command")
        }
        let text = try await holder.recentLog(context)
        guard let expression = try? Regex(pattern) else {
            throw NodeFailure(.prerequisite, "'\(pattern)' is no regular expression")
        }
        let found = text.split(whereSeparator: \.isNewline).contains {
            ((try? expression.firstMatch(in: $0)) ?? nil) != nil
        }
        return found ? nil : "no line matches yet"
    }
}
