import Base
import HostFakes
import Testing

@testable import Git

/// Working trees as `git worktree add` makes them.
@Suite struct LinkedWorktreeTests {
    private let files = FakeFiles()

    private func add(_ folder: String, gitdir: String, exists: Bool = true) {
        files.addFolder(Path(folder))
        files.add(Path("\(folder)/.git"), "gitdir: \(gitdir)\n")
        if exists { files.addFolder(Path(gitdir.hasPrefix("/") ? gitdir : "\(folder)/\(gitdir)").normalized) }
    }

    @Test func `a second working tree is told by the name that git gave it, also from below and by a relative path`() {
        add("/w/two", gitdir: "/w/main/.git/worktrees/two1")
        add("/w/three", gitdir: "../main/.git/worktrees/three")
        files.addFolder("/w/two/apps/web")
        let two = LinkedWorktree.holding("/w/two/apps/web", files: files)
        #expect(two == LinkedWorktree(name: "two1", folder: "/w/two", main: "/w/main"))
        #expect(LinkedWorktree.holding("/w/three", files: files)?.main == "/w/main")
    }

    @Test func `a main checkout, a submodule and a folder without git are none`() {
        files.addFolder("/w/main/.git")
        files.addFolder("/w/main/sub")
        add("/w/main/module", gitdir: "../.git/modules/module")
        files.addFolder("/elsewhere")
        for folder in ["/w/main", "/w/main/sub", "/w/main/module", "/elsewhere"] as [Path] {
            #expect(LinkedWorktree.holding(folder, files: files) == nil, "\(folder)")
        }
    }

    @Test func `a main checkout in a folder that is called worktrees is none`() {
        files.addFolder("/home/worktrees/.git")
        #expect(LinkedWorktree.holding("/home/worktrees", files: files) == nil)
        #expect(LinkedWorktree.main(of: "/home/worktrees/src", files: files) == "/home/worktrees")
    }

    @Test func `one that git has pruned, and one of a bare repository`() {
        add("/w/gone", gitdir: "/w/main/.git/worktrees/gone", exists: false)
        #expect(LinkedWorktree.holding("/w/gone", files: files) == nil)
        add("/w/a", gitdir: "/w/shop.git/worktrees/a")
        #expect(LinkedWorktree.holding("/w/a", files: files)?.main == "/w/shop.git")
    }
}
