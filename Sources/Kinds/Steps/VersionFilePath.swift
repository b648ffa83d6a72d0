import Base
import HostInterfaces

/// Folders that version managers want in front of PATH where a folder pins versions: what a shell's hook does when
/// one enters it. Only what can be told by looking at a few files; no manager is run.
enum VersionFilePath {
    static func folders(for place: Path, root: Path, host: Host) -> [Path] {
        var found: [Path] = []
        for folder in chain(from: place, to: root) {
            let names = Set(((try? host.files.entries(of: folder)) ?? []).map(\.name))
            if names.contains(".tool-versions") || names.contains("mise.toml") || names.contains(".mise.toml") {
                found += shims(host)
            }
            if let name = [".nvmrc", ".node-version"].first(where: names.contains),
                let wanted = host.files.text(of: folder / name), let bin = nvm(wanted, host)
            {
                found.append(bin)
            }
            if names.contains("package.json"),
                host.files.text(of: folder / "package.json")?.contains("\"volta\"") == true
            {
                let volta = data("VOLTA_HOME", ".volta", host) / "bin"
                if host.files.isFolder(volta) { found.append(volta) }
            }
            if !found.isEmpty { break }
        }
        var seen: Set<Path> = []
        return found.filter { seen.insert($0).inserted }
    }

    /// The folder and those above it, up to the workspace's root.
    private static func chain(from place: Path, to root: Path) -> [Path] {
        var chain = [place]
        while let last = chain.last, last != root, last.isInside(root) { chain.append(last.parent) }
        return chain
    }

    private static func data(_ variable: String, _ standard: String, _ host: Host) -> Path {
        host.environment[variable].map { Path($0) } ?? host.machine.home.appending(Path(standard))
    }

    /// mise and asdf read the version file themselves, behind their shims.
    private static func shims(_ host: Host) -> [Path] {
        [data("MISE_DATA_DIR", ".local/share/mise", host) / "shims", data("ASDF_DATA_DIR", ".asdf", host) / "shims"]
            .filter { host.files.isFolder($0) }
    }

    /// The newest installed Node that the file asks for: `20`, `v20.11`, `20.11.1`.
    private static func nvm(_ text: String, _ host: Host) -> Path? {
        let wanted = text.split(whereSeparator: \.isNewline).first.map { $0.filter { $0 != "v" && $0 != " " } } ?? ""
        let parts = wanted.split(separator: ".").map { Int($0) }
        guard !parts.isEmpty, parts.allSatisfy({ $0 != nil }) else { return nil }
        let versions = data("NVM_DIR", ".nvm", host) / "versions" / "node"
        let best = ((try? host.files.entries(of: versions)) ?? []).compactMap {
            entry -> (name: String, numbers: [Int])? in
            let numbers = entry.name.drop { $0 == "v" }.split(separator: ".").compactMap { Int($0) }
            return numbers.count == 3 && zip(parts, numbers).allSatisfy({ $0 == $1 }) ? (entry.name, numbers) : nil
        }.max { $0.numbers.lexicographicallyPrecedes($1.numbers) }
        return best.map { versions / $0.name / "bin" }
    }
}
