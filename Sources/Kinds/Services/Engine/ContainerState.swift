import Base

/// A container as the engine lists it.
struct ContainerState: Hashable, Sendable {
    static let projectLabel = "com.docker.compose.project"
    static let serviceLabel = "com.docker.compose.service"
    /// The folder of the first file.
    static let folderLabel = "com.docker.compose.project.working_dir"
    /// Compose's own hash of the definition from which it made the container.
    static let configurationLabel = "com.docker.compose.config-hash"

    enum Health: String, Hashable, Sendable { case none, starting, healthy, unhealthy }

    var id: String
    var names: [String]
    /// As it was named when the container was made; the image's id where that name does not lead to it any more.
    var image: String
    /// `created`, `running`, `restarting`, `exited`, `paused`, `dead`.
    var state: String
    /// For people: "Up 5 seconds (healthy)".
    var status: String
    var labels: [String: String]
    /// Published ports.
    var ports: [Published]
    /// Its addresses in its networks.
    var addresses: [String]
    /// The id of the image that it was made from.
    var imageID: String
    /// What its check said last. Podman has it in a list of its own (`EngineClient.withHealth`).
    var health: Health

    struct Published: Hashable, Sendable {
        var address: String
        var outside: Int
        var inside: Int
        /// `tcp`, `udp`, `sctp`.
        var transport = "tcp"
    }

    init(_ json: JSON) {
        id = json["Id"]?.string ?? ""
        names = (json["Names"]?.array ?? []).compactMap { $0.string.map { String($0.drop { $0 == "/" }) } }
        image = json["Image"]?.string ?? ""
        state = json["State"]?.string ?? ""
        status = json["Status"]?.string ?? ""
        labels = Dictionary(
            (json["Labels"]?.object ?? []).map { ($0.key, $0.value.string ?? "") }, uniquingKeysWith: { $1 })
        ports = (json["Ports"]?.array ?? []).compactMap { port in
            guard let outside = port["PublicPort"]?.integer, let inside = port["PrivatePort"]?.integer else {
                return nil
            }
            return Published(
                address: port["IP"]?.string ?? "", outside: outside, inside: inside,
                transport: port["Type"]?.string ?? "tcp")
        }
        addresses = (json["NetworkSettings"]?["Networks"]?.object ?? []).compactMap {
            $0.value["IPAddress"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        }
        imageID = json["ImageID"]?.string ?? ""
        health = Self.health(in: status)
    }

    var service: String? { isOneOff ? nil : labels[Self.serviceLabel] }
    var isOneOff: Bool { labels["com.docker.compose.oneoff"] == "True" }
    var isRunning: Bool { state == "running" }

    /// The engine puts health into the status text.
    private static func health(in status: String) -> Health {
        if status.contains("(healthy)") { return .healthy }
        if status.contains("(unhealthy)") { return .unhealthy }
        return status.contains("(health: starting)") || status.contains("(starting)") ? .starting : .none
    }

    /// From "Exited (1) 2 seconds ago".
    var exitStatus: Int? {
        guard let open = status.firstIndex(of: "("), let close = status.firstIndex(of: ")"), open < close else {
            return nil
        }
        return Int(status[status.index(after: open)..<close])
    }
}
