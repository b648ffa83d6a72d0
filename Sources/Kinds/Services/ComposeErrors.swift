import Base
import Execution
import HostInterfaces

/// What Compose and the engine say when a start fails, told apart by their words (both generations), with the way
/// out.
enum ComposeErrors {
    /// Of a call that did not end by itself.
    static func hanging(after limit: Duration) -> NodeFailure {
        NodeFailure(
            .timedOut, "Compose did not end within \(TimeSpan.describe(seconds: limit.seconds)) and was ended",
            remedy: "see with 'docker ps' whether the engine answers, then run devinit up again")
    }

    static func failure(
        _ text: String, services: [String], engine: FoundEngine, host: Host, _ context: NodeContext
    ) -> NodeFailure {
        let lines = text.split(separator: "\n").map { String($0) }.filter { !isProgress($0) }
        let shown = Array(lines.suffix(8))
        let lower = text.lowercased()
        let name = services.joined(separator: ", ")
        func has(_ words: String...) -> Bool { words.contains { lower.contains($0) } }
        if has("port is already allocated", "address already in use", "bind for ") {
            return NodeFailure(
                .failed, "a port that '\(name)' wants is taken: \(last(lines))",
                remedy: "stop what holds it, or give '\(name)' another port, such as 'port: auto'", output: shown)
        }
        if has("no matching manifest", "does not match the specified platform") {
            return NodeFailure(
                .failed, "the image of '\(name)' is not made for this machine's \(host.machine.architecture)",
                remedy: "choose an image for it, or add 'compose: {platform: linux/amd64}'", output: shown)
        }
        if has("no basic auth credentials", "unauthorized", "authentication required") {
            return NodeFailure(
                .network, "the registry wants a login for the image of '\(name)'", remedy: "docker login, then again",
                output: shown)
        }
        if has(
            "i/o timeout", "tls handshake timeout", "no such host", "temporary failure in name resolution",
            "network is unreachable", "connection reset", "dial tcp", "connection refused")
            && has("pull", "registry", "/v2/")
        {
            return NodeFailure(
                .network, "the image of '\(name)' can't be pulled: \(last(lines))",
                remedy: "check the network and the registry, then run devinit up again", isPassing: true, output: shown)
        }
        if has(
            "pull access denied", "manifest unknown", "manifest for", "not found: manifest",
            "repository does not exist",
            "no such image")
        {
            return NodeFailure(
                .failed, "the image of '\(name)' is not there, or needs a login: \(last(lines))",
                remedy: "check its name and version; for a private one: docker login", output: shown)
        }
        if has(
            "cannot connect to the docker daemon", "is the docker daemon running", "couldn't connect to docker daemon")
        {
            return FoundEngine.nothingAnswers(
                EngineSearch(host: host, choice: context.settings.engine),
                ["\(engine.endpoint.origin): it stopped answering"])
        }
        if has("env file"), has("not found", "couldn't find") {
            return NodeFailure(
                .prerequisite, "Compose wants a file that is not there: \(last(lines))",
                remedy: "devinit up writes the env files that the manifest has; another one has to be made by hand",
                output: shown)
        }
        if has("no space left on device") {
            return NodeFailure(
                .failed, "the engine has no room left for '\(name)'", remedy: "docker system df shows what takes it",
                output: shown)
        }
        return NodeFailure(
            .failed, "Compose could not start '\(name)': \(last(lines))",
            remedy: "the whole output is in the log; devinit logs \(services.first ?? "")", output: shown)
    }

    /// "Container x  Starting" and the like say nothing of a failure.
    private static func isProgress(_ line: String) -> Bool {
        let words = line.split(separator: " ")
        guard let lastWord = words.last else { return true }
        return [
            "Creating", "Created", "Starting", "Started", "Recreate", "Recreated", "Pulling", "Running", "Waiting",
            "...",
        ]
        .contains(lastWord) || line.hasPrefix("Creating ") || line.hasPrefix("Starting ")
    }

    private static func last(_ lines: [String]) -> String {
        let line = lines.last { !$0.hasPrefix("Encountered errors") } ?? "it says nothing"
        return line.utf8.count > 300 ? String(line.prefix(300)) + "…" : line
    }
}
