import HostInterfaces
import ManifestModel
import Testing
import YAML

/// What a manifest's texts come to, whichever way they are written.
@Suite struct ManifestLoadingTests {
    @Test(arguments: ["${os}", #""\x24{os}""#, #""${\x6fs}""#])
    func `a name is looked up in however the text is written`(text: String) throws {
        let fixture = try WorkspaceFixture("version: 1\nsteps:\n  a:\n    run: 'true'\n    description: \(text)\n")
        let description = fixture.manifest.section("steps")?["a"]?["description"]?.text
        #expect(description == fixture.host.machine.operatingSystem)
    }

    @Test func `a mark that removes a key leaves nothing behind where there was none`() throws {
        let fixture = try WorkspaceFixture("version: 1\nsteps: { a: { run: 'true', outputs: !reset } }\n")
        #expect(fixture.manifest.section("steps")?["a"]?.entries?.map(\.key) == ["run"])
    }
}
