import Base
import Dotenv
import Foundation
import Testing

/// The programs themselves read what the writer wrote. Those that the machine lacks are skipped, saying so.
@Suite struct RealReaderTests {
    @Test(.enabled(if: RealReader.node != nil, "no node 20.12 or newer on this machine; Tests/Lab/install brings one"))
    func `node reads every written string as it was meant`() throws {
        guard let node = RealReader.node else { return }
        let script = """
            const before = new Set(Object.keys(process.env)), out = {};
            process.loadEnvFile(process.argv[1]);
            for (const k of Object.keys(process.env)) if (!before.has(k)) out[k] = process.env[k];
            console.log(JSON.stringify(out));
            """
        let viaFlag = "const out = {}; for (const k in process.env) if (k.startsWith('K_')) out[k] = process.env[k];"
        for dialects: Set<Dialect> in [[.node], [.compose, .node, .python, .sh]] {
            try check(dialects) { path in
                try RealReader.run(node, ["--env-file=\(path)", "-e", viaFlag + "console.log(JSON.stringify(out))"])
            }
            try check(dialects) { path in try RealReader.run(node, ["-e", script, path]) }
        }
    }

    @Test(
        .enabled(
            if: RealReader.python != nil, "no python with python-dotenv on this machine; Tests/Lab/install brings one"))
    func `python-dotenv reads every written string as it was meant`() throws {
        guard let python = RealReader.python else { return }
        let script = """
            import dotenv, json, sys
            print(json.dumps(dotenv.dotenv_values(sys.argv[1])))
            """
        for dialects: Set<Dialect> in [[.python], [.compose, .node, .python, .sh]] {
            try check(dialects) { path in try RealReader.run(python, ["-c", script, path]) }
        }
    }

    @Test(.enabled(if: RealReader.shell != nil, "no sh on this machine"))
    func `sh reads every written string as it was meant`() throws {
        guard let shell = RealReader.shell else { return }
        // JSON in plain sh: the bytes as hexadecimal numbers.
        let script = """
            set -a; . "$1"; printf '{'; n=0; s=
            while [ $n -lt $2 ]; do
              eval "if [ \\"\\${K_$n+set}\\" ]; then v=\\$K_$n; printf '%s\\"K_%s\\":\\"' \\"\\$s\\" $n; printf %s \\"\\$v\\" | od -An -v -tx1 | tr -d ' \\n'; printf '\\"'; s=,; fi"
              n=$((n+1))
            done; printf '}'
            """
        for dialects: Set<Dialect> in [[.sh], [.compose, .node, .python, .sh]] {
            try check(dialects, isHexadecimal: true) { path in
                try RealReader.run(shell, ["-c", script, "sh", path, "\(NastyStrings.all.count)"])
            }
        }
    }

    @Test(.enabled(if: RealReader.compose != nil, "no docker compose on this machine; Tests/Lab/install brings one"))
    func `docker compose reads every written string as it was meant`() throws {
        guard let compose = RealReader.compose else { return }
        for dialects: Set<Dialect> in [[.compose], [.compose, .node, .python, .sh]] {
            try check(dialects) { path in
                let manifest = path + ".yaml"
                try "services: {s: {image: none, env_file: [\"\(path)\"]}}\n"
                    .write(toFile: manifest, atomically: true, encoding: .utf8)
                defer { try? FileManager.default.removeItem(atPath: manifest) }
                let arguments = compose.dropFirst() + ["-f", manifest, "config", "--format", "json"]
                let output = try RealReader.run(compose[0], Array(arguments))
                let config = try JSON(parsing: String(decoding: output, as: UTF8.self))
                // `config` doubles each dollar, since its output is a manifest again.
                let values = (config["services"]?["s"]?["environment"]?.object ?? []).map { member in
                    JSON.Member(
                        member.key, .string((member.value.string ?? "").replacingOccurrences(of: "$$", with: "$")))
                }
                return Data(JSON.object(values).text().utf8)
            }
        }
    }

    /// Writes all strings that the dialects can have into one file, with the document, and compares what is read.
    private func check(_ dialects: Set<Dialect>, isHexadecimal: Bool = false, _ read: (String) throws -> Data) throws {
        var document = DotenvDocument(parsing: [])
        var expected: [String: String] = [:]
        for (number, value) in NastyStrings.all.enumerated() {
            do {
                let text = try DotenvWriter.text(for: value, dialects: dialects)
                let isInserted = document.insert("K_\(number)", rawText: text)
                #expect(isInserted)
                expected["K_\(number)"] = value
            } catch {
                #expect(!error.obstacles.isEmpty && dialects.isSuperset(of: error.dialects))
                for dialect in error.dialects { #expect(error.description.contains(dialect.reader)) }
            }
        }
        // All of the rest were refused by name; the bounds are what is reached, so that no way of writing is lost.
        let least: [Set<Dialect>: Int] = [[.compose]: 500, [.node]: 469, [.python]: 474, [.sh]: 500]
        #expect(expected.count >= least[dialects, default: 432], "\(dialects.map(\.rawValue)): \(expected.count)")
        let path = NSTemporaryDirectory() + "devinit-dotenv-\(UUID().uuidString).env"
        try Data(document.bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let output = try JSON(parsing: String(decoding: try read(path), as: UTF8.self))
        #expect(output.object?.count == expected.count)
        for (key, value) in expected {
            let bytes = Array(value.utf8)
            let wanted = isHexadecimal ? bytes.map { String(format: "%02x", $0) }.joined() : value
            let found = output[key]?.string
            #expect(found.map { Array($0.utf8) } == Array(wanted.utf8), "\(key) \(value.debugDescription)")
        }
    }
}
