import Base
import HostInterfaces

/// Containers that devinit itself stops, starts, makes and removes, without Compose.
extension EngineClient {
    /// Containers that have one of the volumes mounted, whatever their state, of all projects.
    func containers(using volumes: [String]) async throws(Failure) -> [ContainerState] {
        var found: [ContainerState] = []
        for volume in volumes {
            let target = "/containers/json?all=1&filters=" + filter(["volume": [volume]])
            for container in (try await get(target).array ?? []).map({ ContainerState($0) })
            where !found.contains(where: { $0.id == container.id }) {
                found.append(container)
            }
        }
        return found
    }

    /// Containers with that label: `NAME=VALUE`.
    func containers(label: String) async throws(Failure) -> [ContainerState] {
        (try await get("/containers/json?all=1&filters=" + filter(["label": [label]])).array ?? [])
            .map { ContainerState($0) }
    }

    /// Asks it to end and waits for that, as long as the container itself allows; then it is killed.
    func stop(_ container: String) async throws(Failure) {
        do throws(Failure) {
            _ = try await bytes("/containers/\(container)/stop", method: "POST", timeLimit: CallLimit.engine)
        } catch {
            // 304: it is stopped already.
            guard case .refused("status 304") = error else { throw error }
        }
    }

    func start(_ container: String) async throws(Failure) {
        do throws(Failure) {
            _ = try await bytes("/containers/\(container)/start", method: "POST", timeLimit: CallLimit.engine)
        } catch {
            guard case .refused("status 304") = error else { throw error }
        }
    }

    /// Also one that runs, and the unnamed volumes that only it had unless they are to stay.
    func remove(_ container: String, unnamedVolumes: Bool = true) async throws(Failure) {
        _ = try await bytes(
            "/containers/\(container)?force=1\(unnamedVolumes ? "&v=1" : "")", method: "DELETE",
            timeLimit: CallLimit.engine)
    }

    /// Makes a container and returns its id.
    func create(_ definition: JSON) async throws(Failure) -> String {
        try await make("/containers/create", definition)
    }

    /// Has the engine make something, and returns its id.
    func make(_ target: String, _ definition: JSON) async throws(Failure) -> String {
        let body = try await bytes(target, method: "POST", body: definition)
        guard let id = (try? JSON(parsing: body))?["Id"]?.string else { throw .unreachable("its answer has no id") }
        return id
    }

    /// Waits for its end; the exit status.
    func wait(for container: String) async throws(Failure) -> Int {
        let body = try await bytes("/containers/\(container)/wait", method: "POST", timeLimit: CallLimit.download)
        return (try? JSON(parsing: body))?["StatusCode"]?.integer ?? -1
    }
}
