import CGit2
import Git

extension Session {
    /// Calls libgit2 and turns its error, which stands per thread and until the next call, into a failure.
    /// - Parameter doing: what it was, as the middle of a sentence: `reading the branch`.
    func call(_ doing: String, _ body: () -> Int32) throws(GitFailure) {
        git_error_clear()
        let code = body()
        if code < 0 { throw failure(code, doing: doing) }
    }

    /// The same for calls that make an object; the caller frees it.
    func make<Object>(
        _ doing: String, _ body: (UnsafeMutablePointer<Object?>) -> Int32
    ) throws(GitFailure) -> Object {
        var object: Object?
        git_error_clear()
        let code = body(&object)
        guard code >= 0, let object else { throw failure(code, doing: doing) }
        return object
    }

    /// The failure behind a code, before anything else is called.
    func failure(_ code: Int32, doing: String) -> GitFailure {
        if let refusal { return refusal }
        let last = git_error_last()
        let words = last?.pointee.message.map { String(cString: $0) } ?? ""
        return ErrorReading(
            code: code, area: last.map { Int($0.pointee.klass) } ?? 0, words: words, doing: doing, session: self
        ).failure
    }
}

/// An object id as text.
func hexadecimal(_ id: git_oid) -> String {
    var id = id
    guard let text = git_oid_tostr_s(&id) else { return "" }
    return String(cString: text)
}
