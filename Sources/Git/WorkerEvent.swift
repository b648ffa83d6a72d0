package import Base

/// One line that the worker writes. The last one is a result or a failure.
package enum WorkerEvent: Hashable, Sendable {
    case progress(GitProgress)
    /// A sign of life without numbers: the server's own words, a step of the login.
    case activity(String)
    case result(WorkerResult)
    case failure(GitFailure)

    package var json: JSON {
        switch self {
        case .progress(let progress):
            [
                "event": "progress", "phase": .string(progress.phase.rawValue), "done": .integer(progress.done),
                "total": .integer(progress.total), "bytes": .integer(progress.bytes),
            ]
        case .activity(let words): ["event": "activity", "words": .string(words)]
        case .result(let result): .members(["event": "result", "result": result.json])
        case .failure(let failure):
            [
                "event": "error", "class": .string(failure.kind.rawValue), "message": .string(failure.message),
                "hint": .string(failure.hint),
            ]
        }
    }

    /// Nil when the object is no event that this version knows.
    package init?(_ json: JSON) {
        switch json["event"]?.string {
        case "progress":
            guard let phase = json["phase"]?.string.flatMap(GitProgress.Phase.init(rawValue:)) else { return nil }
            self = .progress(
                GitProgress(
                    phase, done: json["done"]?.integer ?? 0, total: json["total"]?.integer ?? 0,
                    bytes: json["bytes"]?.integer ?? 0))
        case "activity": self = .activity(json["words"]?.string ?? "")
        case "result": self = .result(WorkerResult(json["result"] ?? .null))
        case "error":
            self = .failure(
                GitFailure(
                    json["class"]?.string.flatMap(GitFailure.Kind.init(rawValue:)) ?? .other,
                    json["message"]?.string ?? "", hint: json["hint"]?.string ?? ""))
        default: return nil
        }
    }
}

/// What a request came to.
package struct WorkerResult: Hashable, Sendable {
    package var state = CheckoutState()
    package var submodules: [Submodule] = []
    /// Filters of `.gitattributes` that are configured here and that libgit2 does not run; the files were
    /// then not checked out.
    package var pendingFilters: [String] = []
    /// Filters that the attributes name and that nothing is configured for.
    package var missingFilters: [String] = []

    package struct Submodule: Hashable, Sendable {
        package var name: String
        package var path: String
        /// Relative ones resolved against the parent's `origin`.
        package var url: String

        package init(name: String, path: String, url: String) {
            self.name = name
            self.path = path
            self.url = url
        }
    }

    package init() {}

    package init(_ json: JSON) {
        state.branch = json["branch"]?.string
        state.commit = json["commit"]?.string
        state.upstream = json["upstream"]?.string
        state.ahead = json["ahead"]?.integer ?? 0
        state.behind = json["behind"]?.integer ?? 0
        state.changed = json["changed"]?.integer ?? 0
        state.untracked = json["untracked"]?.integer ?? 0
        state.conflicts = json["conflicts"]?.integer ?? 0
        for member in json["remotes"]?.object ?? [] { state.remotes[member.key] = member.value.string }
        for part in json["submodules"]?.array ?? [] {
            submodules.append(
                Submodule(
                    name: part["name"]?.string ?? "", path: part["path"]?.string ?? "",
                    url: part["url"]?.string ?? ""))
        }
        pendingFilters = json.strings("pendingFilters")
        missingFilters = json.strings("missingFilters")
    }

    package var json: JSON {
        .members([
            "branch": state.branch.map(JSON.string), "commit": state.commit.map(JSON.string),
            "upstream": state.upstream.map(JSON.string), "ahead": .integer(state.ahead),
            "behind": .integer(state.behind), "changed": .integer(state.changed),
            "untracked": .integer(state.untracked), "conflicts": .integer(state.conflicts),
            "remotes": .sorted(state.remotes.mapValues(JSON.string)),
            "submodules": .array(
                submodules.map { ["name": .string($0.name), "path": .string($0.path), "url": .string($0.url)] }),
            "pendingFilters": .array(pendingFilters.map(JSON.string)),
            "missingFilters": .array(missingFilters.map(JSON.string)),
        ])
    }
}
