import Base
import Execution
import HostFakes
import HostInterfaces
import POSIXHost
import Synchronization

@testable import Kinds

/// An engine that is played: for what a look or a start asks of it and makes there, where no container has to run.
final class PlayedEngine: Sendable {
    struct State {
        var containers: [JSON] = []
        /// Labels by name.
        var volumes: [String: JSON] = [:]
        var networks: [String] = []
        /// The names that images have.
        var images: Set<String> = []
        var id = "played"
        var isPodman = false
        /// Of its machine, in bytes; nil: it does not tell.
        var memory: Int?
        /// `METHOD path`, without the query.
        var asked: [String] = []
    }

    let state = Mutex(State())
    let network = FakeNetwork()

    init() {
        network.script { request throws(NetworkError) in self.answer(request) }
    }

    /// Its answer; nil where it knows none.
    func answer(_ request: HTTPRequest) -> HTTPResponse? {
        state.withLock { state in
            var response = PlayedEngine.answer(request, &state)
            if state.isPodman { response?.headers["libpod-api-version"] = "4.3.1" }
            return response
        }
    }

    /// A workspace whose engine this is.
    func fixture(_ manifest: String, files: [String: String] = [:]) throws -> WorkspaceFixture {
        try WorkspaceFixture(manifest, files: files, environment: ["DOCKER_HOST": "unix:///played.sock"]) {
            $0.network = network
        }
    }

    /// A container of a service, as it would be after `up` where no label says otherwise.
    func run(
        _ service: String, id: String? = nil, image: String, imageID: String = "", state: String = "running",
        status: String = "Up 5 seconds", labels: [String: String] = [:], port: Int? = nil, _ workspace: Workspace
    ) {
        let id = id ?? service
        let standard = [
            ContainerState.projectLabel: workspace.name, ContainerState.serviceLabel: service,
            ComposeRendering.workspaceLabel: workspace.root.text,
        ]
        let all = standard.merging(labels) { $1 }.mapValues { JSON.string($0) }
        let published: [JSON] = port.map { [["PublicPort": .integer($0), "PrivatePort": .integer($0)]] } ?? []
        let container: JSON = [
            "Id": .string(id), "Image": .string(image), "ImageID": .string(imageID), "State": .string(state),
            "Status": .string(status), "Labels": .sorted(all), "Names": [.string("/" + id)],
            "Ports": .array(published),
        ]
        self.state.withLock { $0.containers.append(container) }
    }

    private static func answer(_ request: HTTPRequest, _ state: inout State) -> HTTPResponse? {
        let path = String(request.target.prefix { $0 != "?" })
        state.asked.append("\(request.method) \(path)")
        let sent = try? JSON(parsing: request.body)
        let name = sent?["Name"]?.string ?? ""
        switch (request.method, path) {
        case ("GET", "/containers/json"): return response(.array(state.containers))
        case ("GET", "/info"):
            return response([
                "ID": .string(state.id), "MemTotal": state.memory.map { .integer($0) } ?? .null, "NCPU": 4,
            ])
        case ("GET", _) where path.hasPrefix("/containers/") && path.hasSuffix("/json"):
            return response(["State": ["Status": "running", "StartedAt": "2023-11-14T22:13:20Z"]])
        case ("GET", "/_ping"): return response([:])
        case ("GET", "/networks"): return response(.array(state.networks.map { ["Name": .string($0)] }))
        case ("POST", _) where path.hasSuffix("/stop") || path.hasSuffix("/start"): return response([:])
        case ("PUT", _) where path.hasSuffix("/archive"): return response([:])
        case ("POST", _) where path.hasSuffix("/exec"):
            let id = path.dropFirst("/containers/".count).dropLast("/exec".count)
            return response(["Id": .string(String(id))])
        case ("GET", _) where path.hasPrefix("/exec/"): return response(["ExitCode": 0])
        case ("DELETE", _) where path.hasPrefix("/containers/"):
            let id = path.dropFirst("/containers/".count)
            state.containers.removeAll { $0["Id"]?.string == String(id) }
            return response([:])
        case ("POST", "/networks/create"):
            state.networks.append(name)
            return response(["Id": .string(name)])
        case ("POST", "/volumes/create"):
            state.volumes[name] = sent?["Labels"]
            return response(["Name": .string(name)])
        case ("GET", "/volumes"):
            let all = state.volumes.sorted { $0.key < $1.key }
            return response(["Volumes": .array(all.map { ["Name": .string($0.key), "Labels": $0.value] })])
        case ("GET", _) where path.hasPrefix("/volumes/"):
            let name = String(path.dropFirst("/volumes/".count))
            return state.volumes[name].map { response(["Name": .string(name), "Labels": $0]) } ?? missing
        case ("GET", "/images/json"):
            let names = state.images.sorted().map { JSON.string("docker.io/library/" + $0) }
            return response([["Id": "sha256:new", "RepoTags": .array(names)]])
        case ("GET", _) where path.hasPrefix("/images/"):
            let name = path.dropFirst("/images/".count).dropLast("/json".count)
            return state.images.contains(String(name)) ? response(["Id": "sha256:new"]) : missing
        default: return nil
        }
    }

    private static func response(_ json: JSON) -> HTTPResponse { HTTPResponse(status: 200, body: json.bytes()) }

    private static let missing = HTTPResponse(status: 404, body: Array("{\"message\":\"no such thing\"}".utf8))
}
