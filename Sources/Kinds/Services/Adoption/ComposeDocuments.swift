/// A Compose file may hold several documents: Compose 2 merges them in their order, as it merges files (compose-go,
/// `loader.loadYamlModel`). docker-compose 1.29 refuses such a file, which its call tells.
enum ComposeDocuments {
    /// Each document with empty lines in place of all before it, so that places in it are those of the file. One that
    /// says nothing is left out, unless there is no other.
    static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // At the beginning of a line three dashes can mean nothing else (YAML 1.2.2, section 9.1.2).
        let starts = lines.indices.filter { isMark(lines[$0]) }
        guard starts.contains(where: { $0 > 0 }) else { return [bytes] }
        var documents: [[UInt8]] = []
        for (start, end) in zip([0] + starts, starts + [lines.count]) where start < end {
            let own = lines[start..<end]
            guard own.contains(where: says) else { continue }
            let before = [UInt8](repeating: UInt8(ascii: "\n"), count: start)
            documents.append(before + own.joined(separator: [UInt8(ascii: "\n")]))
        }
        return documents.isEmpty ? [bytes] : documents
    }

    private static func isMark(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: "---".utf8) && (line.dropFirst(3).first.map(isBlank) ?? true)
    }

    private static func says(_ line: ArraySlice<UInt8>) -> Bool {
        let rest = (isMark(line) ? line.dropFirst(3) : line).drop(while: isBlank)
        guard let first = rest.first else { return false }
        return first != UInt8(ascii: "#") && first != UInt8(ascii: "%") && !rest.starts(with: "...".utf8)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
