import Base
import CGit2
import Git

extension Session {
    /// The names after `filter=` in every `.gitattributes` of HEAD's tree. libgit2 runs no filter program, so
    /// such files would be written as pointers.
    func filters(of repository: OpaquePointer) throws(GitFailure) -> [String] {
        var object: OpaquePointer?
        try call("reading the tree") { git_revparse_single(&object, repository, "HEAD^{tree}") }
        defer { git_object_free(object) }
        let search = FilterSearch(repository: repository)
        try call("reading the tree") {
            git_tree_walk(
                object, GIT_TREEWALK_PRE,
                { _, entry, payload in
                    guard let payload, let entry, let name = git_tree_entry_name(entry) else { return 0 }
                    if String(cString: name) == ".gitattributes" {
                        Unmanaged<FilterSearch>.fromOpaque(payload).takeUnretainedValue().look(at: entry)
                    }
                    return 0
                }, Unmanaged.passUnretained(search).toOpaque())
        }
        return search.names.sorted()
    }

    /// Whether the user's git would run a program for this filter.
    func isConfigured(filter: String, _ repository: OpaquePointer) -> Bool {
        var config: OpaquePointer?
        guard git_repository_config_snapshot(&config, repository) == 0 else { return false }
        defer { git_config_free(config) }
        return ["smudge", "process"].contains { key in
            var value: UnsafePointer<CChar>?
            return git_config_get_string(&value, config, "filter.\(filter).\(key)") == 0
        }
    }
}

private final class FilterSearch {
    let repository: OpaquePointer
    var names: Set<String> = []

    init(repository: OpaquePointer) { self.repository = repository }

    func look(at entry: OpaquePointer) {
        var blob: OpaquePointer?
        guard git_blob_lookup(&blob, repository, git_tree_entry_id(entry)) == 0 else { return }
        defer { git_blob_free(blob) }
        let size = min(Int(git_blob_rawsize(blob)), 1 << 20)
        let text = String(
            decoding: UnsafeRawBufferPointer(start: git_blob_rawcontent(blob), count: size), as: UTF8.self)
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            for word in line.split(whereSeparator: \.isWhitespace).dropFirst() where word.hasPrefix("filter=") {
                names.insert(String(word.dropFirst("filter=".count)))
            }
        }
    }
}
