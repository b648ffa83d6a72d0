import Base
import Dotenv
public import Execution
import HostInterfaces

/// The values of an env file as it stands, nothing expanded: what `env print` shows.
public struct EnvironmentFileContents: Sendable {
    /// A language in which it can be said.
    public enum Format: String, Hashable, Sendable, CaseIterable { case dotenv, shell }

    public var node: NodeID
    /// For people.
    public var file: String
    /// In the order of the file.
    public var values: [(key: String, value: String)]
    /// How many of them are covered.
    public var coveredCount: Int
    var dialects: Set<Dialect>

    /// The values as text in that language, and a sentence for each key that it can't have.
    ///
    /// - Throws: names the key and the dialects where no text exists that all readers of the file read alike.
    public func text(_ format: Format) throws(NodeFailure) -> (text: String, notes: [String]) {
        switch format {
        case .dotenv: (try dotenv(), [])
        case .shell: shell()
        }
    }

    /// Every dialect reads it alike, or where that can't be had those of the file.
    private func dotenv() throws(NodeFailure) -> String {
        var lines = ""
        for (key, value) in values {
            do throws(DotenvInexpressible) {
                let text: String
                if let all = try? DotenvWriter.text(for: value, dialects: Set(Dialect.allCases)) {
                    text = all
                } else {
                    text = try DotenvWriter.text(for: value, dialects: dialects)
                }
                lines += "\(key)=\(text)\n"
            } catch {
                throw NodeFailure(
                    .failed, "\(key) of \(file): \(error)",
                    remedy: "take '--format json', or name in 'dialects' only those that read this file")
            }
        }
        return lines
    }

    /// For `eval` in any POSIX shell: everything stands in single quotes, where nothing is special.
    private func shell() -> (text: String, notes: [String]) {
        var lines = ""
        var notes: [String] = []
        for (key, value) in values {
            let scalars = key.unicodeScalars
            guard let first = scalars.first, Self.isLetter(first),
                scalars.allSatisfy({ Self.isLetter($0) || ("0"..."9").contains($0) })
            else {
                notes.append("\(key) of \(file) is left out: it is no name for a shell")
                continue
            }
            if value.unicodeScalars.contains("\0") {
                notes.append("\(key) of \(file) is left out: a shell can't hold its NUL character")
                continue
            }
            // By scalars: a quote with an accent behind it is still a quote to a shell.
            let parts = value.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false).map { String($0) }
            lines += "export \(key)='\(parts.joined(separator: "'\\''"))'\n"
        }
        return (lines, notes)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }
}

extension EnvironmentFiles {
    /// The values of a node's file, secrets covered unless they are to be revealed. Reads only.
    public static func contents(
        _ id: NodeID, revealing: Bool, in run: RunWorkspace
    ) throws(NodeFailure) -> EnvironmentFileContents {
        let context = run.planningContext(id)
        guard let node = run.workspace.nodes[id] as? EnvironmentFileNode else {
            throw NodeFailure(.failed, "\(id) is no env file")
        }
        let file = context.display(node.declaration.place)
        guard context.host.files.exists(node.declaration.place) else {
            throw NodeFailure(.failed, "\(file) is not there yet", remedy: "run 'devinit up \(id)'")
        }
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try context.host.files.read(node.declaration.place, limit: EnvironmentFileReading.largestFile)
        } catch {
            throw NodeFailure(.failed, "\(file) can't be read: \(error)")
        }
        let document = DotenvDocument(parsing: bytes)
        let reading = try EnvironmentFileReading(node, context)
        let cover = EnvironmentFileCover(reading, EnvironmentFileRecord(context.journal, node.factName))
        var covered = 0
        let values = document.keys.map { key in
            let value = document.value(of: key) ?? ""
            let shown = revealing ? value : cover.shown(value, of: key)
            if !shown.utf8.elementsEqual(value.utf8) { covered += 1 }
            return (key: key, value: shown)
        }
        return EnvironmentFileContents(
            node: id, file: file, values: values, coveredCount: covered, dialects: reading.dialects)
    }
}
