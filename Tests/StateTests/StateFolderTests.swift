import Base
import HostFakes
import HostInterfaces
import State
import Testing

@Suite struct StateFolderTests {
    @Test func `the folder is the user's alone and names its workspace`() throws {
        let workspace = Workspace()
        try workspace.folder.prepare()
        let path = workspace.folder.path
        #expect(path.text.hasPrefix("/home/dev/.local/state/devinit/workspaces/shop-"))
        #expect(path.name.count == "shop-".count + 12)
        #expect(try workspace.files.status(of: path, followingLinks: true)?.mode == 0o700)
        try workspace.files.setMode(of: path, to: 0o755)
        try workspace.folder.prepare()
        #expect(try workspace.files.status(of: path, followingLinks: true)?.mode == 0o700)
        #expect(workspace.files.text(of: path / "workspace.json")?.contains("\"/home/ana/shop\"") == true)
    }

    @Test func `what is known of a worktree and its instances outlives it, and nothing that knows less wipes it out`()
        throws
    {
        let workspace = Workspace()
        func folder(_ instance: String?, _ repository: Path?) -> StateFolder {
            StateFolder(
                host: workspace.host, workspaceRoot: "/home/ana/shop", manifest: "/home/ana/shop/init.yaml",
                instance: instance, repository: repository)
        }
        func known() -> KnownWorkspace? { StateFolder.knownWorkspaces(host: workspace.host).first }
        try workspace.folder.prepare()
        #expect(known()?.repository == nil && known()?.instances == [])
        try folder("one", "/home/ana/main").prepare()
        try folder(nil, "/home/ana/main").prepare()
        try workspace.folder.prepare()
        #expect(known()?.root == "/home/ana/shop" && known()?.repository == "/home/ana/main")
        #expect(known()?.instances == ["", "one"])
        // A clone stands now where the worktree was.
        try folder(nil, nil).prepare()
        #expect(known()?.repository == nil && known()?.instances == [""])
    }

    @Test func `a workspace reached through a link is the same workspace`() {
        let files = FakeFiles()
        let workspace = Workspace(files: files)
        files.addLink("/home/ana/link", to: "/home/ana/shop")
        #expect(StateFolder(host: workspace.host, workspaceRoot: "/home/ana/link").path == workspace.folder.path)
        #expect(StateFolder(host: workspace.host, workspaceRoot: "/home/ana/other").path != workspace.folder.path)
    }

    @Test(arguments: [("/data/state", "/data/state/devinit/"), ("relative", "/home/dev/.local/state/devinit/")])
    func `a relative XDG_STATE_HOME is ignored`(value: String, prefix: String) {
        let workspace = Workspace(environment: ["XDG_STATE_HOME": value])
        #expect(workspace.folder.path.text.hasPrefix(prefix))
    }

    @Test func `a folder's odd name makes a plain file name`() {
        let workspace = Workspace()
        let folder = StateFolder(host: workspace.host, workspaceRoot: "/home/ana/Mein Täter $(x)")
        #expect(folder.path.name.hasPrefix("mein-t-ter---x--"))
    }

    @Test func `the workspace's own folder keeps itself out of git and an edited ignore file stays`() throws {
        let workspace = Workspace()
        let folder = WorkspaceFolder(root: "/home/ana/shop")
        try folder.prepare(on: workspace.host)
        #expect(workspace.files.text(of: "/home/ana/shop/.devinit/.gitignore") == "*\n")
        workspace.files.add("/home/ana/shop/.devinit/.gitignore", "mine")
        try folder.prepare(on: workspace.host)
        #expect(workspace.files.text(of: "/home/ana/shop/.devinit/.gitignore") == "mine")
    }
}
