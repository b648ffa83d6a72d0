public import Base
public import HostInterfaces

extension FakeFiles {
    public func status(of path: Path, followingLinks: Bool) throws(SystemError) -> FileStatus? {
        do {
            return try perform(.status, path, changes: false) { state throws(FakeTree.Refusal) in
                let place = try state.tree.locate(path, following: followingLinks)
                guard let id = place.node, let node = state.tree.nodes[id] else { return nil }
                let kind: FileStatus.Kind
                var size = 0
                switch node.content {
                case .file(let bytes): (kind, size) = (.file, bytes.count)
                case .folder: kind = .folder
                case .link(let target): (kind, size) = (.link, target.utf8.count)
                }
                return FileStatus(
                    kind: kind, size: size, mode: node.mode, modified: node.modified, changed: node.changed,
                    inode: UInt64(id), device: 1, links: 1, owner: node.owner)
            }
        } catch  where error.code == FakeCode.noEntry || error.code == FakeCode.notFolder {
            return nil
        }
    }

    public func read(_ path: Path, limit: Int) throws(SystemError) -> [UInt8] {
        try perform(.read, path, changes: false) { state throws(FakeTree.Refusal) in
            let node = try Self.existing(path, state)
            guard let file = state.tree.file(node) else { throw FakeTree.Refusal(code: FakeCode.isFolder) }
            if file.count > limit { throw FakeTree.Refusal(code: FakeCode.tooBig) }
            return file
        }
    }

    public func read(_ path: Path, from offset: Int, count: Int) throws(SystemError) -> [UInt8] {
        try perform(.read, path, changes: false) { state throws(FakeTree.Refusal) in
            let node = try Self.existing(path, state)
            guard let file = state.tree.file(node) else { throw FakeTree.Refusal(code: FakeCode.invalid) }
            return Array(file.dropFirst(max(0, offset)).prefix(max(0, count)))
        }
    }

    public func replace(_ path: Path, with content: [UInt8], mode: UInt16) throws(SystemError) {
        try FakeFileReplacement(self, path, with: content, mode: mode).perform()
    }

    public func append(to path: Path, mode: UInt16) throws(SystemError) -> any AppendableFile {
        let node = try perform(.append, path) { state throws(FakeTree.Refusal) in
            let place = try state.tree.locate(path, following: true)
            if let node = place.node {
                guard state.tree.file(node) != nil else { throw FakeTree.Refusal(code: FakeCode.isFolder) }
                return node
            }
            return state.tree.put(.file([]), at: place, mode: mode, owner: state.owner)
        }
        return FakeAppendableFile(self, path, node)
    }

    public func entries(of folder: Path) throws(SystemError) -> [FolderEntry] {
        try perform(.entries, folder, changes: false) { state throws(FakeTree.Refusal) in
            guard let names = state.tree.names(try Self.existing(folder, state)) else {
                throw FakeTree.Refusal(code: FakeCode.notFolder)
            }
            return names.map { name, node in
                switch state.tree.nodes[node]?.content {
                case .folder: FolderEntry(name: name, kind: .folder)
                case .link: FolderEntry(name: name, kind: .link)
                default: FolderEntry(name: name, kind: .file)
                }
            }.sorted { $0.name < $1.name }
        }
    }

    public func makeFolder(_ path: Path, mode: UInt16) throws(SystemError) {
        if isFolder(path) { return }
        if path.parent != path { try makeFolder(path.parent, mode: mode) }
        try perform(.makeFolder, path) { state throws(FakeTree.Refusal) in
            let place = try state.tree.locate(path, following: false)
            guard place.node == nil else { throw FakeTree.Refusal(code: FakeCode.exists) }
            _ = state.tree.put(.folder([:]), at: place, mode: mode, owner: state.owner)
        }
    }

    public func makeLink(at path: Path, to target: String) throws(SystemError) {
        try perform(.makeLink, path) { state throws(FakeTree.Refusal) in
            let place = try state.tree.locate(path, following: false)
            guard place.node == nil else { throw FakeTree.Refusal(code: FakeCode.exists) }
            _ = state.tree.put(.link(target), at: place, mode: 0o777, owner: state.owner)
        }
    }

    public func hold(_ folder: Path, making mode: UInt16?) throws(SystemError) -> any HeldFolder {
        if let mode { try makeFolder(folder, mode: mode) }
        return try FakeHeldFolder(self, folder)
    }

    public func linkTarget(of path: Path) throws(SystemError) -> String {
        try perform(.linkTarget, path, changes: false) { state throws(FakeTree.Refusal) in
            guard let node = try state.tree.locate(path, following: false).node else {
                throw FakeTree.Refusal(code: FakeCode.noEntry)
            }
            guard case .link(let target) = state.tree.nodes[node]?.content else {
                throw FakeTree.Refusal(code: FakeCode.invalid)
            }
            return target
        }
    }

