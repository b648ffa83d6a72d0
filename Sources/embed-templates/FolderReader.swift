import Foundation

/// Reads a folder as texts by their path below it.
struct FolderReader {
    let folder: URL

    /// A file that can't be embedded.
    struct NotText: Error, CustomStringConvertible {
        let path: String
        var description: String { "\(path): not UTF-8, so it can't be embedded; templates are text files" }
    }

    /// Every regular file in the order of its path. Symbolic links and Finder's `.DS_Store` are left out.
    func files() throws -> [(path: String, text: String)] {
        var found: [(path: String, text: String)] = []
        try read(folder, prefix: "", into: &found)
        return found.sorted { $0.path < $1.path }
    }

    private func read(_ folder: URL, prefix: String, into found: inout [(path: String, text: String)]) throws {
        let keys: Set<URLResourceKey> = [.isRegularFileKey, .isDirectoryKey, .isSymbolicLinkKey]
        for url in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: Array(keys)) {
            let path = prefix + url.lastPathComponent
            let kind = try url.resourceValues(forKeys: keys)
            if kind.isSymbolicLink == true || url.lastPathComponent == ".DS_Store" { continue }
            if kind.isDirectory == true {
                try read(url, prefix: path + "/", into: &found)
            } else if kind.isRegularFile == true {
                // Not `String(contentsOf:)`, which drops a byte order mark.
                guard let text = String(validating: try Data(contentsOf: url), as: UTF8.self) else {
                    throw NotText(path: url.path(percentEncoded: false))
                }
                found.append((path, text))
            }
        }
    }
}
