import Base
import Dotenv
import HostInterfaces
import YAML

/// What `${…}` in Compose files stands for: the process environment before the files of variables.
struct ComposeVariables: Sendable {
    private(set) var values: [String: String]

    init(_ environment: [String: String]) { values = environment }

    mutating func setProjectName(_ name: String) { values["COMPOSE_PROJECT_NAME"] = name }

    /// Adds the files' variables, a later file's before an earlier one's; what is known stays.
    mutating func add(_ files: [Path], to project: inout ComposeProject, host: Host) {
        var added: [String: String] = [:]
        for file in files {
            let bytes = try? host.files.read(file, limit: 16 << 20)
            project.variableFiles[file] = .some(bytes)
            guard let bytes else { continue }
            do throws(DotenvError) {
                let text = String(decoding: bytes, as: UTF8.self)
                let read = try DotenvReader.values(of: text, dialect: .compose, environment: values)
                for (key, value) in read { added[key] = value }
            } catch {
                project.problems.add(
                    Diagnostic(
                        .warning, code: "bad-env-file", "Compose can't read it: \(error.words(hidingText: true))",
                        at: SourceLocation(file: file.text, line: error.line, column: 1)))
            }
        }
        values.merge(added) { known, _ in known }
    }

    /// The tree with every variable replaced. Keys stay as they are. A value that misses a variable which it must have
    /// is empty: whoever starts it is told by Compose.
    func expanding(_ node: YAMLNode, _ project: inout ComposeProject) -> YAMLNode {
        var result = node
        switch node.value {
        case .mapping(let entries):
            result.value = .mapping(
                entries.map { entry in
                    YAMLEntry(
                        key: entry.key, keyLocation: entry.keyLocation, value: expanding(entry.value, &project))
                })
        case .sequence(let items): result.value = .sequence(items.map { expanding($0, &project) })
        case .scalar(let scalar) where scalar.text.utf8.contains(UInt8(ascii: "$")):
            project.variableValues.insert(node.location)
            var text = ""
            do throws(DotenvError) {
                text = try ComposeTemplate.expanding(scalar.text) { name in
                    if name == "COMPOSE_PROJECT_NAME" { project.usesName = true }
                    return values[name]
                }
            } catch {
                if case .invalidTemplate = error.reason {
                    project.problems.add(
                        Diagnostic(
                            code: "bad-interpolation", error.words(), at: node.location,
                            suggestion: "a '$' that is meant as such is written '$$'"))
                }
            }
            result.value = .scalar(scalar.isPlain ? YAMLScalar(plain: text) : YAMLScalar(quoted: text))
        default: break
        }
        return result
    }
}
