import Base
public import YAML

/// Merges Compose files and services as the Compose specification does ("Merge"): mappings by key, lists appended,
/// commands and checks replaced, and what may be written in two forms brought into one first.
public enum ComposeMerging {
    /// How the values under a key of a service are merged, where not by their form alone.
    private enum Rule {
        /// The later one stands alone ("Exceptions": shell commands).
        case replace
        /// `KEY=value` in a list, or a mapping.
        case pairs
        /// One text, or a list of them.
        case texts
        /// Host names: a mapping, or a list with `=` or `:`; one name may have several addresses.
        case hosts
        /// A list of names, or a mapping by name; the text is what the short form of an entry stands for.
        case names(YAMLNode)
        /// A folder's path, or a mapping with `context`.
        case build
        /// Options belong to one driver.
        case logging
    }

    /// By the keys that lead there from the service. The names are compose-go's (`override/merge.go`).
    private static let rules: [String: Rule] = {
        var rules: [String: Rule] = [
            "command": .replace, "entrypoint": .replace, "healthcheck.test": .replace, "build": .build,
            "logging": .logging, "extra_hosts": .hosts, "build.extra_hosts": .hosts,
            "depends_on": .names(.mapping(["condition": .text("service_started")])), "networks": .names(.null()),
        ]
        for key in [
            "environment", "labels", "annotations", "sysctls", "args", "build.args", "build.labels",
            "build.additional_contexts", "deploy.labels",
        ] { rules[key] = .pairs }
        for key in ["dns", "dns_opt", "dns_search", "env_file", "label_file", "tmpfs"] { rules[key] = .texts }
        return rules
    }()

    /// Merges one service over another.
    public static func merge(_ base: YAMLNode, with later: YAMLNode) -> YAMLNode {
        withoutMarks(mergeServices(base, with: later))
    }

    /// The same with the tags left in, because the result is to be merged over something itself.
    public static func mergeServices(_ base: YAMLNode, with later: YAMLNode) -> YAMLNode {
        merge(base, with: later, at: "")
    }

    /// Merges one file over another: each service by its own rules, the other sections by key. Tags are left in.
    public static func mergeFiles(_ base: YAMLNode, with later: YAMLNode) -> YAMLNode {
        mergeMappings(base, later) { first, second, section in
            guard first.entries != nil, second.entries != nil, !second.isOverride else {
                return second.isNull ? first : second
            }
            return mergeMappings(first, second) { first, second, _ in
                merge(first, with: second, at: section == "services" ? "" : "\(section).*")
            }
        }
    }

    private static func merge(_ base: YAMLNode, with later: YAMLNode, at path: String) -> YAMLNode {
        if later.isOverride { return later }
        // A key with nothing behind it says nothing.
        if later.isNull, !base.isNull, base.scalar == nil { return base }
        func below(_ first: YAMLNode, _ second: YAMLNode) -> YAMLNode {
            mergeMappings(first, second) { merge($0, with: $1, at: path.isEmpty ? $2 : "\(path).\($2)") }
        }
        switch rules[path] {
        case .replace: return later
        case .pairs: return below(ComposeForms.pairs(base), ComposeForms.pairs(later))
        case .texts: return ComposeLists.append(ComposeForms.list(base), ComposeForms.list(later), key: path)
        case .hosts: return ComposeLists.append(ComposeForms.hosts(base), ComposeForms.hosts(later), key: path)
        case .names(let standard):
            if base.items != nil, later.items != nil { break }
            return below(ComposeForms.byName(base, standard), ComposeForms.byName(later, standard))
        case .build: return below(ComposeForms.build(base), ComposeForms.build(later))
        case .logging:
            if let driver = base["driver"]?.text, let other = later["driver"]?.text, driver != other { return later }
        case nil: break
        }
        switch (base.value, later.value) {
        case (.mapping, .mapping): return below(base, later)
        case (.sequence, .sequence): return ComposeLists.append(base, later, key: path)
        default: return later
        }
    }

    private static func mergeMappings(
        _ base: YAMLNode, _ later: YAMLNode, _ merge: (YAMLNode, YAMLNode, String) -> YAMLNode
    ) -> YAMLNode {
        var entries = base.entries ?? []
        for entry in later.entries ?? [] {
            if case .reset = entry.value.value {
                // The mark stays: there may be more below to take away.
                entries.removeAll { $0.key == entry.key }
                entries.append(entry)
            } else if let index = entries.firstIndex(where: { $0.key == entry.key }) {
                entries[index] = entry.with(merge(entries[index].value, entry.value, entry.key))
            } else {
                entries.append(entry)
            }
        }
        return later.with(.mapping(entries))
    }

    /// The tree without `!reset` and `!override`, once there is nothing more to merge.
    public static func withoutMarks(_ node: YAMLNode) -> YAMLNode {
        guard node.contains(where: { $0.isReset || $0.isOverride }) else { return node }
        var result = node
        result.isOverride = false
        switch node.value {
        case .mapping(let entries):
            result.value = .mapping(
                entries.compactMap { $0.value.isReset ? nil : $0.with(withoutMarks($0.value)) })
        case .sequence(let items): result.value = .sequence(items.filter { !$0.isReset }.map(withoutMarks))
        default: break
        }
        return result
    }
}
