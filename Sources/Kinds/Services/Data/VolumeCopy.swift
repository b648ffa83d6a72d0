import Base
import Execution
import HostInterfaces

/// Copies one volume of the engine into another, on the engine itself: by a container of an image that is there anyway,
/// the service's own, so that nothing is downloaded and a remote engine sends nothing.
struct VolumeCopy {
    let client: EngineClient
    /// Images to try, the likeliest first: not each has a shell.
    let images: [String]
    /// Stands in the container's label, so that what a killed devinit left is found.
    let owner: String

    static let label = "dev.devinit.copy"
    /// Owners, modes, times and links as they are; then what it takes, in kilobytes.
    private static let script = "cp -a /from/. /to/ && du -sk /to"

    /// Returns the size of the copy in bytes. A cancelled one leaves no container behind.
    func copy(_ source: String, to target: String) async throws(NodeFailure) -> Int {
        var reason = "there is no image to do it with"
        for image in images {
            do throws(EngineClient.Failure) {
                let container = try await client.create(definition(image, source, target))
                let result = await outcome(of: container)
                // Also when we were cancelled meanwhile.
                _ = await Task { try? await client.remove(container) }.value
                switch try result.get() {
                case .copied(let bytes): return bytes
                case .failed(let words): throw EngineClient.Failure.unreachable(words)
                case .noShell: reason = "the image \(image) has no shell"
                }
            } catch {
                if Task.isCancelled { throw NodeFailure(.cancelled, "cancelled") }
                switch error {
                // No such image here, say; the next one may do.
                case .refused(let words): reason = words
                case .unreachable(let words):
                    throw NodeFailure(.failed, "the volume '\(source)' can't be copied: \(words)")
                case .needsCommandLine: throw NodeFailure(.failed, "this engine can't be asked to copy a volume")
                }
            }
        }
        throw NodeFailure(
            .failed, "the volume '\(source)' can't be copied: \(reason)",
            remedy: "start a service whose image has a shell, then try again: devinit up")
    }

    private enum Outcome {
        case copied(Int)
        case noShell
        case failed(String)
    }

    private func outcome(of container: String) async -> Result<Outcome, EngineClient.Failure> {
        do throws(EngineClient.Failure) {
            try await client.start(container)
        } catch {
            // The engine could start nothing in it: there is no such program.
            if case .refused = error { return .success(.noShell) }
            return .failure(error)
        }
        do throws(EngineClient.Failure) {
            let status = try await client.wait(for: container)
            let lines = await client.lastLines(of: container, count: 20)
            if status == 126 || status == 127 { return .success(.noShell) }
            guard status == 0, let size = lines.last?.split(separator: "\t").first, let kilobytes = Int(size) else {
                return .success(.failed(lines.last ?? "exit status \(status)"))
            }
            return .success(.copied(kilobytes * 1024))
        } catch { return .failure(error) }
    }

    private func definition(_ image: String, _ source: String, _ target: String) -> JSON {
        [
            "Image": .string(image), "Entrypoint": ["/bin/sh", "-c"], "Cmd": [.string(Self.script)],
            "User": "0:0", "WorkingDir": "/", "Labels": [Self.label: .string(owner)],
            "Healthcheck": ["Test": ["NONE"]],
            "HostConfig": [
                "Binds": [.string("\(source):/from:ro"), .string("\(target):/to")], "NetworkMode": "none",
            ],
        ]
    }

    /// Removes what a devinit that was killed left running for the same owner. Whoever calls it has the workspace to itself.
    static func clearLeftovers(of owner: String, _ client: EngineClient) async {
        for container in (try? await client.containers(label: "\(label)=\(owner)")) ?? [] {
            try? await client.remove(container.id)
        }
    }
}
