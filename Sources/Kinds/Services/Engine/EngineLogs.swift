import Base
import HostInterfaces
import Synchronization

/// What containers write.
extension EngineClient {
    /// The last lines that the container wrote, both streams.
    func lastLines(of container: String, count: Int) async -> [String] {
        guard let bytes = try? await bytes(target(container, "\(count)")) else { return [] }
        return LogFrames.lines(of: bytes).suffix(count)
    }

    /// Hands over what the container wrote since that moment, given as the engine tells it, until the consumer has enough.
    /// `following`: and then what it writes, until it ends. Else a few seconds of silence are the end.
    func readLog(
        of container: String, since start: String?, following: Bool, onLines: @escaping @Sendable ([String]) -> Bool
    ) async {
        guard let place else { return }
        var target = target(container, "all")
        if let start = start.flatMap(EngineMoment.sinceEpoch) { target += "&since=" + PercentEncoding.encode(start) }
        let request = HTTPRequest(
            place, target: following ? target + "&follow=1" : target, headers: ["Host": "engine"],
            timeLimit: following ? nil : .seconds(5))
        let reading = Mutex((frames: LogFrames(), lines: LineSplitter(limit: 16 << 20)))
        try? await host.network.streamBytes(request) { piece in
            let lines = reading.withLock { $0.lines.add($0.frames.add(piece)) }
            return lines.map(onLines) ?? false
        }
    }

    private func target(_ container: String, _ lines: String) -> String {
        "/containers/\(container)/logs?stdout=1&stderr=1&tail=\(lines)"
    }
}
