import Base
import HostInterfaces
import Synchronization

/// An open file of the fake, synchronized in the steps of the real one.
final class FakeAppendableFile: AppendableFile, FileSynchronization {
    private let files: FakeFiles
    private let path: Path
    private let node: Int
    private let hasDurableName = Atomic<Bool>(false)

    init(_ files: FakeFiles, _ path: Path, _ node: Int) {
        (self.files, self.path, self.node) = (files, path, node)
    }

    func append(_ bytes: [UInt8]) throws(SystemError) {
        do throws(SystemError) {
            try files.perform(.append, path) { state throws(FakeTree.Refusal) in
                try FakeFiles.checkSpace(bytes.count, state)
                state.tree.write(.append(bytes), to: node)
            }
        } catch {
            // A disk that fails or that is full, and a process that is stopped, may leave a part of it.
            files.state.withLock { state in
                guard var failing = state.failing else { return }
                state.tree.write(.append(Array(bytes.prefix(failing.random.below(bytes.count)))), to: node)
                state.failing = failing
            }
            throw error
        }
    }

    func synchronize() throws(SystemError) { try perform() }

    var isNamed: Bool { hasDurableName.load(ordering: .relaxed) }

    func synchronizeContent() throws(SystemError) {
        do throws(SystemError) {
            try files.perform(.synchronize, path) { state in
                guard let bytes = state.tree.file(node) else { return }
                state.tree.unsynced.synchronizedFile(node, bytes)
            }
        } catch {
            // The system may drop what it could not write, and call the next sync a success.
            files.state.withLock { state in
                guard state.changesLeft >= 0, let bytes = state.tree.file(node) else { return }
                state.tree.unsynced.failedToSynchronize(node, bytes)
            }
            throw error
        }
    }

    func synchronizeName() throws(SystemError) {
        try files.perform(.synchronizeFolder, path.parent) { state throws(FakeTree.Refusal) in
            if let folder = try state.tree.locate(path.parent, following: true).node {
                state.tree.unsynced.synchronizedFolder(folder)
            }
        }
        hasDurableName.store(true, ordering: .relaxed)
    }

    func truncate(to length: Int) throws(SystemError) {
        try files.perform(.truncate, path) { $0.tree.write(.truncate(length), to: node) }
    }
}
