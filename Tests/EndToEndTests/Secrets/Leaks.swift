import Base
import Foundation
import HostInterfaces
import Testing

/// Looks for a secret, as it is and in the forms in which programs print it, wherever a run leaves something.
struct Leaks {
    /// What is looked for, each under a name that may be told.
    private let forms: [(name: String, bytes: Data)]

    init(_ secrets: [String: String]) {
        forms = secrets.flatMap { name, value -> [(String, Data)] in
            let base64 = Data(value.utf8).base64EncodedString()
            let json = String(JSON.string(value).text().dropFirst().dropLast())
            let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
            let url = value.addingPercentEncoding(withAllowedCharacters: plain) ?? value
            let hex = value.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            return [
                (name, value), ("\(name) in base64", String(base64.prefix { $0 != "=" }.dropLast())),
                ("\(name) in JSON", json), ("\(name) in a URL", url), ("\(name) in hexadecimal", hex),
            ].map { ($0.0, Data($0.1.utf8)) }
        }
    }

    /// The names of those that stand in the data.
    func found(in data: Data) -> [String] { forms.filter { data.range(of: $0.bytes) != nil }.map(\.name) }

    func found(in text: String) -> [String] { found(in: Data(text.utf8)) }

    /// `FILE: NAME` for each file below the folder that holds one.
    func found(below folder: Path, except allowed: (String) -> Bool = { _ in false }) -> [String] {
        let files = FileManager.default.enumerator(atPath: folder.text)
        var found: [String] = []
        while let name = files?.nextObject() as? String {
            guard !allowed(name), let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
            found += self.found(in: data).map { "\(name): \($0)" }
        }
        return found.sorted()
    }

    /// Looks at the arguments of every process until it is told to stop; then gives what was found, and how many looks
    /// there were.
    func watchingArguments() -> Task<(found: Set<String>, looks: Int), Never> {
        Task.detached {
            var found: Set<String> = []
            var looks = 0
            while !Task.isCancelled {
                for entry in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
                where Int(entry) != nil {
                    guard let data = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline"), !data.isEmpty
                    else {
                        continue
                    }
                    for name in self.found(in: data) {
                        let words = String(decoding: data.prefix(40), as: UTF8.self).replacing("\0", with: " ")
                        found.insert("\(words): \(name)")
                    }
                }
                looks += 1
                try? await Task.sleep(for: .milliseconds(2))
            }
            return (found, looks)
        }
    }
}
