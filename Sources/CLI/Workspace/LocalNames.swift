import Base
import Kinds
import ManifestModel
import YAML

/// Other names written into the manifest's `.local` file, line by line: a person's own words and comments in it stay.
enum LocalNames {
    typealias Names = ServiceOperations.NewNames

    /// What has to stand in the file.
    static func lines(_ names: Names) -> [String] {
        [names.workspace.map { "workspace: \($0)" }, names.project.map { "compose: { project: \($0) }" }]
            .compactMap { $0 }
    }

    /// Whether the manifest has these names.
    static func hold(_ names: Names, in manifest: LoadedManifest) -> Bool {
        (names.workspace == nil || names.workspace == manifest.name)
            && (names.project == nil || names.project == manifest.section("compose")?["project"]?.text)
    }

    /// The text with those names: in place of the ones it had, else at the end.
    static func text(_ text: String, with names: Names) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        if let name = names.workspace {
            let wanted = "workspace: \(name)"
            if let index = lines.firstIndex(where: { $0.hasPrefix("workspace:") }) {
                lines[index] = wanted
            } else {
                lines.append(wanted)
            }
        }
        if let name = names.project { setProject(name, in: &lines) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func setProject(_ name: String, in lines: inout [String]) {
        guard let index = lines.firstIndex(where: { $0.hasPrefix("compose:") }) else {
            lines.append("compose: { project: \(name) }")
            return
        }
        let line = lines[index]
        if let brace = line.firstIndex(of: "{") {
            // A mapping in one line.
            if let stated = line.firstRange(of: /project:[^,}]*/) {
                let space = line[stated].hasSuffix(" ") ? " " : ""
                lines[index] = "\(line[..<stated.lowerBound])project: \(name)\(space)\(line[stated.upperBound...])"
            } else {
                lines[index] = "\(line[...brace]) project: \(name),\(line[line.index(after: brace)...])"
            }
            return
        }
        let inside = lines[(index + 1)...].prefix { $0.isEmpty || $0.hasPrefix(" ") || $0.hasPrefix("#") }
        if let stated = inside.firstIndex(where: { $0.drop { $0 == " " }.hasPrefix("project:") }) {
            lines[stated] = "\(lines[stated].prefix { $0 == " " })project: \(name)"
        } else {
            let indent = inside.first { $0.hasPrefix(" ") }.map { String($0.prefix { $0 == " " }) } ?? "  "
            lines.insert("\(indent)project: \(name)", at: index + 1)
        }
    }
}
