import Base
import Execution
import Testing
import YAML

@testable import Kinds

/// What decides beside the Compose files themselves: variables, their files, and Compose's own of them.
@Suite struct ComposeSurroundingsTests {
    @Test func `the project's name is the stated one, then Compose's variable, then the file's, then the folder's`()
        throws
    {
        let plain = ["compose.yaml": "services: { a: { image: a } }\n"]
        let named = ["compose.yaml": "name: filed\nservices: { a: { image: a } }\n"]
        let mine = ["COMPOSE_PROJECT_NAME": "mine"]
        let other = try ComposeCases(plain, files: ["compose.yaml"])
        #expect(other.read().name == ComposeProjectReader.fitting(other.folder.name))
        #expect(try ComposeCases(named, files: ["compose.yaml"]).read().name == "filed")
        #expect(try ComposeCases(named, files: ["compose.yaml"]).read(mine).name == "mine")
        let inFile = named.merging([".env": "COMPOSE_PROJECT_NAME=written\n"]) { $1 }
        #expect(try ComposeCases(inFile, files: ["compose.yaml"]).read().name == "written")
    }

    @Test func `what is included has the variables of its own env file`() throws {
        let cases = try ComposeCases(
            [
                "compose.yaml":
                    "include: [{ path: sub/c.yaml, env_file: sub/own.env }]\nservices: { a: { image: \"a:${TAG}\" } }\n",
                "sub/c.yaml": "services: { b: { image: \"b:${TAG}:${MORE}\" } }\n",
                "sub/own.env": "TAG=2\nMORE=x\n", ".env": "TAG=1\n",
            ], files: ["compose.yaml"])
        let project = cases.read()
        #expect(project.services["a"]?["image"]?.text == "a:1")
        // What is known outside counts before.
        #expect(project.services["b"]?["image"]?.text == "b:1:x")
    }

    @Test(arguments: ["compose.yaml", "[compose.yaml, more.yaml]", "{ files: [compose.yaml, more.yaml] }"])
    func `the files alone may stand for the section`(section: String) throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nworkspace: w\ncompose: \(section)\n",
            files: [
                "compose.yaml": "services: { a: { image: a } }\n", "more.yaml": "services: { b: { image: b } }\n",
            ])
        #expect(fixture.problems.isEmpty, "\(fixture.problems)")
        #expect(
            fixture.read().workspace.containerServices.isEmpty
                && fixture.read().workspace.adoptedServices.map(\.name)
                    == (section == "compose.yaml" ? ["a"] : ["a", "b"])
        )
    }

    @Test func `an image that a later service builds makes no circle`() throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nworkspace: w\ncompose: compose.yaml\n",
            files: [
                "compose.yaml": """
                services:
                  app: { build: ., image: mine, depends_on: { init: { condition: service_completed_successfully } } }
                  init: { image: mine }
                  worker: { image: mine }
                """
            ])
        #expect(fixture.problems.isEmpty, "\(fixture.problems)")
        let workspace = fixture.read().workspace
        func needs(_ name: String) -> [String] { workspace.edges(of: NodeID("service", name)).map(\.need.name) }
        #expect(needs("app") == ["init"] && needs("init") == [] && needs("worker") == ["app"])
    }

    @Test func `profiles that Compose's own variable switches on are on, unless others are asked for`() throws {
        let fixture = try WorkspaceFixture(
            "version: 1\nworkspace: w\ncompose: { files: compose.yaml }\n",
            files: [
                "compose.yaml":
                    "services: { a: { image: a }, b: { image: b, profiles: [dev] }, c: { image: c, profiles: [ops] } }\n",
                ".env": "COMPOSE_PROFILES=dev\n",
            ])
        func names(_ profiles: [String]) throws -> [String] {
            var selection = Selection()
            selection.profiles = profiles
            return try selection.graph(of: fixture.read().workspace) { ($0.defaultSeconds, false) }.nodes.keys
                .filter { $0.kind == "service" }.map(\.name).sorted()
        }
        #expect(try names([]) == ["a", "b"])
        #expect(try names(["ops"]) == ["a", "c"])
    }
}
