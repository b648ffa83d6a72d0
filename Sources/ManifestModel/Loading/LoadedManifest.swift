public import Base
public import YAML

/// A manifest as it was found: merged, expanded, interpolated as far as can be, and checked.
public struct LoadedManifest: Sendable {
    /// The main file, absolute.
    public var file: Path
    /// The workspace's folder: repositories, `.devinit/` and relative paths live here. Absolute.
    public var root: Path
    public var name: String
    /// The set-up that is meant; nil for the one without a name.
    public var instance: String? = nil
    /// The name of the folder that stands for the root where a name is made of it: a second working tree takes the main
    /// one's.
    public var folderName: String { mainFolderName ?? root.name }
    var mainFolderName: String? = nil
    /// The main working tree of the repository of which the root's is a second one; nil where it is none.
    public var repository: Path? = nil
    /// The whole tree, short forms expanded. Texts may still hold `${…}` that is known only later.
    public var tree: YAMLNode
    /// Every file that was read, in the order of merging.
    public var sources: [Source]
    public var diagnostics: Diagnostics
    /// Questions that have no answer yet.
    public var questions: [Question]
    /// What each name of `vars` stands for, as far as it is known.
    public var variables: [String: String] = [:]

    /// A file that went into the manifest.
    public struct Source: Sendable {
        public var path: Path
        /// As messages show it.
        public var display: String
        public var document: YAMLDocument
        public var bytes: [UInt8]
    }

    /// What the engine knows the workspace by: the name of its Compose project.
    public var project: String { instance.map { "\(name)-\($0)" } ?? name }

    /// The folder of the file that states a value: what some relative paths are seen from.
    public func folder(stating location: SourceLocation) -> Path {
        sources.first { $0.display == location.file }?.path.parent ?? file.parent
    }

    /// The value of a key at the top, merged; nil when it is absent.
    public func section(_ name: String) -> YAMLNode? { tree[name] }

    /// A line of a source, for the caret under it.
    public func line(at location: SourceLocation) -> String? {
        sources.first { $0.display == location.file }?.document.line(location.line)
    }

    public var message: Text? { Fields(tree)[ManifestShape.message] }
    public var defaults: Fields? { tree["defaults"].map { Fields($0) } }

    /// `profiles`: each name with its labels; `default` is what counts without a flag.
    public var profiles: [String: [String]] {
        var profiles: [String: [String]] = [:]
        for entry in tree["profiles"]?.entries ?? [] {
            profiles[entry.key] = entry.value.itemsOrOne.compactMap { $0.literalText?.literal }
        }
        return profiles
    }
}

/// An entry of `vars` that a person answers.
public struct Question: Hashable, Sendable {
    public var name: String
    public var prompt: String
    public var choices: [String]
    public var pattern: String?
    public var standard: String?
    public var location: SourceLocation

    /// What is wrong with an answer; nil when it may stand.
    public func problem(with answer: String) -> String? {
        if !choices.isEmpty, !choices.contains(answer) { return "one of \(choices.joined(separator: ", "))" }
        if let pattern, let expression = try? Regex(pattern), (try? expression.wholeMatch(in: answer)) == nil {
            return "it must match \(pattern)"
        }
        return answer.isEmpty ? "an answer is needed" : nil
    }
}
