import Base
import Dotenv
import Testing

@Suite(.enabled(if: Conformance.isPresent, "no conformance folder beside the checkout"))
struct ConformanceTests {
    @Test func `compose reads its own project's cases`() throws {
        let cases = try Conformance.cases("compose.json")
        #expect(!cases.isEmpty)
        for item in cases {
            let name = Comment(rawValue: item["name"]?.string ?? "")
            let environment = item["env"]?.texts ?? [:]
            // Several files: what earlier ones gave is looked up behind the environment.
            let inputs = item["inputs"]?.array?.compactMap(\.string) ?? [item["input"]?.string ?? ""]
            var values: [String: String] = [:]
            do {
                for input in inputs {
                    let lookup = values.merging(environment) { $1 }
                    let read = try DotenvReader.values(of: input, dialect: .compose, environment: lookup)
                    values.merge(read.dictionary) { $1 }
                }
            } catch {
                let wanted = item["error"]?.string
                #expect(wanted != nil, name)
                if ["equals", "contains"].contains(item["error_match"]?.string ?? "") {
                    #expect(error.description.contains(wanted ?? "\0"), name)
                }
                continue
            }
            #expect(item["error"] == nil, name)
            let expected = item["expected"]?.texts ?? [:]
            if item["match"]?.string == "exact" {
                #expect(values == expected, name)
            } else {
                for (key, value) in expected { #expect(values[key] == value, name) }
            }
        }
    }

    @Test func `node reads its own project's cases`() throws {
        let cases = try Conformance.cases("node-dotenv.json")
        #expect(!cases.isEmpty)
        for item in cases {
            // `merge_into_env` is about what an application does with the values, not about reading.
            guard item["op"] == nil, let input = item["input"]?.string else { continue }
            let read = try DotenvReader.values(of: input, dialect: .node)
            #expect(read.dictionary == item["expected"]?.texts ?? [:], "\(input.debugDescription)")
        }
    }

    @Test func `python reads its own project's cases`() throws {
        let cases = try Conformance.cases("python-dotenv.json")
        #expect(!cases.isEmpty)
        for item in cases {
            // The cases are the parser's, before expansion; none of them holds a reference. A key without a value
            // is null there and absent here.
            let input = item["input"]?.string ?? ""
            let read = try DotenvReader.values(of: input, dialect: .python)
            #expect(read.dictionary == item["expected"]?.texts ?? [:], "\(input.debugDescription)")
        }
    }

    @Test func `every case of every project goes through the document byte for byte`() throws {
        for file in ["compose.json", "node-dotenv.json", "python-dotenv.json"] {
            for item in try Conformance.cases(file) {
                let bytes = Array((item["input"]?.string ?? "").utf8)
                #expect(DotenvDocument(parsing: bytes).bytes == bytes)
            }
        }
    }
}
