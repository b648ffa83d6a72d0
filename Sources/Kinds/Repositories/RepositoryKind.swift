import Base
import Execution
import Git
public import ManifestModel
import YAML

/// The section `repos`.
public enum RepositoryKind: NodeKind {
    public static let name = "repo"
    public static let namespace: String? = "repos"
    public static let sections = [
        KeySpec(
            "repos", .map(.object(RepositoryDeclaration.shape), names: .node),
            "Git repositories, cloned when missing and never touched when there.")
    ]

    public static func nodes(_ reading: inout Reading) -> [any WorkspaceNode] {
        let defaults = reading.manifest.tree["defaults"]?["repo"]
        var nodes: [RepositoryNode] = []
        var byPlace: [Path: RepositoryNode] = [:]
        for yaml in reading.manifest.section("repos")?.entries ?? [] {
            guard let entry = RepositoryEntry(yaml, defaults: defaults) else { continue }
            checkAddresses(of: entry, &reading)
            checkWords(of: entry, &reading)
            let place = RepositoryPlace(of: entry, in: &reading)
            reading.checkouts.append((entry.name, place.path))
            let node = RepositoryNode(entry, place, root: reading.manifest.root)
            if let other = byPlace[place.path] {
                reading.report(
                    "same-path",
                    "'\(entry.name)' and '\(other.entry.name)' are to stand in the same folder, \(place.path)",
                    at: entry.path?.location ?? entry.location,
                    suggestion: "give one of them another 'path'")
            } else {
                byPlace[place.path] = node
            }
            nodes.append(node)
        }
        return nodes
    }

    private static func checkAddresses(of entry: RepositoryEntry, _ reading: inout Reading) {
        checkAddress(entry.url, &reading)
        for (name, url) in entry.remotes.map({ ($0.key, $0.value) }) {
            checkAddress(url, &reading)
            if name == "origin" {
                reading.report(
                    "bad-value", "'origin' is what 'url' names, so it can't be one of the other remotes",
                    at: url.location, suggestion: "move this address to 'url', or give the remote another name")
            }
        }
    }

    /// Addresses that hold something known only later are judged when they are used.
    private static func checkAddress(_ url: Text, _ reading: inout Reading) {
        guard let text = url.literal else { return }
        guard let address = RepositoryAddress(text) else {
            return reading.report(
                "bad-url", "'\(RepositoryAddress.masked(text))' is no address that devinit clones from",
                at: url.location,
                suggestion:
                    "write https://…, ssh://…, git@host:…, git://…, file://…, a folder, or github:OWNER/NAME")
        }
        // A bare `acme/api` is far more often a short form without its forge than a folder.
        if address.scheme == .file, !["/", "./", "../", "file:"].contains(where: text.hasPrefix) {
            reading.report(
                "bad-url", "'\(text)' names neither a server nor, clearly, a folder", at: url.location,
                suggestion: "write github:\(text) for a repository there, or ./\(text) for a folder")
        }
    }

    private static func checkWords(of entry: RepositoryEntry, _ reading: inout Reading) {
        guard let ref = entry.ref, let text = ref.literal else { return }
        if text.hasPrefix("-") || text.utf8.contains(where: { $0 <= 0x20 }) {
            reading.report(
                "bad-value", "'\(text)' can't be the name of a branch, tag or commit", at: ref.location)
        }
    }
}
