import HostInterfaces
import Base
import Testing

/// What people trip over in YAML gets its own words, not the parser's.
@Suite struct HintTests {
    @Test(
        arguments: [
            (
                "steps:\n  a: { run: echo, env: { url: ${X} } }", "3:31",
                "'${' without quotes starts a mapping…put quotes around it: \"${X}\""
            ),
            (
                "requires:\n  git: >=2.30", "3:8",
                "a value that starts with '>' is read as the head of a text block…put quotes around it: '>=2.30'"
            ),
            (
                "steps:\n  a: { run: echo, inputs: [**/x] }", "3:28",
                "a value that starts with '*' is read as an alias…put quotes around it: '**/x'"
            ),
            (
                "steps:\n  a: { run: echo, inputs: [!a, b] }", "3:28",
                "'!a' without quotes is a YAML tag…put quotes around it: '!a'"
            ),
            ("steps:\n  a:\n\trun: x", "4:1", "YAML does not allow tabs for indentation…use spaces"),
            ("steps:\n  a: { run: echo: it }", "3:17", "…"),
            ("steps:\n  a: { run: \"echo }", "3:13", "this quote is never closed…"),
            (
                "x-a: [*b]", "2:7",
                "'*b' refers to an anchor '&b', and there is none above it…put quotes around it: '*b'"
            ),
            ("---\nsteps: {}", "2:1", "a second document starts here; one file holds one…put it in a file of its own"),
        ] as [(String, String, String)])
    func `what people trip over is said at its place and with the way out`(
        text: String, place: String, words: String
    ) async throws {
        let workspace = try Workspace("version: 1\n" + text + "\n")
        try await workspace.devinit("validate").expect(
            stdout: "", stderr: "init.yaml:\(place): error: \(words)\n1 error", status: 65)
    }

    @Test func `words that look like truth are text, and versions keep their last zero`() async throws {
        let workspace = try Workspace(
            "version: 1\nsteps:\n  a: { run: echo, env: { NO: no, ON: on, V: 3.10, O: 0o17, N: ~, E: '' } }\n")
        let ended = try await workspace.devinit("config", "--json").expect(status: 0)
        let environment = try ended.json()["steps"]?["a"]?["env"]
        #expect(environment?["NO"]?.string == "no")
        #expect(environment?["ON"]?.string == "on")
        #expect(environment?["V"]?.string == "3.10", "\(ended)")
    }

    @Test(arguments: ["\u{FEFF}version: 1\r\nsteps:\r\n  a: { run: echo grüße }\r\n"])
    func `a byte order mark and the other system's line ends are read`(text: String) async throws {
        let workspace = try Workspace(text)
        try await workspace.devinit("validate").expect(stdout: "init.yaml: valid, 1 node", stderr: "", status: 0)
        let wide = text.dropFirst().utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        try workspace.write("init.yaml", [0xFF, 0xFE] + wide)
        try await workspace.devinit("validate").expect(stdout: "init.yaml: valid, 1 node", stderr: "", status: 0)
    }

    @Test func `a newer language names the version and what to do`() async throws {
        let workspace = try Workspace("version: 2\nsteps:\n  a: { run: echo }\n")
        try await workspace.devinit("up", "--trust").expect(
            stderr: "init.yaml:1:10: error: …version 2…install a newer devinit…", status: 65)
    }
}
