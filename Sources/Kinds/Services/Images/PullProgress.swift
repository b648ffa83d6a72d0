import Base
import Execution

/// How far the layers of an image are, from the lines that the engine writes while it fetches one (Docker Engine API,
/// "Create an image").
struct PullProgress {
    private struct Layer {
        var total = 0
        var fetched = 0
        var unpacked = 0
        var isFetched = false
    }

    private var layers: [String: Layer] = [:]
    /// Why it failed, as the engine says in the middle of the stream.
    private(set) var error: String?

    /// Takes a line in. False where it changes nothing to be seen.
    mutating func add(_ line: String) -> Bool {
        guard let json = try? JSON(parsing: line) else { return false }
        if let message = json["errorDetail"]?["message"]?.string ?? json["error"]?.string {
            error = message
            return false
        }
        guard let id = json["id"]?.string, let status = json["status"]?.string else { return false }
        let done = json["progressDetail"]?["current"]?.integer ?? 0
        let total = json["progressDetail"]?["total"]?.integer ?? 0
        var layer = layers[id] ?? Layer()
        switch status {
        case "Pulling fs layer", "Waiting": break
        case "Downloading": (layer.fetched, layer.total) = (done, max(total, layer.total, done))
        case "Verifying Checksum", "Download complete": (layer.fetched, layer.isFetched) = (layer.total, true)
        case "Extracting":
            layer.total = max(total, layer.total)
            (layer.unpacked, layer.fetched, layer.isFetched) = (min(done, layer.total), layer.total, true)
        case "Pull complete":
            (layer.unpacked, layer.fetched, layer.isFetched) = (layer.total, layer.total, true)
        default: return false
        }
        layers[id] = layer
        return true
    }

    /// In bytes; layers that wait for their turn have no size yet, so all of it may grow.
    func shown(of image: String) -> NodeProgress {
        let total = layers.values.reduce(0) { $0 + $1.total }
        let fetched = layers.values.reduce(0) { $0 + $1.fetched }
        guard total > 0 else { return NodeProgress("pulling \(image)") }
        if layers.values.contains(where: { !$0.isFetched }) {
            return NodeProgress("pulling \(image)", done: fetched, total: total, bytes: fetched)
        }
        let unpacked = layers.values.reduce(0) { $0 + $1.unpacked }
        return NodeProgress("unpacking \(image)", done: unpacked, total: total, bytes: fetched)
    }
}
