import Base
import Dotenv
public import Execution
import HostInterfaces

/// A line of an env file that the programs which read it don't read alike. No value in it is a secret.
public struct EnvironmentFileAmbiguity: Hashable, Sendable {
    /// What some of them make of it.
    public struct Reading: Hashable, Sendable {
        /// As the manifest writes them in `dialects`.
        public var dialects: [String]
        /// The programs, as people know them.
        public var readers: [String]
        /// nil: they see no such key, or refuse the line.
        public var value: String?
        /// Why they refuse the line, and with it the file.
        public var refusal: String?
    }

    /// Counted from 1.
    public var line: Int
    /// nil: the line is none that sets a key.
    public var key: String?
    public var readings: [Reading]
}

extension EnvironmentFiles {
    /// The lines of a node's file that two of its dialects read differently, or that one refuses; none where the file
    /// can't be read.
    public static func ambiguities(_ id: NodeID, in run: RunWorkspace) -> [EnvironmentFileAmbiguity] {
        let context = run.planningContext(id)
        guard let node = run.workspace.nodes[id] as? EnvironmentFileNode,
            let reading = try? EnvironmentFileReading(node, context),
            let bytes = try? run.host.files.read(node.declaration.place, limit: EnvironmentFileReading.largestFile)
        else { return [] }
        let cover = EnvironmentFileCover(reading, EnvironmentFileRecord(context.journal, node.factName))
        let document = DotenvDocument(parsing: bytes)
        return DotenvComparison.differences(
            in: bytes, dialects: reading.dialects, home: run.host.environment["HOME"]
        ).map { difference in
            // Words about a refused line quote a part of it, which need not look like the secret that it is a part of.
            let hides = difference.key.map { key in
                let raw = document.rawValue(of: key) ?? ""
                return cover.hides(key) || cover.shown(raw, of: key) != raw
            }
            return EnvironmentFileAmbiguity(
                line: difference.line, key: difference.key,
                readings: difference.readings.map { reading in
                    .init(
                        dialects: reading.dialects.map(\.rawValue), readers: reading.dialects.map(\.reader),
                        value: reading.value.map { cover.shown($0, of: difference.key ?? "") },
                        refusal: reading.refusal?.words(hidingText: hides ?? true))
                })
        }
    }
}
