import Base

/// What the engine tells of a container as it happens (Docker Engine API, "Monitor events").
struct ContainerEvent: Hashable, Sendable {
    /// `start`, `die`, `health_status: healthy`; Podman says `health_status` alone.
    var action: String
    var container: String

    init?(_ line: String) {
        guard let json = try? JSON(parsing: line),
            let action = json["Action"]?.string ?? json["status"]?.string,
            let container = json["Actor"]?["ID"]?.string ?? json["id"]?.string
        else { return nil }
        self.action = action
        self.container = container
    }

    /// What its check says now, where that is the news.
    var health: ContainerState.Health? {
        guard action.hasPrefix("health_status: ") else { return nil }
        return ContainerState.Health(rawValue: String(action.dropFirst("health_status: ".count)))
    }
}
