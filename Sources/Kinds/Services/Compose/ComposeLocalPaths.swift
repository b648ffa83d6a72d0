import Base
import YAML

extension YAMLNode {
    /// A Compose service whose paths on this machine are absolute: mounts, env files, the build's context.
    func withPaths(from folder: Path) -> YAMLNode {
        func absolute(_ text: String) -> String {
            if text.hasPrefix("~") || text.contains("${") { return text }
            return folder.appending(Path(text)).normalized.text
        }
        func scalar(_ node: YAMLNode) -> YAMLNode {
            guard let text = node.text, !ComposePaths.isRemote(text) else { return node }
            return .text(absolute(text), at: node.location)
        }
        var result = self
        if let items = self["volumes"]?.items {
            result.set("volumes", to: .sequence(items.map { Self.withAbsoluteSource($0, scalar, absolute) }))
        }
        for key in ["env_file", "label_file"] {
            guard let files = self[key] else { continue }
            result.set(
                key,
                to: .sequence(
                    (files.items ?? [files]).map { item in
                        guard item.entries != nil, let path = item["path"] else { return scalar(item) }
                        var item = item
                        item.set("path", to: scalar(path))
                        return item
                    }))
        }
        if var build = self["build"] {
            if build.entries == nil {
                build = scalar(build)
            } else if let context = build["context"] {
                build.set("context", to: scalar(context))
            }
            result.set("build", to: build)
        }
        return result
    }

    private static func withAbsoluteSource(
        _ item: YAMLNode, _ scalar: (YAMLNode) -> YAMLNode, _ absolute: (String) -> String
    ) -> YAMLNode {
        if item["type"]?.text == "bind", let source = item["source"] {
            var item = item
            item.set("source", to: scalar(source))
            return item
        }
        guard let text = item.text, let source = ComposePaths.source(ofVolume: text), ComposePaths.isPath(source)
        else { return item }
        return .text(absolute(source) + text.dropFirst(source.count), at: item.location)
    }
}

extension ComposePaths {
    /// Whether a build's context is fetched from somewhere.
    static func isRemote(_ text: String) -> Bool {
        text.contains("://") || text.hasPrefix("git@") || text.hasPrefix("github.com/")
    }
}
