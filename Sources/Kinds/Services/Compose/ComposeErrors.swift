import Base
import Execution
import HostInterfaces
import Secrets

/// What Compose and the engine say when a start fails, told apart by their words (both generations), with the way
/// out.
enum ComposeErrors {
    /// Of a call that did not end by itself.
    static func hanging(after limit: Duration) -> NodeFailure {
        NodeFailure(
            .timedOut, "Compose did not end within \(TimeSpan.describe(seconds: limit.seconds)) and was ended",
            remedy: "see with 'docker ps' whether the engine answers, then run devinit up again")
    }

    /// `verb` is what Compose was to do with the services, for "Compose could not …".
    static func failure(
        _ text: String, services: [String], verb: String = "start", engine: FoundEngine, host: Host,
        _ context: NodeContext
    ) -> NodeFailure {
        let lines = text.split(separator: "\n").map { String($0) }.filter { !isProgress($0) }
        let shown = Array(lines.suffix(8))
        let lower = text.lowercased()
        let name = services.joined(separator: ", ")
        func has(_ words: String...) -> Bool { words.contains { lower.contains($0) } }
        if has("cannot expose privileged port", "bind: permission denied") {
            return NodeFailure(
                .failed,
                "an engine without root's rights may not publish a port below 1024 for '\(name)': \(last(lines))",
                remedy:
                    "give '\(name)' a port from 1024 on, such as 'port: auto', or let everybody have those from 80 on: "
                    + "sudo sysctl net.ipv4.ip_unprivileged_port_start=80", output: shown)
        }
        if has("port is already allocated", "address already in use", "bind for ") {
            return NodeFailure(
                .failed, "a port that '\(name)' wants is taken: \(last(lines))",
                remedy: "stop what holds it, or give '\(name)' another port, such as 'port: auto'", output: shown)
        }
        if let failure = image(lower, "the image of '\(name)'", registry: nil, said: last(lines), shown, context) {
            return failure
        }
        if has(
            "cannot connect to the docker daemon", "is the docker daemon running", "couldn't connect to docker daemon")
        {
            return engine.stopped(context)
        }
        if has("env file"), has("not found", "couldn't find") {
            return NodeFailure(
                .prerequisite, "Compose wants a file that is not there: \(last(lines))",
                remedy: "devinit up writes the env files that the manifest has; another one has to be made by hand",
                output: shown)
        }
        return NodeFailure(
            .failed, "Compose could not \(verb) '\(name)': \(last(lines))",
            remedy: "the whole output is in the log; devinit logs \(services.first ?? "")", output: shown)
    }

    /// What the engine says when it can't fetch an image.
    static func pull(_ text: String, image: WantedImage, service: String, _ context: NodeContext) -> NodeFailure {
        let said = context.values.mask.mask(text)
        let subject = "the image of '\(service)', \(image.name),"
        let registry = ImageReference(image.name)?.registry
        if let failure = self.image("pull " + said.lowercased(), subject, registry: registry, said: said, [], context) {
            return failure
        }
        return NodeFailure(
            .failed, "\(subject) can't be fetched: \(said)",
            remedy: "try it by hand, it may say more: docker pull \(image.name)")
    }

    static func wrongArchitecture(_ subject: String, _ context: NodeContext, output: [String] = []) -> NodeFailure {
        NodeFailure(
            .failed, "\(subject) is not made for this machine's \(context.host.machine.architecture)",
            remedy: "choose an image for it, or add 'compose: {platform: linux/amd64}', where the engine can run that",
            output: output)
    }

    /// What has to do with the image; nil when it is something else. `text` is in lower case.
    private static func image(
        _ text: String, _ subject: String, registry: String?, said: String, _ output: [String], _ context: NodeContext
    ) -> NodeFailure? {
        func has(_ words: String...) -> Bool { words.contains { text.contains($0) } }
        let login =
            registry == nil || registry == ImageReference.hub ? "docker login" : "docker login \(registry ?? "")"
        if has(
            "no matching manifest", "does not match the specified platform", "no image found in manifest list",
            "no image found in image index")
        {
            return wrongArchitecture(subject, context, output: output)
        }
        if has("no basic auth credentials", "unauthorized", "authentication required") {
            return NodeFailure(
                .network, "the registry wants a login for \(subject.trimmingComma)",
                remedy: "log in with '\(login)', then run devinit up again", output: output)
        }
        if has(
            "i/o timeout", "tls handshake timeout", "no such host", "temporary failure in name resolution",
            "network is unreachable", "connection reset", "dial tcp", "connection refused", "unexpected eof")
            && has("pull", "registry", "/v2/")
        {
            return NodeFailure(
                .network, "\(subject) can't be pulled: \(said)",
                remedy: "check the network and the registry, then run devinit up again", isPassing: true,
                output: output)
        }
        if has(
            "pull access denied", "manifest unknown", "manifest for", "not found: manifest",
            "repository does not exist", "no such image", "repository name not known", "did not resolve to an alias",
            "requested access to the resource is denied")
        {
            return NodeFailure(
                .failed, "\(subject) is not there, or needs a login: \(said)",
                remedy: "check its name and version; for a private one: \(login)", output: output)
        }
        if has("no space left on device") {
            return NodeFailure(
                .failed, "the engine has no room left for \(subject.trimmingComma)",
                remedy: "docker system df shows what takes it, docker system prune gives some back", output: output)
        }
        return nil
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
            // podman-compose tells each program that it calls, and looks for what it is about to make.
            || ["podman ", "['podman'", "** ", "exit code: ", "using podman version"].contains { line.hasPrefix($0) }
            || line.hasPrefix("Error: no container with name or ID")
    }

    private static func last(_ lines: [String]) -> String {
        let line = lines.last { !$0.hasPrefix("Encountered errors") } ?? "it says nothing"
        return line.utf8.count > 300 ? String(line.prefix(300)) + "…" : line
    }
}

extension String {
    /// Without the comma that ends a name put between two.
    fileprivate var trimmingComma: String { hasSuffix(",") ? String(dropLast()) : self }
}
