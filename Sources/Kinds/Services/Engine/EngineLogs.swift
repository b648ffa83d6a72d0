import Base
import HostInterfaces
import Synchronization

/// What containers write.
extension EngineClient {
    /// The last lines that the container wrote, both streams.
    func lastLines(of container: String, count: Int) async -> [String] {
        guard let bytes = try? await bytes(target(container, count)) else { return [] }
        var frames = LogFrames()
        let text = String(decoding: frames.add(bytes), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true).map { line in
            String(line.last == "\r" ? line.dropLast() : line)
        }
        return lines.suffix(count)
    }

    /// Hands over the last lines that the container wrote since that moment, given as the engine tells it, and then
    /// what it writes, until the consumer has enough or the container ends.
    func follow(
        _ container: String, count: Int, since start: String?, onLines: @escaping @Sendable ([String]) -> Bool
    ) async {
        guard let place else { return }
        let request = HTTPRequest(
            place, target: target(container, count, since: start) + "&follow=1", headers: ["Host": "engine"],
            timeLimit: nil)
        let reading = Mutex((frames: LogFrames(), lines: LineSplitter(limit: 16 << 20)))
        try? await host.network.streamBytes(request) { piece in
            let lines = reading.withLock { $0.lines.add($0.frames.add(piece)) }
            return lines.map(onLines) ?? false
        }
    }

    private func target(_ container: String, _ count: Int, since start: String? = nil) -> String {
        let target = "/containers/\(container)/logs?stdout=1&stderr=1&tail=\(count)"
        guard let start = start.flatMap(EngineMoment.sinceEpoch) else { return target }
        return target + "&since=" + PercentEncoding.encode(start)
    }
}
