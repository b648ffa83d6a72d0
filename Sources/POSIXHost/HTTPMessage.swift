import HostInterfaces

/// The text of HTTP/1.1 (RFC 9112), without input or output.
enum HTTPMessage {
    /// How long a body is.
    enum Framing: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
        /// Until the server closes.
        case untilClose
    }

    struct Head: Sendable, Equatable {
        var status: Int
        /// Names in lower case; values of one name are joined by commas.
        var headers: [String: String]
        var framing: Framing
    }

    /// The bytes of a request; nil when a line break in a part would make two of it.
    static func encode(_ request: HTTPRequest) -> [UInt8]? {
        var headers = request.headers
        let given = Set(headers.keys.map { $0.lowercased() })
        func add(_ name: String, _ value: String) { if !given.contains(name.lowercased()) { headers[name] = value } }
        switch request.endpoint {
        case .socket, .program: add("Host", "localhost")
        case .tcp(let host, let port):
            let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
            add("Host", port == 80 ? name : "\(name):\(port)")
        }
        add("Connection", "close")
        add("Accept", "*/*")
        if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            add("Content-Length", String(request.body.count))
        }
        let target = request.target.isEmpty ? "/" : request.target
        let bad: (String) -> Bool = { $0.utf8.contains { $0 == 13 || $0 == 10 || $0 == 0 } }
        let isBroken = headers.contains { bad($0.key) || bad($0.value) } || bad(request.method) || bad(target)
        guard !isBroken, !target.utf8.contains(UInt8(ascii: " ")) else { return nil }
        var text = "\(request.method) \(target) HTTP/1.1\r\n"
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
        return Array((text + "\r\n").utf8) + request.body
    }

    /// Reads a head, its lines without the empty one that ends it; nil when it is none.
    static func head(_ lines: [String], method: String) -> Head? {
        guard let first = lines.first, first.hasPrefix("HTTP/1.") else { return nil }
        let words = first.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
        guard words.count >= 2, words[1].utf8.count == 3, let status = Int(words[1]), status >= 100 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let name = line[..<colon].lowercased()
            let value = trimmed(line[line.utf8.index(after: colon)...])
            headers[name] = headers[name].map { $0 + ", " + value } ?? value
        }
        guard let framing = framing(status: status, headers: headers, method: method) else { return nil }
        return Head(status: status, headers: headers, framing: framing)
    }

    private static func framing(status: Int, headers: [String: String], method: String) -> Framing? {
        if method == "HEAD" || status == 204 || status == 304 || status < 200 { return Framing.none }
        if let coding = headers["transfer-encoding"] {
            return coding.lowercased().hasSuffix("chunked") ? .chunked : .untilClose
        }
        guard let text = headers["content-length"] else { return .untilClose }
        // Several equal lengths are one.
        let lengths = Set(text.split(separator: ",").map { trimmed($0) })
        guard lengths.count == 1, let length = lengths.first.flatMap({ Int($0) }), length >= 0 else { return nil }
        return .length(length)
    }

    /// The size in a chunk's first line; nil when there is none.
    static func chunkSize(_ line: String) -> Int? {
        let digits = trimmed(line.prefix { $0 != ";" })
        guard !digits.isEmpty, digits.utf8.count <= 8 else { return nil }
        return Int(digits, radix: 16).flatMap { $0 >= 0 ? $0 : nil }
    }

    private static func trimmed(_ text: Substring) -> String {
        var bytes = text.utf8
        while let first = bytes.first, first == 32 || first == 9 { bytes.removeFirst() }
        while let last = bytes.last, last == 32 || last == 9 { bytes.removeLast() }
        return String(Substring(bytes))
    }
}
