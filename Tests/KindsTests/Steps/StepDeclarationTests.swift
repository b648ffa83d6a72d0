import Base
import Catalog
import Execution
import HostInterfaces
import ManifestModel
import YAML
import Testing

@testable import Kinds

/// What is wrong with a step, said before anything runs.
@Suite struct StepDeclarationTests {
    private func problems(_ steps: String, extra: [any WorkspaceNode] = []) throws -> [String] {
        try WorkspaceFixture("version: 1\nsteps:\n\(steps)\n", extra: extra).problems
    }

    @Test func `a folder outside the workspace is refused, also behind a link`() throws {
        #expect(try problems("  a: { run: x, in: ../y }") == ["3: 'in: ../y' leads out of the workspace"])
        let fixture = try WorkspaceFixture("version: 1\nsteps:\n  a: { run: x, in: link }\n")
        try fixture.host.files.makeLink(at: fixture.root / "link", to: "/tmp")
        #expect(fixture.problems.count == 1 && fixture.problems[0].contains("through a link"))
    }

    @Test func `unknown services and templates are named with the nearest`() throws {
        let service = FakeService("postgres")
        let fixture = try WorkspaceFixture(
            "version: 1\nsteps:\n  a: { run: x, inside: postgrs }\n  b: { use: node-instal }\n", extra: [service])
        let suggestions = fixture.read().diagnostics.map { $0.suggestion ?? "" }
        #expect(suggestions.contains("did you mean 'postgres'?"))
        let (_, diagnostics) = WorkspaceReader.read(fixture.manifest, host: fixture.host)
        #expect(diagnostics.all.contains { $0.suggestion == "did you mean 'node-install'?" })
    }

    @Test func `per a service without data is an error`() throws {
        let found = try problems(
            "  a: { run: x, inputs: [y], per: cache }", extra: [FakeService("cache", keepsData: false)])
        #expect(found == ["3: per: the service 'cache' keeps no data, it has no volume"])
    }

    @Test func `a step needs something to do, and only one thing`() throws {
        #expect(try problems("  a: { inputs: [x] }") == ["3: a step needs one of 'run', 'use' and 'wait'"])
        #expect(try problems("  a: { run: x, wait: { tcp: 80 } }").count == 1)
    }

    @Test func `a wrong parameter is named with the nearest`() throws {
        let fixture = try WorkspaceFixture("version: 1\nsteps:\n  a: { use: alembic, with: { servce: x } }\n")
        let suggestion = fixture.read().diagnostics.first?.suggestion
        #expect(suggestion == "did you mean 'service'?")
    }

    @Test func `edges have the reasons that plan shows`() throws {
        let fixture = try WorkspaceFixture(
            """
            version: 1
            steps:
              a: { run: x, inside: postgres, env: { U: "${services.other.url}" } }
              b: { run: x, inputs: ["step:a", "*.x"] }
            """, extra: [FakeService("postgres"), FakeService("other")])
        #expect(
            fixture.edges(of: "step:a") == [
                "service:postgres: it runs inside this service", "service:other: its env refers to it",
            ])
        #expect(fixture.edges(of: "step:b") == ["step:a: its inputs name it"])
    }

    @Test func `every template that devinit brings is sound, and none resets a database`() throws {
        let library = TemplateLibrary(host: try WorkspaceFixture("version: 1\n").host)
        let names = library.names(of: "steps")
        #expect(names.count >= 20)
        for name in names {
            let loaded = try library.load(name, of: "steps", from: "/", at: nil)
            let shape = Shape.object(StepTemplate.shape)
            let root = shape.expanded(loaded.root)
            #expect(shape.problems(in: root, title: "the template").isEmpty, "\(name)")
            #expect(root["verified"] != nil && root["purpose"] != nil && root["description"] != nil, "\(name)")
            let template = StepTemplate(root)
            let text = String(decoding: loaded.bytes, as: UTF8.self)
            #expect(
                !["reset", "--force", "drop", "flush", "clean", "fresh"].contains {
                    text.contains("run: \($0)") || text.contains(" \($0)\n")
                }, "\(name)")
            let parameters = StepParameters(nil, for: template, named: name)
            let bodies = template.variants.isEmpty ? [template.body] : template.variants.map(\.node)
            for body in bodies {
                let declaration = StepDeclaration(Fields(parameters.apply(to: body, as: shape)))
                #expect(declaration.work != .none, "\(name)")
            }
        }
    }
}
