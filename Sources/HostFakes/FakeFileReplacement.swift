import Base
import HostInterfaces

/// Replaces a file of the fake in the steps of the real one.
struct FakeFileReplacement: FileReplacement {
    private let files: FakeFiles
    private let path: Path
    private let content: [UInt8]
    private let mode: UInt16
    private let owner: Int
    private let target: FakeTree.Place
    private let temporary: FakeTree.Place

    init(_ files: FakeFiles, _ path: Path, with content: [UInt8], mode: UInt16) throws(SystemError) {
        (self.files, self.path, self.content, self.mode) = (files, path, content, mode)
        (target, owner) = try files.perform(.replace, path) { state throws(FakeTree.Refusal) in
            let place = try state.tree.locate(path, following: true)
            guard let old = place.node else { return (place, state.owner) }
            guard state.tree.file(old) != nil else { throw FakeTree.Refusal(code: FakeCode.isFolder) }
            return (place, state.tree.nodes[old]?.owner ?? state.owner)
        }
        let name = ".devinit-\(target.name)"
        temporary = FakeTree.Place(folder: target.folder, name: name, node: nil, path: target.path.parent / name)
    }

    func write() throws(SystemError) {
        try files.perform(.write, path) { state throws(FakeTree.Refusal) in
            // The old file stands until the new one is complete.
            try FakeFiles.checkSpace(content.count, state)
            _ = state.tree.put(.file(content), at: temporary, mode: mode, owner: owner)
        }
    }

    func synchronize() throws(SystemError) {
        try files.perform(.synchronizeNew, path) { state in
            guard let node = node(state), let bytes = state.tree.file(node) else { return }
            state.tree.unsynced.synchronizedFile(node, bytes)
        }
    }

    func giveName() throws(SystemError) {
        try files.perform(.giveName, path) { state in
            guard let node = node(state) else { return }
            state.tree.setNames([temporary.name: Int?.none, target.name: node], in: target.folder)
        }
    }

    func discard() {
        try? files.perform(.remove, path) { state in
            if node(state) != nil { state.tree.setName(temporary.name, in: temporary.folder, to: nil) }
        }
    }

    func synchronizeFolder() throws(SystemError) {
        try files.perform(.synchronizeReplaced, path) { $0.tree.unsynced.synchronizedFolder(target.folder) }
    }

    private func node(_ state: FakeFiles.State) -> Int? { state.tree.names(temporary.folder)?[temporary.name] }
}
