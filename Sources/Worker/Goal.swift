import Base
import CGit2
import Git

/// What a clone ends on.
enum Goal {
    case branch(String, git_oid)
    case tag(String, git_oid)
    /// A commit in full or shortened hexadecimal.
    case commit(String)
    /// The server has no commit yet.
    case unborn(String)

    /// What a `ref` means to this server: a branch goes before a tag, as with `git clone --branch`, and both go
    /// before a commit.
    static func choose(_ ref: String?, among heads: [RemoteHead], place: String) throws(GitFailure) -> Goal {
        func find(_ name: String) -> RemoteHead? { heads.first { $0.name == name } }
        if let ref {
            let branch = ref.hasPrefix("refs/heads/") ? String(ref.dropFirst(11)) : ref
            let tag = ref.hasPrefix("refs/tags/") ? String(ref.dropFirst(10)) : ref
            if let head = find("refs/heads/" + branch) { return .branch(branch, head.id) }
            if let head = find("refs/tags/" + tag) { return .tag(tag, head.id) }
            if (7...64).contains(ref.utf8.count), ref.utf8.allSatisfy({ isHexadecimal($0) }) {
                return .commit(ref.lowercased())
            }
            let names = heads.compactMap { short($0.name) }
            throw missing(ref, place: place, near: TextDistance.nearest(to: ref, among: names))
        }
        guard let head = find("HEAD") else {
            // HEAD names a branch that is not there: take the usual one, or the only one.
            let branches = heads.filter { $0.name.hasPrefix("refs/heads/") }
            let usual = branches.first { ["refs/heads/main", "refs/heads/master"].contains($0.name) } ?? branches.first
            guard let usual else { return .unborn("main") }
            return .branch(String(usual.name.dropFirst(11)), usual.id)
        }
        if let target = head.target, target.hasPrefix("refs/heads/") {
            return .branch(String(target.dropFirst(11)), head.id)
        }
        // Old servers do not say which branch HEAD is; one with the same commit is the best guess.
        let same = heads.filter { $0.name.hasPrefix("refs/heads/") && hexadecimal($0.id) == hexadecimal(head.id) }
        let usual = same.first { ["refs/heads/main", "refs/heads/master"].contains($0.name) } ?? same.first
        guard let usual else { return .commit(hexadecimal(head.id)) }
        return .branch(String(usual.name.dropFirst(11)), usual.id)
    }

    static func missing(_ ref: String, place: String, near: String?) -> GitFailure {
        GitFailure(
            .refNotFound, "\(place) has no branch, tag or commit \(ref).",
            hint: near.map { "Did you mean \($0)?" } ?? "Correct `ref`, or push it first.")
    }

    private static func short(_ name: String) -> String? {
        for prefix in ["refs/heads/", "refs/tags/"] where name.hasPrefix(prefix) && !name.hasSuffix("^{}") {
            return String(name.dropFirst(prefix.count))
        }
        return nil
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
    }

    /// What to fetch: everything, or with a depth only what is asked for.
    func refspecs(single: Bool) -> [String] {
        guard single else { return ["+refs/heads/*:refs/remotes/origin/*"] }
        switch self {
        case .branch(let name, _): return ["+refs/heads/\(name):refs/remotes/origin/\(name)"]
        case .tag(let name, _): return ["+refs/tags/\(name):refs/tags/\(name)"]
        case .commit(let id): return [id]
        case .unborn: return []
        }
    }

    /// What later fetches of `origin` bring; like git, a clone with a depth follows its branch only.
    func configuredRefspec(single: Bool) -> String {
        if single, case .branch(let name, _) = self { return "+refs/heads/\(name):refs/remotes/origin/\(name)" }
        return "+refs/heads/*:refs/remotes/origin/*"
    }
}
