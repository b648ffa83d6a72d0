import Base
import HostInterfaces

/// Questions to the engine's own interface (Docker Engine API; Podman answers the same), over its socket.
struct EngineClient: Sendable {
    let host: Host
    let endpoint: EngineEndpoint
    /// The version of Podman's own interface, once an answer told it; nil where the engine is another.
    let libpod = SharedValue<String?>(nil)

    var isPodman: Bool { libpod.value != nil }

    /// Why the engine gave no answer.
    enum Failure: Error {
        case unreachable(String)
        case refused(String)
        /// Only Docker's command line reaches this engine, and that is not there.
        case needsCommandLine
    }

    static let answerLimit = Duration.seconds(10)
    /// A large layer is unpacked without a word.
    private static let silenceWhilePulling = Duration.seconds(300)

    func get(_ target: String, timeLimit: Duration = answerLimit) async throws(Failure) -> JSON {
        let body = try await bytes(target, timeLimit: timeLimit)
        guard let json = try? JSON(parsing: body) else { throw .unreachable("its answer is no JSON") }
        return json
    }

    func bytes(
        _ target: String, method: String = "GET", body: JSON? = nil, timeLimit: Duration = answerLimit
    ) async throws(Failure) -> [UInt8] {
        try await bytes(
            target, method: method, content: body.map { ("application/json", $0.bytes()) }, timeLimit: timeLimit)
    }

    private func bytes(
        _ target: String, method: String, content: (type: String, bytes: [UInt8])?, timeLimit: Duration = answerLimit
    ) async throws(Failure) -> [UInt8] {
        guard let place else { throw .needsCommandLine }
        var headers = ["Host": "engine"]
        headers["Content-Type"] = content?.type
        do throws(NetworkError) {
            let request = HTTPRequest(
                place, method: method, target: target, headers: headers, body: content?.bytes ?? [],
                timeLimit: timeLimit)
            let response = try await host.network.exchange(request)
            if let version = response.headers["libpod-api-version"] { libpod.change { $0 = version } }
            guard (200..<300).contains(response.status) else {
                let message = (try? JSON(parsing: response.body))?["message"]?.string
                throw NetworkError.badResponse(message ?? "status \(response.status)")
            }
            return response.body
        } catch {
            if case .badResponse(let text) = error { throw .refused(text) }
            throw .unreachable("\(error)")
        }
    }

    /// The containers of Compose projects; all that there are when `projects` is nil.
    func containers(projects: [String]?) async throws(Failure) -> [ContainerState] {
        var target = "/containers/json?all=1"
        if let projects { target += "&filters=" + filter(["label": [label(projects)]]) }
        let all = (try await get(target).array ?? []).map { ContainerState($0) }
        guard let projects else { return all }
        return await withHealth(all).filter { projects.contains($0.labels[ContainerState.projectLabel] ?? "") }
    }

    /// The engine joins several labels by "and", so that of two projects all are asked for.
    private func label(_ projects: [String]) -> String {
        projects.count == 1 ? "\(ContainerState.projectLabel)=\(projects[0])" : ContainerState.projectLabel
    }

    /// Whether nothing answers at its place any more. Asked twice: an engine that is busy may drop one connection.
    func isGone() async -> Bool {
        guard let place else { return false }
        for attempt in 0..<2 {
            if attempt > 0 { try? await host.clock.sleep(for: .milliseconds(50)) }
            let request = HTTPRequest(place, target: "/_ping", headers: ["Host": "engine"], timeLimit: .seconds(2))
            do throws(NetworkError) {
                _ = try await host.network.exchange(request)
                return false
            } catch {
                if Task.isCancelled { return false }
                if case .timedOut = error { return false }
            }
        }
        return true
    }

    /// Fetches an image; `onLine` gets what the engine tells of its layers. Failures that it tells in the middle are
    /// lines too.
    func pull(
        _ image: ImageReference, platform: String?, login: String?,
        onLine: @escaping @Sendable (String) async -> Bool
    ) async throws(Failure) {
        guard let place else { throw .needsCommandLine }
        var target = "/images/create?fromImage=" + PercentEncoding.encode(image.repository, keeping: "/:")
        if let tag = image.digest ?? image.tag { target += "&tag=" + PercentEncoding.encode(tag) }
        if let platform { target += "&platform=" + PercentEncoding.encode(platform) }
        var headers = ["Host": "engine"]
        if let login { headers["X-Registry-Auth"] = login }
        let request = HTTPRequest(
            place, method: "POST", target: target, headers: headers, timeLimit: Self.silenceWhilePulling)
        do throws(NetworkError) { try await host.network.stream(request, onLine: onLine) } catch {
            guard case .refusedStream(let response) = error else { throw .unreachable("\(error)") }
            let message = (try? JSON(parsing: response.body))?["message"]?.string
            throw .refused(message ?? "status \(response.status)")
        }
    }