    public func setMode(of path: Path, to mode: UInt16) throws(SystemError) {
        try perform(.setMode, path) { state throws(FakeTree.Refusal) in
            let node = try Self.existing(path, state)
            state.tree.nodes[node]?.mode = mode
            let moment = state.tree.tick()
            state.tree.nodes[node]?.changed = moment
        }
    }

    public func remove(_ path: Path) throws(SystemError) {
        try gone { () throws(SystemError) in
            try perform(.remove, path) { state throws(FakeTree.Refusal) in
                let place = try state.tree.locate(path, following: false)
                guard let node = place.node else { return }
                guard state.tree.names(node) == nil else { throw FakeTree.Refusal(code: FakeCode.isFolder) }
                state.tree.setName(place.name, in: place.folder, to: nil)
            }
        }
    }

    public func removeTree(_ path: Path) throws(SystemError) {
        try gone { () throws(SystemError) in
            try perform(.removeTree, path) { state throws(FakeTree.Refusal) in
                let place = try state.tree.locate(path, following: false)
                if place.node != nil { state.tree.setName(place.name, in: place.folder, to: nil) }
            }
        }
    }

    /// Removing what isn't there is fine, also where a folder on the way isn't.
    private func gone(_ body: () throws(SystemError) -> Void) throws(SystemError) {
        do { try body() } catch  where error.code == FakeCode.noEntry || error.code == FakeCode.notFolder {}
    }

    public func rename(_ path: Path, to target: Path) throws(SystemError) {
        try perform(.rename, path) { state throws(FakeTree.Refusal) in
            let place = try state.tree.locate(path, following: false)
            guard let node = place.node else { throw FakeTree.Refusal(code: FakeCode.noEntry) }
            let new = try state.tree.locate(target, following: false)
            if new.node == node, new.path == place.path { return }
            if new.path != place.path, new.path.isInside(place.path) { throw FakeTree.Refusal(code: FakeCode.invalid) }
            if let old = new.node, old != node {
                let isFolder = state.tree.names(node) != nil
                if let names = state.tree.names(old) {
                    guard isFolder else { throw FakeTree.Refusal(code: FakeCode.isFolder) }
                    guard names.isEmpty else { throw FakeTree.Refusal(code: FakeCode.notEmpty) }
                } else if isFolder {
                    throw FakeTree.Refusal(code: FakeCode.notFolder)
                }
            }
            if place.folder == new.folder {
                state.tree.setNames([place.name: Int?.none, new.name: node], in: place.folder)
            } else {
                state.tree.setName(new.name, in: new.folder, to: node)
                state.tree.setName(place.name, in: place.folder, to: nil)
            }
        }
    }

    public func synchronizeFolder(_ folder: Path) throws(SystemError) {
        try perform(.synchronizeFolder, folder) { state throws(FakeTree.Refusal) in
            let node = try Self.existing(folder, state)
            guard state.tree.names(node) != nil else { throw FakeTree.Refusal(code: FakeCode.notFolder) }
            state.tree.unsynced.synchronizedFolder(node)
        }
    }

    public func resolve(_ path: Path) throws(SystemError) -> Path {
        try perform(.resolve, path, changes: false) { state throws(FakeTree.Refusal) in
            let place = try state.tree.locate(path, following: true)
            guard place.node != nil else { throw FakeTree.Refusal(code: FakeCode.noEntry) }
            return place.path
        }
    }

    public func lock(_ path: Path) throws(SystemError) -> (any FileLock)? {
        let taken = try perform(.lock, path) { state throws(FakeTree.Refusal) in
            let place = try state.tree.locate(path, following: true)
            if place.node == nil {
                _ = state.tree.put(.file([]), at: place, mode: 0o600, owner: state.owner)
            }
            return state.locks.insert(path).inserted
        }
        return taken ? FakeFileLock(self, path) : nil
    }

    public func freeBytes(at path: Path) throws(SystemError) -> Int {
        try perform(.freeBytes, path, changes: false) { state throws(FakeTree.Refusal) in
            state.capacity == Int.max ? 1 << 40 : max(0, state.capacity - state.tree.size)
        }
    }

    private static func existing(_ path: Path, _ state: State) throws(FakeTree.Refusal) -> Int {
        guard let node = try state.tree.locate(path, following: true).node else {
            throw FakeTree.Refusal(code: FakeCode.noEntry)
        }
        return node
    }
}

private final class FakeFileLock: FileLock {
    private let files: FakeFiles
    private let path: Path
    private let held = Flag()

    init(_ files: FakeFiles, _ path: Path) {
        self.files = files
        self.path = path
    }

    func release() { if held.lower() { files.releaseLock(path) } }

    deinit { release() }
}
