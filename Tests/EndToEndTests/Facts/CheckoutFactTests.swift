import Base
import HostInterfaces
import Testing

/// That a repository was cloned is no proof that it still is.
@Suite struct CheckoutFactTests {
    @Test(arguments: [
        ("rm -rf api", "create", "clone …"),
        ("rm -rf api; mkdir api", "create", "clone …"),
        ("rm -rf api/.git", "blocked", "api holds files but is no git checkout…"),
        ("rm -rf api; touch api", "blocked", "api is not a folder…"),
        ("rm -rf api; cp -a apps/web api", "blocked", "api is a checkout of …web.git, not of …api.git"),
        ("mv api ..; ln -s ../api api", "blocked", "api is a link that leads out of the workspace…"),
        ("git -C api remote set-url origin https://git.example/else.git", "blocked", "api is a checkout of …"),
        ("git -C api checkout -qb mine", "none", "cloned, on mine, manifest says main"),
        ("git -C api checkout -q --detach", "none", "cloned, at main"),
        (
            "cd api; git checkout -q --detach; git -c user.name=t -c user.email=t@t commit -q --allow-empty -m x",
            "none", "cloned, at …, manifest says main"
        ),
    ])
    func `whatever became of a checkout is seen`(change: String, action: String, reason: String) async throws {
        let workspace = try await RepositoryTests.workspace()
        try await workspace.shell("sed -i 's#api.git\"#api.git\", ref: main#' init.yaml")
        try await workspace.up().expect(status: 0)
        try await workspace.devinit("plan", "--detailed-exitcode").expect(status: 0)
        try await workspace.shell(change)
        let plan = try await workspace.devinit("plan", "--json").expect(status: 0)
        let node = try plan.json()["nodes"]?.array?.first { $0["id"]?.string == "repo:api" }
        #expect(node?["action"]?.string == action, "\(plan)")
        #expect(Pattern(reason).matches(node?["reason"]?.string ?? ""), "\(plan)")
    }
}