    /// Calls `onEvent` for whatever happens to a container of the projects, until it returns false.
    func watch(projects: [String], onEvent: @escaping @Sendable (ContainerEvent?) async -> Bool) async {
        guard let place else { return }
        let target =
            "/events?filters="
            + filter(["label": [label(projects)], "type": ["container"]])
        let request = HTTPRequest(place, target: target, headers: ["Host": "engine"], timeLimit: nil)
        try? await host.network.stream(request) { line in
            // Health checks themselves are events too, a few for each second.
            line.contains("\"exec_") ? true : await onEvent(ContainerEvent(line))
        }
    }

    func inspect(_ container: String) async throws(Failure) -> JSON { try await get("/containers/\(container)/json") }

    /// The volumes of a Compose project.
    func volumes(project: String) async throws(Failure) -> [JSON] {
        try await volumes(label: label([project]))
    }

    /// The volumes with that label: `NAME`, or `NAME=VALUE`.
    func volumes(label: String) async throws(Failure) -> [JSON] {
        try await get("/volumes?filters=" + filter(["label": [label]]))["Volumes"]?.array ?? []
    }

    /// What the engine knows of a volume; nil when it is not there.
    func volume(_ name: String) async throws(Failure) -> JSON? {
        do throws(Failure) {
            return try await get("/volumes/\(PercentEncoding.encode(name))")
        } catch {
            if case .refused = error { return nil }
            throw error
        }
    }

    /// The id of the image of that name; nil when there is none.
    func image(_ name: String) async throws(Failure) -> String? {
        do throws(Failure) {
            return try await get("/images/\(PercentEncoding.encode(name, keeping: "/:@"))/json")["Id"]?.string ?? ""
        } catch {
            if case .refused = error { return nil }
            throw error
        }
    }

    /// The names that each image has, by its id.
    func imageNames() async throws(Failure) -> [String: [String]] {
        let images = (try await get("/images/json").array ?? []).compactMap { image in
            image["Id"]?.string.map { ($0, (image["RepoTags"]?.array ?? []).compactMap(\.string)) }
        }
        return Dictionary(images) { $0 + $1 }
    }

    /// Whether an image of that name is there.
    func hasImage(_ name: String) async throws(Failure) -> Bool { try await image(name) != nil }

    /// What tells this engine from every other one. Podman makes up another id at each question, so there it is where
    /// its data lies.
    func identity() async -> String {
        let info = try? await get("/info")
        return info?[isPodman ? "DockerRootDir" : "ID"]?.string ?? ""
    }

    func createVolume(_ name: String, labels: [String: String]) async throws(Failure) {
        let body: JSON = ["Name": .string(name), "Labels": .sorted(labels.mapValues { .string($0) })]
        _ = try await bytes("/volumes/create", method: "POST", body: body)
    }

    /// Unpacks an archive in the root of a container, which need not run.
    func put(_ archive: [UInt8], into container: String) async throws(Failure) {
        _ = try await bytes(
            "/containers/\(container)/archive?path=/", method: "PUT", content: ("application/x-tar", archive))
    }

    func removeVolume(_ name: String) async throws(Failure) {
        _ = try await bytes("/volumes/\(PercentEncoding.encode(name))", method: "DELETE")
    }

    /// The networks of a Compose project.
    private func networks(of project: String) async throws(Failure) -> [JSON] {
        try await get("/networks?filters=" + filter(["label": [label([project])]])).array ?? []
    }

    /// Removes what Compose made for the project to connect its containers.
    func removeNetworks(of project: String) async throws(Failure) {
        for network in try await networks(of: project) {
            guard let id = network["Id"]?.string else { continue }
            _ = try await bytes("/networks/\(id)", method: "DELETE")
        }
    }

    /// Makes a project's networks as Compose would, those that are missing.
    func makeNetworks(_ keys: [String], project: String) async throws(Failure) {
        let there = Set(try await networks(of: project).compactMap { $0["Name"]?.string })
        for key in keys where !there.contains("\(project)_\(key)") {
            let labels: JSON = [
                ContainerState.projectLabel: .string(project), "com.docker.compose.network": .string(key),
            ]
            let body: JSON = ["Name": .string("\(project)_\(key)"), "CheckDuplicate": true, "Labels": labels]
            _ = try await bytes("/networks/create", method: "POST", body: body)
        }
    }

    var place: HTTPRequest.Endpoint? {
        switch endpoint.transport {
        case .socket(let path): .socket(path)
        case .tcp(let host, let port): .tcp(host: host, port: port)
        case .commands: dial
        }
    }

    /// The engine's stream through Docker's command line, which has one since 18.09.
    private var dial: HTTPRequest.Endpoint? {
        let path = host.environment["PATH"] ?? ""
        guard let docker = host.processes.find("docker", path: path, folder: host.currentFolder) else { return nil }
        return .program(
            HTTPRequest.Program(
                [docker.text, "system", "dial-stdio"], environment: endpoint.environment(host.environment),
                folder: host.currentFolder))
    }

    func filter(_ filters: [String: [String]]) -> String {
        PercentEncoding.encode(JSON.sorted(filters.mapValues { .array($0.map { .string($0) }) }).text())
    }
}
