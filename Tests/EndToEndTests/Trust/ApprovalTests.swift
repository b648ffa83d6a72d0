import Base
import HostInterfaces
import Testing

/// Approvals beyond one content: folders, and remotes that an organisation allows.
@Suite struct ApprovalTests {
    private static let manifest = "version: 1\nsteps: { one: { run: 'touch ran' } }\n"

    @Test func `a folder approves what is below it, not what is beside it or led to by a link`() async throws {
        let workspace = try Workspace()
        for place in ["checkouts/a", "checkouts-2/b", "other/c"] {
            try workspace.write("\(place)/init.yaml", Self.manifest)
        }
        try await workspace.shell("ln -s ../other checkouts/link")
        try await workspace.devinit("trust", "--all-under", "checkouts").expect(
            stderr: "approved: all below…", status: 0)
        try await workspace.devinit("up", in: "checkouts/a").expect(status: 0)
        for place in ["checkouts-2/b", "other/c", "checkouts/link/c"] {
            try await workspace.devinit("up", in: place).expect(status: 77)
        }
        try await workspace.devinit("trust", "--show", in: "checkouts/a").expect(stdout: "…as all below…", status: 0)
        try await workspace.devinit("trust", "--all-under", "checkouts", "--revoke").expect(
            stderr: "taken back…", status: 0)
        try workspace.write("checkouts/a/init.yaml", Self.manifest.replacing("ran", with: "again"))
        try await workspace.devinit("up", in: "checkouts/a").expect(status: 77)
        // Who says that the root is there does not come from there.
        try workspace.write("other/d/init.yaml", Self.manifest + "root: ../../checkouts\n")
        try await workspace.devinit("trust", "--all-under", "checkouts").expect(status: 0)
        try await workspace.devinit("up", in: "other/d").expect(status: 77)
        try await workspace.devinit("trust", "--all-under", "checkouts", "--show").expect(status: 64)
        try workspace.remove("checkouts")
        try await workspace.devinit("trust", "--all-under", "checkouts", "--revoke").expect(
            stderr: "taken back…", status: 0)
        try await workspace.devinit("trust", "--all-under", "/").expect(status: 64)
        try await workspace.devinit("trust", "--all-under", "nowhere").expect(status: 64)
    }

    @Test func `an allow-list counts for its remotes alone, and not where others may write it`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.shell("git init -q .; git remote add origin git@git.example:acme/shop.git")
        let list = "../machine/devinit/config.yaml"
        let machine = ["XDG_CONFIG_DIRS": (workspace.folder / "machine").text]
        func up() async throws -> Ended { try await workspace.devinit("up", environment: machine) }
        try workspace.write(list, "trust: { remotes: ['git.example/acme/*'] }\n")
        try await up().expect(status: 0)
        try await workspace.devinit("trust", "--show", environment: machine)
            .expect(stdout: "…allows git.example/acme/shop…", status: 0)
        try await workspace.shell("git remote set-url origin https://git.example/acme/deep/shop")
        try await up().expect(status: 77)
        try workspace.write(list, "trust: { remotes: ['https://git.example/acme/**'] }\n")
        try await up().expect(status: 0)
        try await workspace.shell("git remote set-url origin http://git.example/acme/shop")
        try await up().expect(status: 77)
        try await workspace.shell("git remote set-url origin https://git.example/acme/shop")
        try await workspace.shell("chmod 666 ../machine/devinit/config.yaml")
        try await up().expect(stderr: "…others may write it…", status: 77)
        try await workspace.shell("chmod 644 ../machine/devinit/config.yaml")
        try workspace.write(list, "trust: { remotes: ['*', 'acme'] }\n")
        try await up().expect(stderr: "…names no remote…", status: 77)
    }

    @Test func `a person's own configuration allows remotes too, a manifest can't`() async throws {
        let workspace = try Workspace(Self.manifest)
        try await workspace.shell("git init -q .; git remote add origin https://git.example/acme/shop")
        try workspace.write("../config/devinit/config.yaml", "trust: { remotes: [git.example/acme/shop] }\n")
        try await workspace.devinit("up").expect(status: 0)
        try workspace.remove("../config/devinit/config.yaml")
        try workspace.write("init.yaml", Self.manifest + "trust: { remotes: [git.example/acme/shop] }\n")
        try await workspace.devinit("up").expect(status: 65)
        try workspace.write("init.local.yaml", "trust: { remotes: [git.example/acme/shop] }\n")
        try workspace.write("init.yaml", Self.manifest)
        try await workspace.devinit("up").expect(status: 65)
    }
}
