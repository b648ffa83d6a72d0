import HostInterfaces
import Base
import Testing

/// Ten mistakes of ten sorts, each with the line and column where its author has to look.
@Suite struct MistakesTests {
    static let manifest = """
        version: 1
        workspace: Acme Corp
        vars:
          region: { prompt: Region, choices: [eu, us], dfault: eu }
        stepz:
          x: { run: echo }
        steps:
          api-deps: { run: echo }
          migrate: { run: echo ok, needs: [api-dep] }
          both: { run: echo, wait: { tcp: "localhost:1" } }
          slow: { run: sleep 1, timeout: 10 minutes }
          text: { run: echo, env: { NAMEN: "${secrts.x}" } }
          élan: { run: echo, env: { A: "ö", B: "${NOT_SET_ANYWHERE}" } }
          retry: { run: echo, retry: { attempts: many } }
          where: { run: echo, when: { os: windows } }
        profiles:
          full: [evnts]
        message: ${workspace.nam}
        """

    static let places = [
        "2:12", "4:48", "5:1", "9:36", "10:22", "11:34", "12:36", "13:3", "13:40", "14:42", "15:35", "17:10", "18:10",
    ]

    @Test func `ten mistakes are all reported in one pass, each at its line and column`() async throws {
        let workspace = try Workspace(Self.manifest)
        let ended = try await workspace.devinit("validate").expect(stdout: "", status: 65)
        let lines = ended.stderr.split(separator: "\n", omittingEmptySubsequences: false)
        let heads = lines.indices.filter { lines[$0].hasPrefix("init.yaml:") }
        let places = heads.map { lines[$0].split(separator: ":", maxSplits: 3)[1...2].joined(separator: ":") }
        #expect(places == Self.places, "\(ended)")
        #expect(ended.stderr.hasSuffix("\(Self.places.count) errors\n"), "\(ended)")

        let manifest = Self.manifest.split(separator: "\n", omittingEmptySubsequences: false)
        for head in heads {
            let numbers = lines[head].split(separator: ":").dropFirst().prefix(2).compactMap { Int($0) }
            let number = String(numbers[0])
            #expect(lines[head + 1] == " \(number) | \(manifest[numbers[0] - 1])")
            // Every character of these lines is one column wide, so the caret stands under the column's character.
            let caret = String(repeating: " ", count: number.count + 2) + "| "
            #expect(lines[head + 2] == caret + String(repeating: " ", count: numbers[1] - 1) + "^", "\(lines[head])")
        }
    }

    @Test func `the same mistakes stand in the JSON document, and nothing else on standard output`() async throws {
        let workspace = try Workspace(Self.manifest)
        let ended = try await workspace.devinit("validate", "--json").expect(stderr: "", status: 65)
        let document = try ended.json()
        #expect(document["schema"]?.string == "devinit.validate/1")
        let problems = document["problems"]?.array ?? []
        let places = problems.map { "\($0["line"]?.integer ?? 0):\($0["column"]?.integer ?? 0)" }
        #expect(places == Self.places, "\(ended)")
        #expect(problems.allSatisfy { $0["file"]?.string == "init.yaml" && $0["severity"]?.string == "error" })
        #expect(problems.allSatisfy { $0["message"]?.string?.isEmpty == false && $0["code"]?.string != nil })
        #expect(problems[2]["suggestion"]?.string == "did you mean 'steps'?")
    }

    @Test(arguments: ["up", "plan", "config", "graph"])
    func `no command goes on with a manifest that has mistakes`(command: String) async throws {
        let workspace = try Workspace(Self.manifest)
        let ended = try await workspace.devinit(command).expect(
            stdout: "", stderr: "init.yaml:2:12: error: …", status: 65)
        #expect(ended.stderr.split(separator: "\n").count { $0.hasPrefix("init.yaml:") } == Self.places.count)
        #expect(!workspace.exists(".devinit"))
    }

    @Test func `a syntax error leaves the places of what could be read`() async throws {
        let workspace = try Workspace("version: 1\nsteps:\n  a: { run: echo }\n  a: { run: x }\n  b: { rnu: x }\n")
        try await workspace.devinit("validate").expect(
            stderr:
                "init.yaml:4:3: error: the key 'a' is given twice: first in line 3, column 3…init.yaml:5:8: error: …'rnu'…did you mean 'run'?…",
            status: 65)
    }

    @Test func `mistakes in an included file and in a local one are shown in their own files`() async throws {
        let workspace = try Workspace(
            "version: 1\ninclude: [parts/more.yaml]\nsteps:\n  a: { run: echo, nedes: [b] }\n",
            files: [
                "parts/more.yaml": "steps:\n  b: { run: echo, timeout: soon }\n",
                "init.local.yaml": "\n\nsteps:\n  a: { env: [] }\n",
            ])
        let ended = try await workspace.devinit("validate", "--json").expect(status: 65)
        let places = (try ended.json()["problems"]?.array ?? []).map {
            "\($0["file"]?.string ?? "?"):\($0["line"]?.integer ?? 0):\($0["column"]?.integer ?? 0)"
        }
        #expect(Set(places) == ["parts/more.yaml:2:28", "init.yaml:4:19", "init.local.yaml:4:13"], "\(ended)")
    }
}
