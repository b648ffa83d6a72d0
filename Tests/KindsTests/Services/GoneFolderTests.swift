import Base
import Execution
import Git
import HostInterfaces
import ManifestModel
import Secrets
import State
import Synchronization
import Testing

@testable import Kinds

/// Whose the containers and volumes of a folder are that is not there any more. Losing another workspace's data is the
/// hazard of all of these.
struct GoneFolderTests {
    private let engine = PlayedEngine()
    private static let manifest = """
        version: 1
        workspace: shop
        services: { db: { compose: { image: "db:1", volumes: [data:/data] } } }
        """

    private func fixture() throws -> WorkspaceFixture {
        let fixture = try engine.fixture(Self.manifest)
        try fixture.write(".git/HEAD", "ref: refs/heads/main\n")
        return fixture
    }

    /// Writes the record of a workspace whose folder is gone, as a run there did.
    private func record(
        _ name: String, instance: String?, repository: Path?, _ fixture: WorkspaceFixture
    ) throws -> Path {
        let root = fixture.base / name
        try StateFolder(
            host: fixture.host, workspaceRoot: root, manifest: root / "init.yaml", instance: instance,
            repository: repository
        ).prepare()
        return root
    }

    private func operations(
        _ fixture: WorkspaceFixture, instance: String? = nil
    ) async throws -> ServiceOperations {
        let workspace = fixture.read(instance: instance).workspace
        let context = try await ServiceContext.make(fixture, workspace, Values(mask: SecretMask()), service: "db")
        try context.journal.append(.fact(EngineName.standard.fact, ["address": "unix:///played.sock", "id": "played"]))
        return ServiceOperations(
            workspace: context.workspace, host: context.host, values: context.values, journal: context.journal,
            settings: context.settings, parts: context.parts)
    }

    /// A container and a volume of `db` that were made from a folder, in a project.
    private func leave(_ project: String, from root: Path, _ fixture: WorkspaceFixture) {
        let labels = [ContainerState.projectLabel: project, ComposeRendering.workspaceLabel: root.text]
        engine.run("db", image: "db:1", labels: labels, fixture.read().workspace)
        engine.state.withLock { $0.volumes["\(project)_data"] = .sorted(labels.mapValues { .string($0) }) }
    }

    @Test func `another workspace that is gone is no instance, however its name begins`() async throws {
        let fixture = try fixture()
        // One that was a clone of its own, one that was a worktree of this very repository, one of which nothing is known.
        let clone = try record("shop-admin", instance: nil, repository: nil, fixture)
        let worktree = try record("two", instance: "two", repository: fixture.root, fixture)
        leave("shop-admin", from: clone, fixture)
        leave("shop-admin-two", from: worktree, fixture)
        leave("shop-elsewhere", from: fixture.base / "elsewhere", fixture)
        #expect(try await operations(fixture).instances().instances.map(\.project) == [])
        leave("shop-two", from: worktree, fixture)
        let found = try await operations(fixture).instances().instances
        #expect(found.map(\.project) == ["shop-two"] && found[0].isGone && found[0].name == "two", "\(found)")
        #expect(found.first?.volumes == ["shop-two_data"])
    }

    @Test func `a set-up in another worktree is one row, wherever in it its Compose files stand`() async throws {
        let fixture = try fixture()
        let (tree, git) = (fixture.base / "two", fixture.root.appending(".git/worktrees/two"))
        for folder in [tree / "docker", git] { try fixture.host.files.makeFolder(folder, mode: 0o755) }
        try fixture.host.files.replace(tree / ".git", with: Array("gitdir: \(git)\n".utf8), mode: 0o644)
        leave("shop-two", from: tree, fixture)
        engine.state.withLock {
            $0.containers.append([
                "Id": "api", "State": "running",
                "Labels": [
                    ContainerState.projectLabel: "shop-two", ContainerState.serviceLabel: "api",
                    ContainerState.folderLabel: .string((tree / "docker").text),
                ],
            ])
        }
        let found = try await operations(fixture).instances().instances
        #expect(found.map(\.folder) == [tree] && found.first?.containers == 2, "\(found)")
    }

    @Test func `data of a clone on a disk that is not mounted is not removed by another clone of that name`()
        async throws
    {
        let fixture = try fixture()
        let clone = try record("disk", instance: nil, repository: nil, fixture)
        leave("shop", from: clone, fixture)
        let operations = try await operations(fixture)
        #expect(try await operations.lostVolumes() == [])
        var stopped: [String] = []
        let failure = await #expect(throws: NodeFailure.self) {
            try await operations.removeContainers(volumes: true, stopped: &stopped)
        }
        #expect(failure?.message == "the Compose project 'shop' was made from \(clone), not from here")
        #expect(engine.state.withLock { $0.containers.count + $0.volumes.count } == 2 && stopped == [])
    }

    @Test func `down loses what this instance left in a removed worktree, and names its folder first`() async throws {
        let fixture = try fixture()
        let worktree = try record("two", instance: "two", repository: fixture.root, fixture)
        leave("shop-two", from: worktree, fixture)
        let lost = try await operations(fixture, instance: "two").lostVolumes()
        #expect(lost.map(\.words) == ["shop-two_data, made from \(worktree)"])
        // The same worktree, brought up only as another instance.
        let other = try record("three", instance: "three", repository: fixture.root, fixture)
        leave("shop-four", from: other, fixture)
        #expect(try await operations(fixture, instance: "four").lostVolumes() == [])
    }
}
